// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";

/** Two tones that are known as a ringing phone, Hz. */
const TONES = [440, 480];
/** One ring a period, ms. */
const PERIOD = 3000;
const RING_SECONDS = 1.2;

/**
 * Makes the ring tone itself: no file to fetch in the moment a call comes in.
 *
 * Browsers keep a page silent until the user has touched it; signing in is such a touch, so
 * `unlock()` is called there. `blocked` tells that it rings unheard.
 */
export class RingTone {
    /** @param {import("../sound/audio_devices").AudioDevices} [devices] where it rings */
    constructor(devices) {
        this.devices = devices;
        this.context = null;
        this.timer = null;
    }

    get blocked() {
        return Boolean(this.timer) && this.context?.state !== "running";
    }

    /** To be called from a click. */
    unlock() {
        const AudioContext = window.AudioContext || window.webkitAudioContext;
        if (!this.context && AudioContext) {
            this.context = new AudioContext();
            this.route();
        }
        this.context?.resume?.().catch(() => {});
    }

    /** Rings from the chosen loudspeaker, so that a headset on the desk is not missed. */
    async route() {
        try {
            await this.context?.setSinkId?.(this.devices?.idOf("ring") || "");
        } catch {
            // It is not plugged in now: the machine's default rings.
        }
    }

    /** One ring, to try the loudspeaker. */
    once() {
        this.unlock();
        this._ring();
    }

    start() {
        if (this.timer) {
            return;
        }
        this.unlock();
        this._ring();
        this.timer = browser.setInterval(() => this._ring(), PERIOD);
    }

    stop() {
        browser.clearInterval(this.timer);
        this.timer = null;
        this.gain?.disconnect();
        this.gain = null;
    }

    _ring() {
        const context = this.context;
        if (!context || context.state !== "running") {
            return;
        }
        const begin = context.currentTime;
        this.gain = context.createGain();
        // Soft edges, else each ring begins and ends with a click.
        this.gain.gain.setValueAtTime(0, begin);
        this.gain.gain.linearRampToValueAtTime(0.12, begin + 0.05);
        this.gain.gain.setValueAtTime(0.12, begin + RING_SECONDS - 0.1);
        this.gain.gain.linearRampToValueAtTime(0, begin + RING_SECONDS);
        this.gain.connect(context.destination);
        for (const frequency of TONES) {
            const oscillator = context.createOscillator();
            oscillator.frequency.value = frequency;
            oscillator.connect(this.gain);
            oscillator.start(begin);
            oscillator.stop(begin + RING_SECONDS);
        }
    }
}
