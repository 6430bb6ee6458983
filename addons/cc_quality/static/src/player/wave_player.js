// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { onMounted, onWillUnmount, useRef } from "@odoo/owl";
import { SoundPlayer, formatTime } from "@cc_telephony/recording/sound_player";
import { loadJS } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { _t } from "@web/core/l10n/translation";

const LIB = "/cc_quality/static/lib/wavesurfer/wavesurfer.min.js";
const CUSTOMER = "#0d6efd";
const AGENT = "#198754";
/** Flat lines, where no waveform was computed: the file is never decoded in the browser. */
const FLAT = [0, 0];

/**
 * Plays a recording with its waveform, which comes from the server: two channels apart, marks in time.
 */
export class WavePlayer extends SoundPlayer {
    static speeds = [0.75, 1, 1.25, 1.5, 2];
    static template = "cc_quality.WavePlayer";
    static props = {
        recording: Object,
        marks: Array,
        canMark: Boolean,
        onMark: Function,
        onRemoveMark: Function,
        /** gets this component, for keys of the page */
        onReady: { type: Function, optional: true },
    };

    setup() {
        super.setup();
        this.wave = useRef("wave");
        this.state.side = "both";
        this.surfer = null;
        this.isGone = false;
        onMounted(() => {
            this.props.onReady?.(this);
            this._draw();
        });
        onWillUnmount(() => {
            this.isGone = true;
            this.surfer?.destroy();
            this.audioContext?.close();
            this.audio.el?.pause();
            this.audio.el?.removeAttribute("src");
            this.audio.el?.load();
        });
    }

    get source() {
        return this.props.recording;
    }

    get isStereo() {
        return this.props.recording.channels === 2;
    }

    get sides() {
        const { consult } = this.props.recording;
        return [
            { id: "both", label: _t("Both") },
            { id: "left", label: consult ? _t("Agent") : _t("Customer") },
            { id: "right", label: consult ? _t("Person asked") : _t("Agent") },
        ];
    }

    get markDots() {
        const whole = this.state.duration || 1;
        const words = this.props.recording.words.map((word) => ({
            ...word,
            key: `w${word.at_s}-${word.text}`,
            cls: word.required ? "o_cc_quality_word_required" : "o_cc_quality_word_forbidden",
        }));
        return [
            ...words,
            ...this.props.marks.map((mark) => ({ ...mark, key: mark.id, cls: "" })),
        ].map((mark) => ({
            ...mark,
            style: `left: ${Math.min(100, (100 * mark.at_s) / whole)}%`,
            label: `${formatTime(mark.at_s)} ${mark.text}`.trim(),
        }));
    }

    sideOf(line) {
        return `${formatTime(line.start)} ${this.sides[line.channel ? 2 : 1].label}`;
    }

    async _draw() {
        await loadJS(LIB);
        if (this.isGone) {
            return;
        }
        const { peaks, duration } = this.props.recording;
        const isDark = cookie.get("color_scheme") === "dark";
        const channel = (waveColor, progressColor) => ({ waveColor, progressColor });
        const isSplit = this.isStereo && peaks;
        this.surfer = window.WaveSurfer.create({
            container: this.wave.el,
            media: this.audio.el,
            peaks: peaks || [FLAT],
            duration: duration || 1,
            height: isSplit ? 44 : 60,
            cursorColor: isDark ? "#fff" : "#212529",
            ...channel("#adb5bd", "#495057"),
            splitChannels: isSplit
                ? [channel("#9ec5fe", CUSTOMER), channel("#a3cfbb", AGENT)]
                : undefined,
        });
        this.surfer.on("interaction", (time) => this.seek(time));
    }

    _begin(audio) {
        super._begin(audio);
        this.audioContext?.resume();
    }

    seek(time) {
        super.seek(Math.max(0, Math.min(time, this.state.duration || time)));
        this.surfer?.setTime?.(this.state.time);
    }

    skip(seconds) {
        this.seek(this.state.time + seconds);
    }

    faster(step) {
        const index = this.speeds.indexOf(this.state.speed) + step;
        this.setSpeed(this.speeds[Math.max(0, Math.min(this.speeds.length - 1, index))]);
    }

    /** One side alone comes out of both loudspeakers. */
    setSide(side) {
        this.state.side = side;
        if (!this.audioContext) {
            this.audioContext = new AudioContext();
            const source = this.audioContext.createMediaElementSource(this.audio.el);
            const splitter = this.audioContext.createChannelSplitter(2);
            const merger = this.audioContext.createChannelMerger(2);
            source.connect(splitter);
            this.gains = { left: [], right: [] };
            for (const [name, output] of [
                ["left", 0],
                ["right", 1],
            ]) {
                for (const input of [0, 1]) {
                    const gain = this.audioContext.createGain();
                    splitter.connect(gain, output);
                    gain.connect(merger, 0, input);
                    this.gains[name].push(gain);
                }
            }
            merger.connect(this.audioContext.destination);
        }
        this.audioContext.resume();
        for (const [name, own] of [
            ["left", 0],
            ["right", 1],
        ]) {
            this.gains[name].forEach((gain, input) => {
                const isHeard = side === "both" ? input === own : side === name;
                gain.gain.value = isHeard ? 1 : 0;
            });
        }
    }

    mark() {
        this.props.onMark(this.props.recording.id, Math.round(this.state.time * 10) / 10);
    }
}
