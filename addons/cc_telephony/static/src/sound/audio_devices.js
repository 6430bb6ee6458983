// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { browser } from "@web/core/browser/browser";

const KEY = "cc_phone.audio";
/** @typedef {"input"|"output"|"ring"} Use what a device is chosen for */
const USES = ["input", "output", "ring"];

/** What tests replace: a machine's devices. */
export const mediaDevices = {
    get all() {
        return window.navigator.mediaDevices;
    },
    get canChooseOutput() {
        return "setSinkId" in HTMLMediaElement.prototype;
    },
};

/**
 * Which microphone, headset and loudspeaker this browser uses, remembered for the machine it runs on.
 *
 * A device is remembered by id and by name: browsers hand out new ids when their data is cleared. A
 * device that is not plugged in is passed over for the machine's default, and taken again when it is
 * back.
 */
export class AudioDevices {
    constructor() {
        /** @type {{id: string, label: string}[]} */
        this.inputs = [];
        this.outputs = [];
        this.chosen = this._remembered();
        /** @type {(use: Use) => void} called when another device is to be used from now on */
        this.onChange = () => {};
        this._forget = () => {};
    }

    get canChooseOutput() {
        return mediaDevices.canChooseOutput;
    }

    /**
     * Follows what is plugged in and what other tabs choose, until `stop()`. To be called on the
     * reactive object, so that components see it.
     */
    start() {
        const onDevices = () => this.refresh();
        const onStorage = ({ key }) => {
            if (key === KEY) {
                this._adopt(this._remembered());
            }
        };
        this._forget();
        mediaDevices.all?.addEventListener?.("devicechange", onDevices);
        browser.addEventListener("storage", onStorage);
        this._forget = () => {
            mediaDevices.all?.removeEventListener?.("devicechange", onDevices);
            browser.removeEventListener("storage", onStorage);
        };
        return this.refresh();
    }

    stop() {
        this._forget();
        this._forget = () => {};
    }

    /** Reads anew what is plugged in; names are there only once the microphone was allowed. */
    async refresh() {
        let found = [];
        try {
            found = (await mediaDevices.all?.enumerateDevices?.()) || [];
        } catch {
            // No list: the machine's default devices still work.
        }
        const before = USES.map((use) => this.idOf(use));
        const named = (kind) =>
            found
                .filter(
                    (device) =>
                        device.kind === kind &&
                        device.deviceId &&
                        !["default", "communications"].includes(device.deviceId)
                )
                .map(({ deviceId, label }, index) => ({
                    id: deviceId,
                    label: label || String(index + 1),
                }));
        this.inputs = named("audioinput");
        this.outputs = named("audiooutput");
        USES.forEach((use, index) => {
            if (this.idOf(use) !== before[index]) {
                this.onChange(use);
            }
        });
    }

    /** @param {Use} use */
    optionsOf(use) {
        return use === "input" ? this.inputs : this.outputs;
    }

    /**
     * @param {Use} use
     * @returns {string} id of the device that is in use, empty for the machine's default
     */
    idOf(use) {
        const wish = this.chosen[use];
        if (!wish) {
            return "";
        }
        const options = this.optionsOf(use);
        const device =
            options.find(({ id }) => id === wish.id) ||
            options.find(({ label }) => label === wish.label);
        return device?.id || "";
    }

    /** @returns {string|null} name of a chosen device that is not plugged in */
    missing(use) {
        const wish = this.chosen[use];
        return wish && !this.idOf(use) ? wish.label : null;
    }

    /**
     * @param {Use} use
     * @param {string} id empty for the machine's default
     */
    choose(use, id) {
        const device = this.optionsOf(use).find((option) => option.id === id);
        const chosen = { ...this.chosen, [use]: device ? { ...device } : null };
        browser.localStorage.setItem(KEY, JSON.stringify(chosen));
        this._adopt(chosen);
    }

    /** @returns {MediaTrackConstraints} what to ask the microphone with */
    get constraints() {
        const id = this.idOf("input");
        return {
            echoCancellation: true,
            noiseSuppression: true,
            autoGainControl: true,
            ...(id ? { deviceId: { exact: id } } : {}),
        };
    }

    _adopt(chosen) {
        const before = USES.map((use) => this.idOf(use));
        this.chosen = chosen;
        USES.forEach((use, index) => {
            if (this.idOf(use) !== before[index]) {
                this.onChange(use);
            }
        });
    }

    _remembered() {
        try {
            const stored = JSON.parse(browser.localStorage.getItem(KEY) || "{}");
            return Object.fromEntries(
                USES.map((use) => [use, typeof stored[use]?.id === "string" ? stored[use] : null])
            );
        } catch {
            return { input: null, output: null, ring: null };
        }
    }
}
