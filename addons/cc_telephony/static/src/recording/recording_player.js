// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

export const SPEEDS = [1, 1.25, 1.5, 2];

/** Only one recording is heard at a time on a page. */
let playing = null;

/** @returns {string} `m:ss` of a number of seconds */
export function formatTime(seconds) {
    const whole = Math.max(0, Math.floor(seconds || 0));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * Plays one recording: play, seek, speed. Nothing is fetched before the first press of play, since
 * fetching is what the listening log counts.
 */
export class RecordingPlayer extends Component {
    static template = "cc_telephony.RecordingPlayer";
    static props = {
        url: String,
        /** length in seconds as the PBX told it, until the file itself is known */
        duration: { type: Number, optional: true },
        channels: { type: Number, optional: true },
        compact: { type: Boolean, optional: true },
        part: { type: Number, optional: true },
        /** of what else than the call, e.g. "Consultation with Ben" */
        title: { type: String, optional: true },
        consult: { type: Boolean, optional: true },
    };

    setup() {
        this.audio = useRef("audio");
        this.speeds = SPEEDS;
        this.state = useState({
            src: "",
            isPlaying: false,
            isOpen: !this.props.compact,
            isBroken: false,
            time: 0,
            duration: this.props.duration || 0,
            speed: 1,
        });
        onWillUnmount(() => {
            if (playing === this) {
                playing = null;
            }
        });
    }

    get label() {
        if (this.state.isPlaying) {
            return _t("Pause");
        }
        const { title } = this.props;
        return title ? _t("Play the recording: %(title)s", { title }) : _t("Play the recording");
    }

    get channelsText() {
        return this.props.consult
            ? _t("Agent left · consulted party right")
            : _t("Customer left · agent right");
    }

    get channelsTitle() {
        return this.props.consult
            ? _t("Two channels: agent on the left, consulted party on the right")
            : _t("Two channels: customer on the left, agent on the right");
    }

    get timeText() {
        return `${formatTime(this.state.time)} / ${formatTime(this.state.duration)}`;
    }

    get seekText() {
        return _t("%(now)s of %(whole)s", {
            now: formatTime(this.state.time),
            whole: formatTime(this.state.duration),
        });
    }

    async toggle() {
        const audio = this.audio.el;
        if (this.state.isPlaying) {
            audio.pause();
            return;
        }
        this._begin(audio);
        try {
            await audio.play();
        } catch (error) {
            if (error.name !== "AbortError") {
                this.onError();
            }
        }
    }

    /** The first press makes the address, with a mark of its own: one listening in the log. */
    _begin(audio) {
        if (playing && playing !== this) {
            playing.audio.el?.pause();
        }
        playing = this;
        this.state.isOpen = true;
        this.state.isBroken = false;
        if (!this.state.src) {
            const mark = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
            this.state.src = `${this.props.url}?listen=${mark}`;
            audio.src = this.state.src;
        }
        audio.playbackRate = this.state.speed;
    }

    onTime() {
        this.state.time = this.audio.el.currentTime;
    }

    onMetadata() {
        const { duration } = this.audio.el;
        if (Number.isFinite(duration)) {
            this.state.duration = duration;
        }
        this.audio.el.playbackRate = this.state.speed;
        if (this.state.time) {
            this.audio.el.currentTime = this.state.time;
        }
    }

    onError() {
        this.state.isBroken = true;
        this.state.isPlaying = false;
        // The next press asks anew.
        this.state.src = "";
    }

    onSeek(ev) {
        this.state.time = Number(ev.target.value);
        if (this.state.src && this.audio.el.readyState > 0) {
            this.audio.el.currentTime = this.state.time;
        }
    }

    onSpeed(ev) {
        this.state.speed = Number(ev.target.value);
        this.audio.el.playbackRate = this.state.speed;
    }

    /** Space and the arrows: the range input knows arrows itself, by its step. */
    onKey(ev) {
        if (ev.key === " " || ev.key === "k") {
            ev.preventDefault();
            ev.stopPropagation();
            this.toggle();
        }
    }

    onEnded() {
        this.state.isPlaying = false;
        // Played again, it is another listening.
        this.state.src = "";
        this.state.time = 0;
    }
}
