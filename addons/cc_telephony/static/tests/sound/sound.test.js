// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { advanceTime, animationFrame, describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, select } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { AudioDevices, mediaDevices } from "@cc_telephony/sound/audio_devices";
import { opinionScore, qualityBetween, readStats } from "@cc_telephony/sound/call_quality";
import { SoundSettings } from "@cc_telephony/sound/sound_settings";
import { WebClient } from "@web/webclient/webclient";
import { answered, send, signedIn } from "../telephony_test_helpers";
import { waitFor, waitForNone } from "../patience";

describe.current.tags("desktop");
defineMailModels();

const KEY = "cc_phone.audio";

/** A machine with these devices: `[kind, id, label]`. */
function plugIn(...devices) {
    const machine = new EventTarget();
    machine.list = devices;
    machine.enumerateDevices = async () =>
        machine.list.map(([kind, deviceId, label]) => ({ kind, deviceId, label }));
    patchWithCleanup(mediaDevices, {
        get all() {
            return machine;
        },
        get canChooseOutput() {
            return true;
        },
    });
    return machine;
}

const reading = (more) => ({
    received: 0,
    lost: 0,
    jitter: 0,
    rtt: 0,
    micEnergy: 1,
    at: 0,
    ...more,
});

describe("quality", () => {
    test("a perfect line is the best a telephone gets, a dead one the worst", () => {
        expect(opinionScore({ rtt: 0, jitter: 0, loss: 0 })).toBeGreaterThan(4.3);
        expect(opinionScore({ rtt: 0, jitter: 0, loss: 0 })).toBeLessThan(4.5);
        expect(opinionScore({ rtt: 4000, jitter: 200, loss: 1 })).toBe(1);
    });

    test("loss, delay and jitter each make it worse", () => {
        const fine = opinionScore({ rtt: 50, jitter: 5, loss: 0 });
        expect(opinionScore({ rtt: 50, jitter: 5, loss: 0.02 })).toBeLessThan(fine);
        expect(opinionScore({ rtt: 500, jitter: 5, loss: 0 })).toBeLessThan(fine);
        expect(opinionScore({ rtt: 50, jitter: 60, loss: 0 })).toBeLessThan(fine);
    });

    test("what arrived between two looks is judged, not the whole call", () => {
        const before = reading({ received: 1000, lost: 900 });
        const good = qualityBetween(before, reading({ received: 1100, lost: 900, micEnergy: 2 }));
        expect(good.level).toBe("good");
        expect(good.loss).toBe(0);
        const poor = qualityBetween(before, reading({ received: 1080, lost: 920, micEnergy: 2 }));
        expect(poor.loss).toBe(0.2);
        expect(poor.level).toBe("poor");
        const none = qualityBetween(before, reading({ received: 1000, lost: 900, micEnergy: 2 }));
        expect(none.level).toBe("none");
    });

    test("a microphone that gives nothing is noticed, one that cannot be read is not accused", () => {
        const before = reading({ received: 0 });
        expect(qualityBetween(before, reading({ received: 100 })).micSilent).toBe(true);
        expect(qualityBetween(before, reading({ received: 100, micEnergy: 1.1 })).micSilent).toBe(
            false
        );
        expect(qualityBetween(before, reading({ received: 100, micEnergy: null })).micSilent).toBe(
            false
        );
    });

    test("only audio counts; seconds become milliseconds", () => {
        const stats = [
            {
                type: "inbound-rtp",
                kind: "audio",
                packetsReceived: 50,
                packetsLost: 2,
                jitter: 0.01,
            },
            {
                type: "inbound-rtp",
                kind: "video",
                packetsReceived: 900,
                packetsLost: 90,
                jitter: 1,
            },
            { type: "remote-inbound-rtp", kind: "audio", roundTripTime: 0.08 },
            { type: "media-source", kind: "audio", totalAudioEnergy: 0.5 },
        ];
        expect(readStats(stats, 7)).toEqual({
            received: 50,
            lost: 2,
            jitter: 10,
            rtt: 80,
            micEnergy: 0.5,
            at: 7,
        });
    });
});

describe("devices", () => {
    test("the machine's default is used until one is chosen; the choice is remembered", async () => {
        plugIn(["audioinput", "a", "Headset"], ["audiooutput", "b", "Loudspeaker"]);
        const devices = new AudioDevices();
        await devices.start();
        expect(devices.idOf("input")).toBe("");
        expect(devices.constraints.deviceId).toBe(undefined);
        devices.choose("input", "a");
        expect(devices.constraints.deviceId).toEqual({ exact: "a" });
        devices.stop();
        const later = new AudioDevices();
        await later.start();
        expect(later.idOf("input")).toBe("a");
        later.stop();
    });

    test("a headset that got another id is known by its name", async () => {
        localStorage.setItem(KEY, JSON.stringify({ input: { id: "old", label: "Headset" } }));
        plugIn(["audioinput", "new", "Headset"]);
        const devices = new AudioDevices();
        await devices.start();
        expect(devices.idOf("input")).toBe("new");
        devices.stop();
    });

    test("pulled out, the default steps in; plugged in again, it is taken again", async () => {
        const machine = plugIn(["audioinput", "a", "Headset"]);
        const devices = new AudioDevices();
        await devices.start();
        devices.choose("input", "a");
        const changes = [];
        devices.onChange = (use) => changes.push(use);
        machine.list = [];
        machine.dispatchEvent(new Event("devicechange"));
        await animationFrame();
        expect(devices.idOf("input")).toBe("");
        expect(devices.missing("input")).toBe("Headset");
        machine.list = [["audioinput", "a", "Headset"]];
        machine.dispatchEvent(new Event("devicechange"));
        await animationFrame();
        expect(devices.idOf("input")).toBe("a");
        expect(changes).toEqual(["input", "input"]);
        devices.stop();
    });

    test("rubbish in the browser's memory is no reason to fail", () => {
        for (const rubbish of ["{", '"x"', '{"input": 5}', "null"]) {
            localStorage.setItem(KEY, rubbish);
            expect(new AudioDevices().idOf("input")).toBe("");
        }
    });
});

describe("in the bar", () => {
    async function inCall() {
        const server = signedIn("on_call", { device: "browser", calls: [answered()] });
        await mountWithCleanup(WebClient);
        await waitFor(".o_cc_call_strip");
        server.sip.invite("s1", { callUid: "0190-a" });
        server.sip.answer("s1");
        return server;
    }

    test("the light says in words and bars how the line is, and goes with the call", async () => {
        const server = await inCall();
        const light = ".o_cc_quality";
        expect(light).toHaveCount(0);
        const quality = {
            level: "fair",
            score: 3.8,
            rtt: 90,
            jitter: 12,
            loss: 0.04,
            micSilent: false,
        };
        server.sip.handlers.onQuality("s1", quality);
        await waitFor(`${light}[data-level=fair]`);
        expect(`${light} .o_cc_on`).toHaveCount(2);
        expect(light).toHaveAttribute(
            "aria-label",
            /^Fair connection: score 3.8 of 4.4, 4% .* 90 ms/
        );
        server.sip.handlers.onQuality("s1", { ...quality, level: "none", micSilent: true });
        await waitFor(`${light}[data-level=none]`);
        expect(`${light} .o_cc_on`).toHaveCount(0);
        expect(".o_cc_mic_silent").toHaveCount(1);
        server.sip.handlers.onQuality("s1", null);
        await waitForNone(light);
    });

    test("a machine that slept registers its phone anew; one that did not keeps it", async () => {
        const server = signedIn("ready", { device: "browser" });
        await mountWithCleanup(WebClient);
        await waitFor(".o_cc_bar");
        await animationFrame();
        expect(server.sips).toHaveLength(1);
        await advanceTime(10_000);
        expect(server.sips).toHaveLength(1);
        const wakes = Date.now() + 3_600_000;
        patchWithCleanup(Date, { now: () => wakes });
        await advanceTime(2_500);
        expect(server.sips).toHaveLength(2);
        expect(server.sips[0].stopped).toBe(true);
        expect(server.sips[1].stopped).toBe(false);
    });

    test("devices are chosen by name; the echo is asked of the PBX", async () => {
        plugIn(
            ["audioinput", "a", "Headset microphone"],
            ["audioinput", "default", "Default"],
            ["audiooutput", "b", "Headset"],
            ["audiooutput", "c", "Loudspeaker"]
        );
        const server = signedIn("ready", { device: "browser" });
        await mountWithCleanup(WebClient);
        await mountWithCleanup(SoundSettings, { noMainContainer: true });
        await waitFor(".o_cc_sound");
        expect(queryAllTexts("#o_cc_sound_input option")).toEqual([
            "System default",
            "Headset microphone",
        ]);
        await click("#o_cc_sound_ring");
        await select("c");
        await animationFrame();
        expect(JSON.parse(localStorage.getItem(KEY)).ring).toEqual({
            id: "c",
            label: "Loudspeaker",
        });
        await click(".o_cc_echo");
        await animationFrame();
        expect(server.asked.filter(([method]) => method === "command")).toEqual([
            ["command", "echo", {}, false],
        ]);
        send("cc.command/result", {
            id: "cmd-echo",
            kind: "echo",
            ok: true,
            code: "ok",
            message: "",
        });
    });
});
