// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { animationFrame, describe, expect, test } from "@odoo/hoot";
import { click, queryOne } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { delivered, sendState, setupPhone, signedIn } from "../telephony_test_helpers";
import { waitFor } from "../patience";

describe.current.tags("desktop");

class Customer extends models.Model {
    _name = "x.customer";
    phone = fields.Char();
    _records = [{ id: 1, phone: "010 5555 1234" }];
    _views = {
        form: `<form><field name="phone" widget="phone"/></form>`,
        list: `<list><field name="phone" widget="phone"/></list>`,
    };
}
defineMailModels();
defineModels([Customer]);

const form = (more = {}) => mountView({ type: "form", resModel: "x.customer", resId: 1, ...more });

test("a form's number is dialled by the signed-in agent's phone", async () => {
    const server = signedIn("ready");
    await form();
    // Visible without the mouse over the field, unlike Odoo's own link.
    await waitFor(".o_cc_click_to_dial:visible");
    expect(".o_phone_form_link").toHaveCount(0);
    await click(".o_cc_click_to_dial");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "dial", { number: "010 5555 1234" }, false]);
});

test("a read-only number has a button beside it", async () => {
    const server = signedIn("ready");
    await form({ arch: `<form edit="0"><field name="phone" widget="phone" readonly="1"/></form>` });
    await waitFor(".o_cc_click_to_dial");
    await click(".o_cc_click_to_dial");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "dial", { number: "010 5555 1234" }, false]);
});

test("a list's number is dialled without opening the record", async () => {
    const server = signedIn("ready");
    await mountView({
        type: "list",
        resModel: "x.customer",
        selectRecord: () => expect.step("opened"),
    });
    await waitFor(".o_cc_click_to_dial");
    await click(".o_data_row a.o_form_uri");
    await animationFrame();
    expect(server.asked.at(-1)).toEqual(["command", "dial", { number: "010 5555 1234" }, false]);
    expect.verifySteps([]);
});

test("without a session the link stays the device's own", async () => {
    const server = setupPhone();
    await form();
    await waitFor(".o_phone_form_link");
    const link = queryOne(".o_phone_form_link");
    expect(link.getAttribute("href")).toBe("tel:01055551234");
    let prevented = null;
    link.parentElement.addEventListener("click", (ev) => {
        prevented = ev.defaultPrevented;
        ev.preventDefault();
    });
    await click(link);
    expect(prevented).toBe(false);
    expect(server.count("command")).toBe(0);
});

test("a view may switch it off", async () => {
    const server = signedIn("ready");
    await form({
        arch: `<form edit="0"><field name="phone" widget="phone" readonly="1"
            options="{'enable_dial': False}"/></form>`,
    });
    await waitFor("a.o_form_uri");
    sendState("busy");
    await delivered();
    expect(".o_cc_click_to_dial").toHaveCount(0);
    expect(server.count("command")).toBe(0);
});
