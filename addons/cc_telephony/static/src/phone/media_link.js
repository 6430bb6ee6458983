// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";
import { markRaw } from "@odoo/owl";
import { AudioDevices } from "../sound/audio_devices";
import { NO_TAB_WORDS, NOT_HERE_WORDS, microphoneWords } from "./phone_words";
import { RingTone } from "./ring_tone";
import { sipFactory } from "./sip_client";

export const LOCK = "cc_phone";
/** How long another tab may take to say that it has heard, ms. */
const TAB_PATIENCE = 1000;
/** How long an answered call may take to reach this browser, ms. */
const INVITE_PATIENCE = 4000;
/** How often the clock is looked at, and what jump of it means that the machine slept, ms. */
const WAKE_PERIOD = 2000;
const SLEPT = 90_000;
const SLEPT_IN_CALL = 20_000;

/** What tests replace: the browser has one set of locks for all tests. */
export const tabLocks = {
    get available() {
        return Boolean(window.navigator.locks);
    },
    request: (options, callback) => window.navigator.locks.request(LOCK, options, callback),
};

/**
 * The sound of the calls, over several tabs. One tab of this browser holds the Web Lock `cc_phone`
 * and with it the SIP client; the others follow over a BroadcastChannel and ask it to act. When the
 * holder is closed the browser gives the lock to the next tab, which registers again.
 *
 * `sessions` are SIP sessions as the holder sees them; they say what this phone does, never what a
 * call's state is: that comes by facts.
 */
export class MediaLink {
    constructor() {
        /** @type {"off"|"connecting"|"registered"|"failed"} */
        this.status = "off";
        this.problem = null;
        this.holder = false;
        this.soundBlocked = false;
        /** this tab's phone has no microphone, so that nobody could be heard */
        this.isDenied = false;
        /** @type {import("./sip_client").SipSession[]} */
        this.sessions = [];
        /** Quality of the sound of each talking session, by its id; see `call_quality.js`. */
        this.quality = {};
        this.devices = new AudioDevices();
        this.tone = markRaw(new RingTone(this.devices));
        this._asked = markRaw(new Map());
        this._client = null;
        this._channel = null;
        this._stop = null;
        this._wanted = [];
        /** @type {(words: string) => void} */
        this.onProblem = () => {};
        /** @type {() => void} */
        this.onDenied = () => {};
    }

    get running() {
        return Boolean(this._stop);
    }

    get ringing() {
        return this.sessions.filter((session) => session.state === "ringing" && !session.auto);
    }

    /** @param {object} config `sip` of `my_phone()` */
    start(config) {
        if (this.running) {
            return;
        }
        this.status = "connecting";
        this.problem = null;
        if (!tabLocks.available) {
            this.status = "failed";
            this.problem = microphoneWords({ name: "InsecureContext" });
            return;
        }
        const abort = new AbortController();
        let release = () => {};
        this._stop = () => {
            abort.abort();
            release();
        };
        this._channel = markRaw(new BroadcastChannel(LOCK));
        this._channel.onmessage = ({ data }) => this._onMessage(data);
        this.devices.onChange = (use) => this._onDevice(use);
        this.devices.start();
        this._watchSleep();
        tabLocks
            .request({ signal: abort.signal }, () => {
                if (abort.signal.aborted) {
                    return;
                }
                this._hold(config);
                return new Promise((resolve) => {
                    release = resolve;
                });
            })
            .catch((error) => {
                if (error.name !== "AbortError") {
                    throw error;
                }
            });
        this._post({ type: "hello" });
    }

    stop() {
        const stop = this._stop;
        this._stop = null;
        this.tone.stop();
        this._client?.stop();
        this._client = null;
        browser.clearInterval(this._awake);
        this.devices.stop();
        this.holder = false;
        this.isDenied = false;
        this.sessions = [];
        this.quality = {};
        this.status = "off";
        this.problem = null;
        this._channel?.close();
        this._channel = null;
        stop?.();
    }

    /**
     * @param {"answer"|"reject"|"hangup"|"mute"} action
     * @param {object} call its card, or a SIP session that no card has come for yet
     * @param {boolean} [on] for mute
     * @returns {Promise<void>} rejected with words when it can't be done
     */
    async act(action, call, on) {
        const callUid = call.call_uid || call.callUid || null;
        if (this.holder) {
            return this._actHere(action, callUid, on);
        }
        const id = `${Date.now()}-${Math.random()}`;
        return new Promise((resolve, reject) => {
            const timer = browser.setTimeout(() => {
                this._asked.delete(id);
                reject(new Error(NO_TAB_WORDS.toString()));
            }, TAB_PATIENCE);
            this._asked.set(id, { resolve, reject, timer });
            this._post({ type: "act", id, action, callUid, on });
        });
    }

    unlockSound() {
        this.tone.unlock();
        this._client?.unlockSound?.();
    }

    // --- the tab that holds the phone ---------------------------------------------------------

    _hold(config) {
        this.holder = true;
        // What the tab that held the phone before had said ended with it.
        this.sessions = [];
        this.quality = {};
        this._config = config;
        this._register();
    }

    _register() {
        this._client = markRaw(
            sipFactory.create(
                this._config,
                {
                    onStatus: (status, problem) => {
                        if (this.running) {
                            this.status = status;
                            this.problem = problem;
                            this.isDenied &&= status !== "registered";
                            this._share();
                        }
                    },
                    onDenied: () => {
                        this.isDenied = this.running;
                        this.onDenied();
                    },
                    onSession: (session) => this._onSession(session),
                    onProblem: (words) => this.onProblem(words),
                    onSound: (blocked) => {
                        this.soundBlocked = blocked;
                    },
                    onQuality: (id, quality) => this._onQuality(id, quality),
                },
                this.devices
            )
        );
        this._client.start();
    }

    /** @param {import("../sound/audio_devices").Use} use */
    _onDevice(use) {
        if (use === "ring") {
            this.tone.route();
        }
        this._client?.useDevice?.(use);
    }

    _onQuality(id, quality) {
        const others = Object.entries(this.quality).filter(([other]) => other !== id);
        this.quality = Object.fromEntries(quality ? [...others, [id, quality]] : others);
        this._share();
    }

    /**
     * A laptop that slept has lost its connections without hearing of it: the phone registers anew, and
     * the PBX calls it back into a call that still waits.
     */
    _watchSleep() {
        let last = Date.now();
        this._awake = browser.setInterval(() => {
            const now = Date.now();
            const talking = this.sessions.some((session) => session.state === "talking");
            const slept = now - last > (talking ? SLEPT_IN_CALL : SLEPT);
            last = now;
            if (slept && this.holder) {
                this.restart();
            }
        }, WAKE_PERIOD);
    }

    /** Gives the phone up and registers it anew, in the tab that holds it. */
    restart() {
        if (!this.holder) {
            return;
        }
        this.tone.stop();
        this._client?.stop();
        this.sessions = [];
        this.quality = {};
        this.status = "connecting";
        this.problem = null;
        this._register();
        this._share();
    }

    _onSession(session) {
        if (!this.running) {
            return;
        }
        const known = this.sessions.find((other) => other.id === session.id);
        const shown = { ...session, auto: session.auto || Boolean(known?.auto) };
        this.sessions = this.sessions.filter((other) => other.id !== session.id);
        if (session.state !== "ended") {
            this.sessions.push(shown);
        }
        if (session.state === "ringing" && shown.auto) {
            this._client.answer(session.id);
        } else if (session.state === "ringing") {
            const wanted = this._wanted.shift();
            if (wanted) {
                browser.clearTimeout(wanted.timer);
                this._actHere(wanted.action, wanted.callUid).then(wanted.resolve, wanted.reject);
            }
        }
        if (this.ringing.length && !this.sessions.some((other) => other.state === "talking")) {
            this.tone.start();
        } else {
            this.tone.stop();
        }
        this._share();
    }

    /** The session of a call: by its id where the PBX gave one, else the only one that fits. */
    _find(callUid, state) {
        const fitting = this.sessions.filter((session) => session.state === state);
        return (
            fitting.find((session) => callUid && session.callUid === callUid) ||
            fitting.find((session) => !callUid || !session.callUid)
        );
    }

    async _actHere(action, callUid, on) {
        if (action === "answer" || action === "reject") {
            const session = this._find(callUid, "ringing");
            if (session) {
                this.tone.stop();
                return this._client[action](session.id);
            }
            // The fact was faster than the INVITE.
            return new Promise((resolve, reject) => {
                const wanted = { action, callUid, resolve, reject };
                wanted.timer = browser.setTimeout(() => {
                    this._wanted = this._wanted.filter((other) => other !== wanted);
                    reject(new Error(NOT_HERE_WORDS.toString()));
                }, INVITE_PATIENCE);
                this._wanted.push(wanted);
            });
        }
        const own = this.sessions.find((other) => other.state === "ringing" && other.auto);
        const session = this._find(callUid, "talking") || (action === "hangup" && own);
        if (!session) {
            throw new Error(NOT_HERE_WORDS.toString());
        }
        return action === "mute"
            ? this._client.mute(session.id, on)
            : this._client.hangup(session.id);
    }

    // --- between the tabs ---------------------------------------------------------------------

    _post(message) {
        this._channel?.postMessage(message);
    }

    _share() {
        this._post({
            type: "media",
            status: this.status,
            problem: this.problem && this.problem.toString(),
            sessions: this.sessions.map((session) => ({ ...session })),
            quality: Object.fromEntries(
                Object.entries(this.quality).map(([id, quality]) => [id, { ...quality }])
            ),
        });
    }

    async _onMessage(message) {
        if (message.type === "hello" && this.holder) {
            this._share();
        } else if (message.type === "media" && !this.holder) {
            this.status = message.status;
            this.problem = message.problem;
            this.sessions = message.sessions;
            this.quality = message.quality || {};
        } else if (message.type === "act" && this.holder) {
            const done = { type: "done", id: message.id, error: null };
            try {
                // Said before it is done: an INVITE that is still on its way takes longer.
                const acting = this._actHere(message.action, message.callUid, message.on);
                this._post({ type: "heard", id: message.id });
                await acting;
            } catch (error) {
                done.error = error.message;
            }
            this._post(done);
        } else if (message.type === "heard") {
            browser.clearTimeout(this._asked.get(message.id)?.timer);
        } else if (message.type === "done") {
            const asked = this._asked.get(message.id);
            if (asked) {
                this._asked.delete(message.id);
                browser.clearTimeout(asked.timer);
                message.error ? asked.reject(new Error(message.error)) : asked.resolve();
            }
        }
    }
}
