// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { animationFrame, describe, expect, test } from "@odoo/hoot";
import { click, press } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { heard } from "@cc_probe_addon/probe";
import {
    answered,
    card,
    definePhoneModels,
    ended,
    nowUs,
    send,
    sendState,
    signedIn,
} from "@cc_telephony/../tests/telephony_test_helpers";
import { waitFor } from "@cc_telephony/../tests/patience";

describe.current.tags("desktop");
definePhoneModels();

test("the probe is a control of the call, by its key too", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    await mountWithCleanup(WebClient);
    await click(await waitFor(".o_cc_more"));
    await click(await waitFor(".o_cc_more_item.o_cc_probe"));
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "probe", { text: "hello" }, "0190-a"]);
    send("cc.command/result", { id: "cmd-probe", kind: "probe", ok: true, code: "ok" });
    await waitFor(".o_cc_more .fa-ellipsis-v");
    await press(["alt", "j"]);
    await animationFrame();
    expect(server.count("command")).toBe(2);
});

test("its panel, its action on the card and its counter show what its server gave", async () => {
    signedIn("ready", { extra: { cc_probe_addon: { pings: 4 } } });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_probe_button .o_cc_count:contains(4)");
    send("cc.call/changed", card({ extra: { cc_probe_addon: { pings: 2 } } }));
    await waitFor(".o_cc_card_action:contains(Pings: 2)");
    send("cc.call/changed", answered());
    await click(await waitFor(".o_cc_panel_tab_probe"));
    await waitFor(".o_cc_probe_panel:contains(0190-a)");
});

test("its part of the wrap-up keeps from Ready until it is done; it hears states and snapshots", async () => {
    heard.length = 0;
    const server = signedIn("wrap_up", {
        extra: { cc_probe_addon: { pings: 1 } },
        last_call: ended({ extra: { cc_probe_addon: { asks: true } } }),
        until: nowUs() + 60e6,
    });
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_incomplete:contains(Enter the result of the probe.)");
    expect(".o_cc_finish").not.toBeEnabled();
    await click(".o_cc_probe_result");
    await animationFrame();
    await click(".o_cc_finish");
    await animationFrame();
    expect(server.count("end_wrap_up")).toBe(1);
    sendState("ready");
    await waitFor(".o_cc_bar[data-state=ready]");
    expect(heard).toEqual(["offline wrap_up", { pings: 1 }, "wrap_up ready"]);
});
