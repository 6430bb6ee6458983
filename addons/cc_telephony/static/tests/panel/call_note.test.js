// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { animationFrame, describe, expect, test } from "@odoo/hoot";
import { click, edit, press, select, waitFor, waitForNone } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    MockServer,
    defineModels,
    fields,
    models,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { answered, ended, send, sendState, signedIn } from "../telephony_test_helpers";

describe.current.tags("desktop");

class Purpose extends models.Model {
    _name = "cc.call.purpose";
    name = fields.Char();
    _records = [
        { id: 1, name: "Order" },
        { id: 2, name: "Complaint" },
    ];
}
class Note extends models.Model {
    _name = "cc.call.note";
    call_id = fields.Integer();
    note = fields.Text();
    purpose_id = fields.Many2one({ relation: "cc.call.purpose" });
    _records = [];
}
defineMailModels();
defineModels([Purpose, Note]);

const notes = () => MockServer.env["cc.call.note"].search_read([], ["call_id", "note"]);

async function startTalk() {
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_panel.o_cc_folded");
    await click(".o_cc_panel_tabs button:contains(Note)");
    await waitFor(".o_cc_call_note textarea");
}

test("nothing at the page's edge without a call", async () => {
    signedIn("ready");
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    expect(".o_cc_panel").toHaveCount(0);
});

test("purpose and note make one row, saved as the agent goes on", async () => {
    signedIn("on_call", { calls: [answered()] });
    await startTalk();
    await click(".o_cc_call_note select");
    await select("2");
    await animationFrame();
    await click(".o_cc_call_note textarea");
    await edit("wants a refund", { confirm: "blur" });
    await waitFor(".o_cc_call_note [role=status]:contains(Saved)");
    expect(notes().map(({ call_id, note }) => [call_id, note])).toEqual([[900, "wants a refund"]]);
});

test("after the call Enter saves and ends the wrap-up", async () => {
    const server = signedIn("on_call", { calls: [answered()] });
    await startTalk();
    send("cc.call/changed", ended());
    sendState("wrap_up");
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    expect(".o_cc_call_note").toHaveCount(1, { message: "the note stays while it is written" });
    await click(".o_cc_call_note textarea");
    await edit("will call back");
    await press("Enter");
    await animationFrame();
    expect(notes().map(({ note }) => note)).toEqual(["will call back"]);
    expect(server.asked.at(-1)).toEqual(["set_state", "ready", false]);
});

test("what is half written when the wrap-up runs out is kept", async () => {
    signedIn("on_call", { calls: [answered()] });
    await startTalk();
    send("cc.call/changed", ended());
    sendState("wrap_up");
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    await click(".o_cc_call_note textarea");
    await edit("half a sen");
    sendState("ready");
    await waitForNone(".o_cc_panel");
    await animationFrame();
    expect(notes().map(({ note }) => note)).toEqual(["half a sen"]);
});

test("a note that was begun is read again", async () => {
    signedIn("on_call", { calls: [answered()] });
    Note._records = [{ id: 5, call_id: 900, note: "began before", purpose_id: 1 }];
    await startTalk();
    expect(".o_cc_call_note textarea").toHaveValue("began before");
    expect(".o_cc_call_note select").toHaveValue("1");
});
