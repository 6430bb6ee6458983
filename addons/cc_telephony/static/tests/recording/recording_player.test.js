// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { animationFrame, beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, manuallyDispatchProgrammaticEvent, press, queryOne, select } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { RecordingPlayer } from "@cc_telephony/recording/recording_player";
import { formatTime } from "@cc_telephony/recording/sound_player";

describe.current.tags("desktop");
defineMailModels();

const url = "/cc/recording/7/audio";
const play = ".o_cc_player_play";

/** Sound elements that only say what they were asked. */
beforeEach(() => {
    patchWithCleanup(HTMLMediaElement.prototype, {
        play() {
            expect.step("play");
            this.dispatchEvent(new Event("play"));
            return Promise.resolve();
        },
        pause() {
            expect.step("pause");
            this.dispatchEvent(new Event("pause"));
        },
    });
});

test("times are minutes and seconds", () => {
    expect([0, 9.9, 61, 3725].map(formatTime)).toEqual(["0:00", "0:09", "1:01", "62:05"]);
});

test("nothing is fetched before the first press; each listening has a mark of its own", async () => {
    await mountWithCleanup(RecordingPlayer, { props: { url, duration: 61 } });
    expect(queryOne("audio").getAttribute("src")).toBe(null);
    expect(queryOne("audio").preload).toBe("none");
    expect(".o_cc_player_time").toHaveText("0:00 / 1:01");
    await click(play);
    await animationFrame();
    const first = queryOne("audio").getAttribute("src");
    expect(first).toMatch(/^\/cc\/recording\/7\/audio\?listen=\w{8,}$/);
    expect(play).toHaveAttribute("title", "Pause");
    await click(play);
    await click(play);
    expect(queryOne("audio").getAttribute("src")).toBe(first, { message: "a pause is no end" });
    manuallyDispatchProgrammaticEvent(queryOne("audio"), "ended");
    await click(play);
    expect(queryOne("audio").getAttribute("src")).not.toBe(first);
    expect.verifySteps(["play", "pause", "play", "play"]);
});

test("speed can be chosen before playing and stays", async () => {
    await mountWithCleanup(RecordingPlayer, { props: { url, duration: 61 } });
    await click(".o_cc_player_speed");
    await select("1.5");
    await click(play);
    expect(queryOne("audio").playbackRate).toBe(1.5);
    expect.verifySteps(["play"]);
});

test("the seek bar is a slider for mouse and keyboard", async () => {
    await mountWithCleanup(RecordingPlayer, { props: { url, duration: 61 } });
    const bar = queryOne(".o_cc_player_seek");
    expect([bar.type, bar.max]).toEqual(["range", "61"]);
    bar.focus();
    await press(" ");
    expect.verifySteps(["play"]);
    bar.value = "30";
    manuallyDispatchProgrammaticEvent(bar, "input");
    await animationFrame();
    expect(".o_cc_player_time").toHaveText("0:30 / 1:01");
    expect(bar).toHaveAttribute("aria-valuetext", "0:30 of 1:01");
});

test("two channels are told, one is not", async () => {
    await mountWithCleanup(RecordingPlayer, { props: { url, channels: 2 } });
    expect(".o_cc_player_channels").toHaveCount(1);
    await mountWithCleanup(RecordingPlayer, { props: { url, channels: 1 } });
    expect(".o_cc_player_channels").toHaveCount(1);
});

test("a consultation is named, and its channels are others", async () => {
    const title = "Consultation with Ben";
    await mountWithCleanup(RecordingPlayer, {
        props: { url, channels: 2, part: 2, title, consult: true },
    });
    expect(".o_cc_player_part").toHaveText(title);
    expect(play).toHaveAttribute("title", `Play the recording: ${title}`);
    expect(".o_cc_player_channels").toHaveText("Agent left · consulted party right");
});

test("only one recording is heard at a time", async () => {
    await mountWithCleanup(RecordingPlayer, { props: { url } });
    await mountWithCleanup(RecordingPlayer, { props: { url: "/cc/recording/8/audio" } });
    await click(`${play}:eq(0)`);
    await click(`${play}:eq(1)`);
    expect.verifySteps(["play", "pause", "play"]);
});

test("a recording that can't be played says so and can be tried again", async () => {
    await mountWithCleanup(RecordingPlayer, { props: { url } });
    await click(play);
    manuallyDispatchProgrammaticEvent(queryOne("audio"), "error");
    await animationFrame();
    expect("[role=alert]").toHaveText("This recording cannot be played.");
    await click(play);
    await animationFrame();
    expect("[role=alert]").toHaveCount(0);
    expect.verifySteps(["play", "play"]);
});
