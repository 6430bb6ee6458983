// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

/* global JsSIP */

import { loadJS } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { qualityBetween, readStats } from "../sound/call_quality";
import { microphoneWords, sipWords } from "./phone_words";

/** Candidates that come later than this don't delay the answer, ms. */
const ICE_PATIENCE = 500;
/**
 * A page in the background wakes only once a minute: it registers anew at half the time, so that even
 * a minute late is in time. s
 */
const REGISTER_EXPIRES = 300;
const REGISTER_PERIOD = 120;
/** How often a call's sound is looked at, ms. */
const QUALITY_PERIOD = 2000;
/** After so many looks at a call that has no way for its sound yet another way is offered. */
const SOUNDLESS_LOOKS = 2;

/**
 * @typedef {{
 *  id: string,
 *  callUid: string|null,
 *  state: "ringing"|"talking"|"ended",
 *  auto: boolean,
 *  muted: boolean,
 * }} SipSession
 *
 * @typedef {{
 *  onStatus: (status: "connecting"|"registered"|"failed", problem: string|null) => void,
 *  onSession: (session: SipSession) => void,
 *  onDenied: () => void,
 *  onProblem: (words: string) => void,
 *  onSound: (blocked: boolean) => void,
 *  onQuality: (id: string, quality: object|null) => void,
 * }} SipHandlers
 */

/**
 * @param {object} request an INVITE
 * @returns {boolean} whether the PBX asks this phone to answer by itself
 */
export function wantsAutoAnswer(request) {
    const alert = request.getHeader("Alert-Info") || "";
    const info = request.getHeader("Call-Info") || "";
    return /auto-?answer|answer-after\s*=\s*0/i.test(`${alert} ${info}`);
}

/** The browser phone: a SIP user agent over a WebSocket with the sound of one headset. */
export class SipClient {
    /**
     * @param {{ws: string, extension: string, secret: string, realm: string, ice: object[]}} config
     * @param {SipHandlers} handlers
     * @param {import("../sound/audio_devices").AudioDevices} devices
     */
    constructor(config, handlers, devices) {
        this.config = config;
        this.handlers = handlers;
        this.devices = devices;
        this.ua = null;
        this.sessions = new Map();
        this.stopped = false;
        /** the browser told that it may not listen any more */
        this.isDenied = false;
        this.audio = null;
        this.timers = new Map();
    }

    /** Asks for the microphone, then registers. Problems go to `onStatus` in words. */
    async start() {
        this.handlers.onStatus("connecting", null);
        try {
            await this._checkMicrophone();
        } catch (error) {
            this.handlers.onStatus("failed", microphoneWords(error));
            this.handlers.onDenied();
            return;
        }
        try {
            await loadJS("/cc_telephony/static/lib/jssip/jssip.min.js");
        } catch {
            this.handlers.onStatus("failed", sipWords({ what: "library" }));
            return;
        }
        if (this.stopped) {
            return;
        }
        const { ws, extension, secret, realm } = this.config;
        const scheme = window.location.protocol === "https:" ? "wss" : "ws";
        const url = ws.startsWith("ws") ? ws : `${scheme}://${window.location.host}${ws}`;
        this.ua = new JsSIP.UA({
            sockets: [new JsSIP.WebSocketInterface(url)],
            uri: `sip:${extension}@${realm || window.location.hostname}`,
            authorization_user: extension,
            password: secret,
            register: true,
            register_expires: REGISTER_EXPIRES,
            session_timers: false,
            connection_recovery_min_interval: 1,
            connection_recovery_max_interval: 15,
        });
        this.ua.on("disconnected", (event) => {
            if (!this.stopped && event?.error !== false) {
                this.handlers.onStatus("failed", sipWords({ what: "connection" }));
            }
        });
        this.ua.on("registered", () => {
            if (this.isDenied) {
                this.ua.unregister();
            } else {
                this.handlers.onStatus("registered", null);
            }
        });
        this._refresh = browser.setInterval(() => {
            if (!this.isDenied && this.ua?.isConnected()) {
                this.ua.register();
            }
        }, REGISTER_PERIOD * 1000);
        this.ua.on("registrationFailed", ({ response, cause }) => {
            this.handlers.onStatus(
                "failed",
                sipWords({ what: "registration", status: response?.status_code, cause })
            );
        });
        this.ua.on("newRTCSession", ({ originator, session, request }) => {
            if (originator === "remote") {
                this._onInvite(session, request);
            }
        });
        this.ua.start();
        this._watchPermission();
    }

    /** Unregisters and closes; the PBX ends what was under way. */
    stop() {
        this.stopped = true;
        browser.clearInterval(this._refresh);
        this._permission?.removeEventListener("change", this._onPermission);
        for (const id of this.timers.keys()) {
            this._stopWatching(id);
        }
        this.ua?.stop();
        this.ua = null;
        this.audio?.remove();
        this.audio = null;
    }

    answer(id) {
        this.sessions.get(id)?.answer({
            mediaConstraints: { audio: this.devices.constraints, video: false },
            pcConfig: { iceServers: this.config.ice || [] },
        });
    }

    reject(id) {
        this.sessions.get(id)?.terminate({ status_code: 603, reason_phrase: "Decline" });
    }

    hangup(id) {
        this.sessions.get(id)?.terminate();
    }

    mute(id, on) {
        const session = this.sessions.get(id);
        if (on) {
            session?.mute({ audio: true });
        } else {
            session?.unmute({ audio: true });
        }
    }

    async _checkMicrophone() {
        const devices = window.navigator.mediaDevices;
        if (!devices?.getUserMedia) {
            throw Object.assign(new Error("no microphone"), { name: "InsecureContext" });
        }
        // Asked now and not when the first call rings: the question takes longer than a ring.
        const stream = await devices.getUserMedia({ audio: this.devices.constraints });
        stream.getTracks().forEach((track) => track.stop());
        // Their names are told only now.
        await this.devices.refresh();
    }

    /** A microphone that is taken away while the agent waits for calls is told now, not when one rings. */
    async _watchPermission() {
        try {
            this._permission = await window.navigator.permissions.query({ name: "microphone" });
        } catch {
            return; // not every browser tells
        }
        this._onPermission = () => this._allow(this._permission.state !== "denied");
        this._permission.addEventListener("change", this._onPermission);
    }

    /** Where nobody could be heard nothing rings; a call that is on goes on as long as it can. */
    _allow(isAllowed) {
        if (this.stopped || !this.ua || isAllowed !== this.isDenied) {
            return;
        }
        this.isDenied = !isAllowed;
        if (isAllowed) {
            this.ua.register();
        } else {
            this.ua.unregister();
            this.handlers.onStatus("failed", microphoneWords({ name: "NotAllowedError" }));
            this.handlers.onDenied();
        }
    }

    /** Another microphone or headset was chosen, plugged in or pulled out: calls go on with it. */
    async useDevice(use) {
        if (use === "output") {
            await this._route();
        } else if (use === "input") {
            for (const session of this.sessions.values()) {
                if (session.connection && session.isEstablished()) {
                    await this._changeMicrophone(session);
                }
            }
        }
    }

    async _changeMicrophone(session) {
        const sender = session.connection.getSenders().find(({ track }) => track?.kind === "audio");
        if (!sender) {
            return;
        }
        try {
            const stream = await window.navigator.mediaDevices.getUserMedia({
                audio: this.devices.constraints,
            });
            const [track] = stream.getAudioTracks();
            const before = sender.track;
            track.enabled = before.enabled;
            await sender.replaceTrack(track);
            before.stop();
            this._watchMicrophone(session, track);
        } catch (error) {
            this.handlers.onProblem(microphoneWords(error));
        }
    }

    /** A headset that is pulled out in a call takes its microphone along: the default one steps in. */
    _watchMicrophone(session, track) {
        track.addEventListener("ended", async () => {
            await this.devices.refresh();
            if (session.isEstablished()) {
                await this._changeMicrophone(session);
            }
        });
    }

    _onInvite(session, request) {
        const id = session.id;
        const auto = wantsAutoAnswer(request);
        const callUid = request.getHeader("X-CC-Call") || null;
        this.sessions.set(id, session);
        const tell = (state, muted = false) =>
            this.handlers.onSession({ id, callUid, state, auto, muted });
        session.on("peerconnection", ({ peerconnection }) => {
            peerconnection.addEventListener("track", ({ streams, track }) =>
                this._play(streams[0] || new MediaStream([track]))
            );
        });
        let iceTimer = null;
        session.on("icecandidate", ({ ready }) => {
            // Without this a slow STUN server delays every answer by many seconds.
            iceTimer =
                iceTimer ||
                setTimeout(() => {
                    iceTimer = null;
                    ready();
                }, ICE_PATIENCE);
        });
        session.on("accepted", () => {
            tell("talking");
            this._watch(id, session);
        });
        session.on("muted", () => tell("talking", true));
        session.on("unmuted", () => tell("talking", false));
        session.on("getusermediafailed", (error) =>
            this.handlers.onProblem(microphoneWords(error))
        );
        session.on("ended", () => this._over(id, tell));
        session.on("failed", ({ originator, cause, message }) => {
            const harmless = ["Canceled", "Rejected", "Busy", "Terminated", "No Answer"];
            if (originator !== "remote" && !harmless.includes(cause)) {
                this.handlers.onProblem(
                    sipWords({ what: "call", status: message?.status_code, cause })
                );
            }
            this._over(id, tell);
        });
        tell("ringing");
    }

    /** Looks at the sound of a call until it is over. */
    _watch(id, session) {
        const track = session.connection?.getSenders().find((sender) => sender.track)?.track;
        if (track) {
            this._watchMicrophone(session, track);
        }
        let before = null;
        let [isReached, looks] = [false, 0];
        const look = async () => {
            const { connection } = session;
            if (!connection || connection.signalingState === "closed") {
                return;
            }
            isReached ||= !["new", "connecting", "failed"].includes(connection.connectionState);
            if (!isReached && ++looks % SOUNDLESS_LOOKS === 0) {
                // A PBX that heard of no candidate of use in the answer begins no checks: our offer has them all.
                session.renegotiate({ rtcOfferConstraints: { iceRestart: true } });
            }
            const report = await connection.getStats();
            const now = readStats(report.values(), Date.now());
            if (before && this.sessions.has(id)) {
                this.handlers.onQuality(id, qualityBetween(before, now));
            }
            before = now;
        };
        this.timers.set(id, browser.setInterval(look, QUALITY_PERIOD));
    }

    _stopWatching(id) {
        browser.clearInterval(this.timers.get(id));
        this.timers.delete(id);
        this.handlers.onQuality(id, null);
    }

    _over(id, tell) {
        this._stopWatching(id);
        if (this.sessions.delete(id)) {
            tell("ended");
        }
        if (!this.sessions.size && this.audio) {
            this.audio.srcObject = null;
        }
    }

    _play(stream) {
        if (!this.audio) {
            this.audio = document.createElement("audio");
            this.audio.autoplay = true;
            this.audio.classList.add("d-none", "o_cc_remote_audio");
            document.body.appendChild(this.audio);
        }
        this.audio.srcObject = stream;
        this._route();
        this.audio.play().then(
            () => this.handlers.onSound(false),
            (error) => this.handlers.onSound(error.name === "NotAllowedError")
        );
    }

    /** Lets the chosen headset speak. */
    async _route() {
        if (!this.audio || !this.devices.canChooseOutput) {
            return;
        }
        try {
            await this.audio.setSinkId(this.devices.idOf("output"));
        } catch {
            // The headset went away in this moment: the machine's default goes on.
            await this.audio.setSinkId("").catch(() => {});
        }
    }

    /** To be called from a click when the browser kept the sound back. */
    unlockSound() {
        this.audio?.play().then(
            () => this.handlers.onSound(false),
            () => {}
        );
    }
}

/** Tests put a phone without a network here. */
export const sipFactory = {
    create: (config, handlers, devices) => new SipClient(config, handlers, devices),
};
