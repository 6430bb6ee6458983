// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { advanceTime, animationFrame, describe, expect, getFixture, test } from "@odoo/hoot";
import { click, press, queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { serverState } from "@web/../tests/web_test_helpers";
import { shortcuts } from "@cc_telephony/shortcuts/shortcut_registry";
import { answered, startPhone } from "../telephony_test_helpers";
import { waitFor, waitForNone } from "../patience";

describe.current.tags("desktop");
defineMailModels();

const row = (id) => `tr[data-shortcut=${id}]`;

test("no two actions have the same letter, and none that browsers keep for themselves", () => {
    const letters = shortcuts().map(({ letter }) => letter);
    expect(new Set(letters).size).toBe(letters.length);
    // Address bar and menu.
    expect(letters.filter((letter) => ["d", "f"].includes(letter))).toEqual([]);
});

test("? shows all keys, but not while somebody types", async () => {
    await startPhone();
    const field = document.createElement("input");
    getFixture().append(field);
    field.focus();
    await press("?");
    await animationFrame();
    expect(".o_cc_shortcut_sheet").toHaveCount(0);
    field.remove();
    await press("?");
    await waitFor(".o_cc_shortcut_sheet");
    expect(queryAllTexts(".o_cc_shortcut_sheet tr[data-shortcut] kbd")).toEqual([
        "Alt+A",
        "Alt+E",
        "Alt+M",
        "Alt+H",
        "Alt+T",
        "Alt+O",
        "Alt+L",
        "Alt+W",
        "Alt+I",
        "Alt+K",
        "Alt+N",
        "Alt+R",
        "Alt+B",
    ]);
});

test("Alt+/ shows them also while somebody types, and leaves what is typed alone", async () => {
    await startPhone();
    const field = document.createElement("input");
    getFixture().append(field);
    field.focus();
    await press(["alt", "/"]);
    await waitFor(".o_cc_shortcut_sheet");
    expect(".o_cc_shortcut_sheet kbd:contains('Alt+/')").toHaveCount(1);
    expect(field.value).toBe("");
});

test("what the page itself uses a letter for is said beside it", async () => {
    const own = document.createElement("button");
    own.dataset.hotkey = "h";
    own.textContent = "Home Menu";
    getFixture().append(own);
    await startPhone();
    await press("?");
    await waitFor(`${row("hold")} .o_cc_clash`);
    expect(`${row("hold")} .o_cc_clash`).toHaveText("This page uses Alt+H for: Home Menu");
    expect(`${row("answer")} .o_cc_clash`).toHaveCount(0);
    own.remove();
});

test("a key is changed, kept for this user, and works at once; the other way round it swaps", async () => {
    const server = await startPhone("on_call", { calls: [answered()] });
    await press("?");
    await waitFor(row("hold"));
    await click(`${row("hold")} .o_cc_key`);
    await waitFor(`${row("hold")} .o_cc_key:contains(Press a letter)`);
    await press("5");
    await waitFor("[role=alert]:contains(Use a letter)");
    await press("y");
    await waitFor(`${row("hold")} kbd:contains(Alt+Y)`);
    expect(JSON.parse(localStorage.getItem(`cc_phone.keys.${serverState.userId}`))).toEqual({
        hold: "y",
    });
    await click(`${row("mute")} .o_cc_key`);
    await press("y");
    await waitFor(`${row("mute")} kbd:contains(Alt+Y)`);
    expect(`${row("hold")} kbd`).toHaveText("Alt+M");
    await click(".modal-footer .btn-primary");
    await waitForNone(".o_cc_shortcut_sheet");
    await press(["alt", "h"]);
    await animationFrame();
    expect(server.count("command")).toBe(0);
    await press(["alt", "m"]);
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "hold", {}, "0190-a"]);
    await press("?");
    await waitFor(".o_cc_keys_reset");
    await click(".o_cc_keys_reset");
    await waitFor(`${row("hold")} kbd:contains(Alt+H)`);
});

test("without something to do a letter stays the page's own", async () => {
    const asked = [];
    const own = document.createElement("button");
    own.dataset.hotkey = "h";
    own.addEventListener("click", () => asked.push("home"));
    own.textContent = "Home";
    getFixture().append(own);
    const server = await startPhone("ready");
    await press(["alt", "h"]);
    await animationFrame();
    await advanceTime(10);
    expect(asked).toEqual(["home"]);
    expect(server.count("command")).toBe(0);
    own.remove();
});
