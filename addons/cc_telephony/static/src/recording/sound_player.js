// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillUnmount, useRef, useState } from "@odoo/owl";

/** Only one recording is heard at a time on a page. */
let playing = null;

/** @returns {string} `m:ss` of a number of seconds */
export function formatTime(seconds) {
    const whole = Math.max(0, Math.floor(seconds || 0));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * What players of a recording share: play, seek, speed. Nothing is fetched before the first press of play,
 * since fetching is what the listening log counts.
 */
export class SoundPlayer extends Component {
    static speeds = [1, 1.25, 1.5, 2];

    setup() {
        this.audio = useRef("audio");
        this.speeds = this.constructor.speeds;
        this.state = useState({
            src: "",
            isPlaying: false,
            isBroken: false,
            time: 0,
            duration: this.source.duration || 0,
            speed: 1,
        });
        onWillUnmount(() => {
            if (playing === this) {
                playing = null;
            }
        });
    }

    /** @returns {{url: String, duration: Number|undefined}} length in seconds as the PBX told it */
    get source() {
        return this.props;
    }

    get timeText() {
        return `${formatTime(this.state.time)} / ${formatTime(this.state.duration)}`;
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
        this.state.isBroken = false;
        if (!this.state.src) {
            const mark = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
            this.state.src = `${this.source.url}?listen=${mark}`;
            audio.src = this.state.src;
        }
        audio.playbackRate = this.state.speed;
    }

    seek(time) {
        this.state.time = time;
        if (this.state.src && this.audio.el.readyState > 0) {
            this.audio.el.currentTime = time;
        }
    }

    onSeek(ev) {
        this.seek(Number(ev.target.value));
    }

    onSpeed(ev) {
        this.setSpeed(Number(ev.target.value));
    }

    setSpeed(speed) {
        this.state.speed = speed;
        this.audio.el.playbackRate = speed;
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
        if (!this.state.src) {
            // nothing was asked for: an element that is being taken away says so too
            return;
        }
        this.state.isBroken = true;
        this.state.isPlaying = false;
        // The next press asks anew.
        this.state.src = "";
    }

    onEnded() {
        this.state.isPlaying = false;
    }
}
