// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, queryAllTexts } from "@odoo/hoot-dom";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import { formatFigure } from "@cc_telephony/dashboard/dashboard";

defineMailModels();

const TILES = [
    {
        name: "a.service",
        title: "Inbound service",
        kind: "figures",
        action: false,
        figures: [
            { label: "Offered", unit: "count", value: 12 },
            { label: "Service level", unit: "ratio", value: 0.8125 },
            { label: "Longest wait", unit: "seconds", value: 3725 },
            { label: "Wait", unit: "seconds", value: null },
        ],
        series: [],
        labels: [],
    },
    { name: "a.broken", title: "Broken", kind: "figures", failed: true, figures: [], labels: [] },
    { name: "a.empty", title: "Traffic", kind: "bars", figures: [], series: [], labels: [] },
];

test("figures are read as people read them", () => {
    expect(formatFigure({ unit: "count", value: 0 })).toBe("0");
    expect(formatFigure({ unit: "ratio", value: 0 })).toBe("0.0 %");
    expect(formatFigure({ unit: "ratio", value: null })).toBe("–");
    expect(formatFigure({ unit: "seconds", value: 59.6 })).toBe("0:01:00");
});

test("tiles, periods and a server that fails", async () => {
    let broken = false;
    onRpc("cc.dashboard", "get_tiles", ({ args }) => {
        expect.step(args[0]);
        if (broken) {
            throw new Error("away");
        }
        return { tiles: TILES, period: args[0], complete_until: "2026-03-02 08:15:00", stale: 3 };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "cc_telephony.dashboard",
    });
    await animationFrame();
    expect.verifySteps(["today"]);
    expect(queryAllTexts("[data-tile='a.service'] dd")).toEqual(["12", "81.3 %", "1:02:05", "–"]);
    expect("[data-tile='a.broken'] .text-danger").toHaveCount(1);
    expect("[data-tile='a.empty'] .text-muted").toHaveText("Nothing in this time");
    await contains("[data-period='week']").click();
    expect.verifySteps(["week"]);
    broken = true;
    await advanceTime(60_000);
    await animationFrame();
    expect.verifySteps(["week"]);
    expect(".o_cc_dashboard .alert").toHaveCount(1);
    expect("[data-tile='a.service'] dd").toHaveCount(4);
});
