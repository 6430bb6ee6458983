// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { microphoneWords } from "../phone/phone_words";

/** What speech gives on the meter; louder is shown as full. */
const LOUD = 0.3;

/**
 * Microphone, headset and loudspeaker of this browser, each with a way to try it: a meter, a ring,
 * a call to the PBX's echo.
 */
export class SoundSettings extends Component {
    static template = "cc_telephony.SoundSettings";
    static props = { card: { optional: true } };

    setup() {
        this.phone = useService("cc_phone");
        this.state = useState({ meter: false, problem: "", notices: this.noticePermission });
        this.bar = useRef("bar");
        onWillStart(() => this.devices.refresh());
        onWillUnmount(() => this.stopMeter());
    }

    get devices() {
        return this.phone.media.devices;
    }

    get uses() {
        const uses = [{ key: "input", label: _t("Microphone"), icon: "fa-microphone" }];
        if (this.devices.canChooseOutput) {
            uses.push(
                { key: "output", label: _t("Headset"), icon: "fa-headphones" },
                { key: "ring", label: _t("Ring on"), icon: "fa-bell" }
            );
        }
        return uses.map((use) => ({
            ...use,
            options: this.devices.optionsOf(use.key),
            id: this.devices.idOf(use.key),
            missing: this.devices.missing(use.key),
        }));
    }

    /** @returns {"granted"|"denied"|"default"|"none"} */
    get noticePermission() {
        return browser.Notification?.permission || "none";
    }

    choose(use, id) {
        this.devices.choose(use, id);
        if (use === "input" && this.state.meter) {
            this.startMeter();
        }
    }

    async startMeter() {
        this.stopMeter();
        this.state.problem = "";
        try {
            this.stream = await window.navigator.mediaDevices.getUserMedia({
                audio: this.devices.constraints,
            });
        } catch (error) {
            this.state.problem = microphoneWords(error).toString();
            return;
        }
        this.context = new AudioContext();
        const analyser = this.context.createAnalyser();
        this.context.createMediaStreamSource(this.stream).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        const draw = () => {
            analyser.getFloatTimeDomainData(samples);
            const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
            const percent = Math.round(Math.min(1, peak / LOUD) * 100);
            if (this.bar.el) {
                this.bar.el.style.width = `${percent}%`;
                this.bar.el.parentElement.setAttribute("aria-valuenow", percent);
            }
            this.frame = browser.requestAnimationFrame(draw);
        };
        this.state.meter = true;
        draw();
    }

    stopMeter() {
        browser.cancelAnimationFrame(this.frame);
        this.stream?.getTracks().forEach((track) => track.stop());
        this.stream = null;
        this.context?.close();
        this.context = null;
        this.state.meter = false;
    }

    ring() {
        this.phone.media.tone.once();
    }

    async allowNotices() {
        await this.phone.notice.ask();
        this.state.notices = this.noticePermission;
    }

    /** The PBX calls this phone, says back what it hears; no call is logged. */
    echo() {
        return this.phone.echo();
    }
}

registry.category("cc_telephony.panels").add(
    "sound",
    {
        title: _t("Sound"),
        icon: "fa-headphones",
        Component: SoundSettings,
        always: true,
    },
    { sequence: 90 }
);
