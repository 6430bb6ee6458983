// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { advanceTime, animationFrame, describe, expect, mockSendBeacon, test } from "@odoo/hoot";
import {
    click,
    edit,
    press,
    queryAll,
    queryAllTexts,
    queryFirst,
    queryOne,
    queryRect,
} from "@odoo/hoot-dom";
import { mailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { settling } from "@cc_telephony/phone/settled";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { WebClient } from "@web/webclient/webclient";
import {
    answered,
    card,
    definePhoneModels,
    delivered,
    ended,
    nowUs,
    send,
    sendState,
    signedIn,
} from "@cc_telephony/../tests/telephony_test_helpers";
import { waitFor, waitForNone } from "@cc_telephony/../tests/patience";

describe.current.tags("desktop");

const FOCUS = "cc_phone.focused_tab";

class Partner extends mailModels.ResPartner {
    _views = {
        form: /* xml */ `
            <form><widget name="cc_call_banner"/><field name="name" required="1"/></form>`,
        list: /* xml */ `<list editable="bottom"><field name="name"/></list>`,
    };
}
class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char({ required: true });
    phone = fields.Char();
    _views = {
        form: /* xml */ `
            <form><widget name="cc_call_banner"/><field name="name"/><field name="phone"/></form>`,
    };
}

definePhoneModels();
defineModels({ Partner, Lead });

const known = (id = 501, name = "Li Wei") => ({
    kind: "record",
    model: "res.partner",
    id,
    name,
    count: 1,
});
const ring = (pop, more = {}) => send("cc.call/changed", card({ pop, ...more }));

/** A signed-in agent, three customers, and what the pop asked of the server in `asked`. */
async function setUp({ stillRings = false } = {}) {
    Partner._records.push(
        { id: 501, name: "Li Wei" },
        { id: 502, name: "Wang Fang" },
        { id: 503, name: "Typing here" }
    );
    const asked = [];
    signedIn();
    const answer = (method, make) =>
        onRpc("cc.call", method, ({ args }) => {
            asked.push([method, ...args]);
            return make(...args);
        });
    answer("cc_banner", () => ({
        number: "+86 138 0013 8000",
        region: "Beijing",
        dialled: "+86 400 812 3123",
        queue: "Support",
        direction: "inbound",
        started_t: nowUs(),
        owner: "Ann",
        count: 1,
        deals: [{ id: 7, name: "Tea", stage: "New", type: "opportunity" }],
        calls: [],
    }));
    answer("cc_still_rings", () => stillRings);
    answer("cc_pop_choices", () => [
        {
            id: 502,
            name: "Wang Fang",
            company: "Jade",
            owner: "Ann",
            last_contact: nowUs() - 3e9,
            deals: 2,
            main: false,
        },
        {
            id: 501,
            name: "Li Wei",
            company: "",
            owner: "",
            last_contact: null,
            deals: 0,
            main: false,
        },
    ]);
    answer("cc_pop_choose", (_ids, id) => known(id, id === 501 ? "Li Wei" : "Wang Fang"));
    await mountWithCleanup(WebClient);
    await waitFor(".o_cc_bar");
    return asked;
}

async function openForm(resId) {
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "res.partner",
        res_id: resId,
        views: [[false, "form"]],
    });
    await waitFor(".o_form_view");
}

const nameInput = ".o_field_widget[name=name] input";

const hinted = (id, more = {}) =>
    send("cc.call/hint", card({ id: false, hint: true, rev: 2.5, caller: callerOf(id), ...more }));
const callerOf = (id) => ({ name: "x", mask: "+86", known: 1, partner_id: id });

test("a hint brings up the page; the fact opens and reads nothing again, and brings the banner", async () => {
    const asked = await setUp();
    const reads = [];
    onRpc("res.partner", "web_read", ({ args }) => {
        reads.push(args[0][0]);
    });
    await openForm(503);
    hinted(501);
    await waitFor(`${nameInput}:value(Li Wei)`);
    expect(".o_cc_banner").toHaveCount(0);
    ring(known(501), { caller: callerOf(501) });
    await waitFor(".o_form_view .o_cc_banner_number");
    expect(reads).toEqual([503, 501]);
    expect(asked).toEqual([["cc_banner", [900], "res.partner", 501]]);
    expect(".breadcrumb-item, .o_breadcrumb .active").toHaveCount(2);
});

test("a hint takes away nothing that is typed; the fact then offers the page", async () => {
    await setUp();
    await openForm(503);
    await click(nameInput);
    await edit("Half a na", { confirm: false });
    hinted(501);
    // its card is there for three seconds only: not waited for
    await delivered();
    await animationFrame();
    ring(known(501), { caller: callerOf(501) });
    await waitFor(".o_cc_card_open");
    expect(nameInput).toHaveValue("Half a na");
});

test("where the fact knows better than the hint, its page comes", async () => {
    await setUp();
    hinted(501);
    await waitFor(`${nameInput}:value(Li Wei)`);
    ring(known(502, "Wang Fang"), { caller: callerOf(502) });
    await waitFor(`${nameInput}:value(Wang Fang)`);
    await waitFor(".o_form_view .o_cc_banner_number");
});

test("the next call turns the form of the last one: URL, breadcrumb, banner and back are its own", async () => {
    const asked = await setUp();
    await openForm(503);
    ring(known());
    await waitFor(".o_form_view .o_cc_banner_number");
    const form = queryOne(".o_form_view");
    send("cc.call/changed", ended({ rev: 9 }));
    await waitForNone(".o_cc_card");
    ring(known(502, "Wang Fang"), { call_uid: "0190-b", id: 901 });
    await waitFor(`${nameInput}:value(Wang Fang)`);
    await waitFor(".o_form_view .o_cc_banner_number");
    expect(queryOne(".o_form_view")).toBe(form);
    expect(asked.at(-1)).toEqual(["cc_banner", [901], "res.partner", 502]);
    expect(router.current.resId).toBe(502);
    expect(queryAllTexts(".o_breadcrumb .active")).toEqual(["Wang Fang"]);
    // a form of the agent's own is not turned
    await click(".o_back_button, .breadcrumb-item a");
    await waitFor(`${nameInput}:value(Typing here)`);
    ring(known(501), { call_uid: "0190-c", id: 902 });
    await waitFor(`${nameInput}:value(Li Wei)`);
    await click(".o_back_button, .breadcrumb-item a");
    await waitFor(`${nameInput}:value(Typing here)`);
});

test("a known caller's page comes up at ringing, with the call's banner", async () => {
    const asked = await setUp();
    ring(known());
    await waitFor(".o_form_view .o_cc_banner_number");
    expect(nameInput).toHaveValue("Li Wei");
    expect(".o_cc_banner_dialled").toHaveText("dialled +86 400 812 3123");
    expect(".o_cc_banner_deals button").toHaveText(/^Tea\s*· New$/);
    expect(asked).toEqual([["cc_banner", [900], "res.partner", 501]]);
});

test("an unknown caller brings a new lead that isn't saved", async () => {
    await setUp();
    onRpc("crm.lead", "onchange", ({ kwargs }) => {
        expect.step(`call ${kwargs.context.default_cc_call_id}`);
    });
    onRpc("crm.lead", "web_save", () => expect.step("save"));
    ring({ kind: "lead", model: "crm.lead", id: false, name: "+86 138 •••• 8000", count: 0 });
    await waitFor(".o_form_view .o_field_widget[name=phone]");
    expect.verifySteps(["call 900"]);
});

test("a number that comes late brings up whose it is, unless somebody has begun to write", async () => {
    await setUp();
    const stranger = { kind: "lead", model: "crm.lead", id: false, name: "Unknown", count: 0 };
    for (const [n, isWriting] of [false, true].entries()) {
        const call = { call_uid: `0190-late${n}`, id: 910 + n };
        ring(stranger, call);
        await waitFor(".o_form_view .o_field_widget[name=phone]");
        if (isWriting) {
            await click(nameInput);
            await edit("Mrs Li, about her tea");
        }
        ring(known(), { ...call, rev: 4 });
        if (isWriting) {
            await delivered();
            expect(nameInput).toHaveValue("Mrs Li, about her tea");
        } else {
            await waitFor(".o_form_view .o_field_widget[name=name] input:value(Li Wei)");
            send("cc.call/changed", ended({ ...call, rev: 5 }));
            await waitForNone(".o_cc_card");
        }
    }
});

test("a saved lead becomes the call's page", async () => {
    await setUp();
    ring({ kind: "lead", model: "crm.lead", id: false, name: "+86 138 •••• 8000", count: 0 });
    await waitFor(".o_form_view .o_field_widget[name=phone]");
    await click(nameInput);
    await edit("Call from somebody");
    await click(".o_form_button_save");
    await waitFor(".o_form_saved, .o_form_button_save:not(:visible)");
    await animationFrame();
    expect(getService("cc_pop").last.pop.id).toBeOfType("number");
    expect(".o_cc_card_name").toHaveText("Call from somebody");
});

test("what is typed in a form is neither lost nor saved, and one click goes there", async () => {
    await setUp();
    onRpc("res.partner", "web_save", () => expect.step("save"));
    await openForm(503);
    await click(nameInput);
    await edit("Half a na", { confirm: false });
    ring(known());
    await waitFor(".o_cc_card_open");
    expect(nameInput).toHaveValue("Half a na");
    expect(".o_cc_pop_back").toHaveText("Li Wei");
    expect.verifySteps([]);
    await click(".o_cc_card_open");
    await waitFor(".o_form_view .o_cc_banner");
    expect(nameInput).toHaveValue("Li Wei");
    expect.verifySteps(["save"]); // as any click that leaves a form
});

test("an invalid form stays even then", async () => {
    await setUp();
    await openForm(503);
    await click(nameInput);
    await edit("", { confirm: false });
    ring(known());
    await waitFor(".o_cc_card_open");
    await click(".o_cc_card_open");
    await animationFrame();
    expect(nameInput).toHaveValue("");
    expect(".o_cc_banner").toHaveCount(0);
});

test("a row being edited in a list stays", async () => {
    await setUp();
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "res.partner",
        views: [[false, "list"]],
    });
    await click(".o_data_row .o_data_cell");
    await animationFrame();
    await edit("Half a row", { confirm: false });
    ring(known());
    await waitFor(".o_cc_card_open");
    expect(".o_selected_row .o_field_widget[name=name] input").toHaveValue("Half a row");
});

test("under an open dialog the page stays; the caller's page opens over it", async () => {
    await setUp();
    await openForm(503);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "res.partner",
        res_id: 502,
        views: [[false, "form"]],
        target: "new",
    });
    await waitFor(".o_dialog");
    ring(known());
    await waitFor(".o_cc_card_open");
    expect(".o_dialog").toHaveCount(1);
    await click(".o_cc_card_open");
    await waitFor(".o_dialog:eq(1) .o_field_widget[name=name] input:value(Li Wei)");
    expect(".o_dialog").toHaveCount(2);
});

test("a saved form lets the page go", async () => {
    await setUp();
    await openForm(503);
    await click(nameInput);
    await edit("Whole name");
    await click(".o_form_button_save");
    await animationFrame();
    ring(known());
    await waitFor(".o_form_view .o_cc_banner");
    expect(nameInput).toHaveValue("Li Wei");
});

test("only the tab that was looked at last pops; the others can be asked to", async () => {
    await setUp();
    await openForm(503);
    browser.localStorage.setItem(FOCUS, "another tab");
    ring(known());
    await waitFor(".o_cc_pop_back");
    await animationFrame();
    expect(nameInput).toHaveValue("Typing here");
    await click(".o_cc_pop_back");
    await waitFor(".o_form_view .o_cc_banner");
    expect(nameInput).toHaveValue("Li Wei");
});

test("a call that popped in another tab doesn't pop here, though this one is looked at now", async () => {
    await setUp();
    await openForm(503);
    browser.localStorage.setItem("cc_pop.calls", JSON.stringify(["0190-a"]));
    ring(known());
    await waitFor(".o_cc_pop_back");
    await animationFrame();
    expect(nameInput).toHaveValue("Typing here");
});

test("ringing again doesn't pop again, and one key brings the customer back", async () => {
    await setUp();
    ring(known());
    await waitFor(".o_form_view .o_cc_banner");
    await openForm(503);
    send(
        "cc.call/changed",
        card({ pop: known(), rev: 4, mine: null, attempt_outcome: "no_answer" })
    );
    await waitForNone(".o_cc_card");
    ring(known(), { rev: 5 });
    await waitFor(".o_cc_card");
    await animationFrame();
    expect(nameInput).toHaveValue("Typing here");
    await press(["alt", "g"]);
    await waitFor(".o_form_view .o_cc_banner");
    expect(nameInput).toHaveValue("Li Wei");
});

test("a stale ring is asked about: it pops if it still rings", async () => {
    const asked = await setUp({ stillRings: known(502, "Wang Fang") });
    const pop = getService("cc_pop");
    await pop.onRinging(card({ pop: known(), t: nowUs() - 9e6 }));
    expect(asked[0]).toEqual(["cc_still_rings", [900]]);
    await waitFor(".o_form_view .o_cc_banner");
    expect(nameInput).toHaveValue("Wang Fang");
});

test("a stale ring that is over doesn't pop", async () => {
    await setUp({ stillRings: false });
    await openForm(503);
    const pop = getService("cc_pop");
    await pop.onRinging(card({ pop: known(), t: nowUs() - 9e6 }));
    expect(nameInput).toHaveValue("Typing here");
    expect(pop.entries).toHaveLength(0);
});

test("a call that we dialled doesn't take the page, but its customer is at hand", async () => {
    await setUp();
    await openForm(503);
    ring(known(), { direction: "outbound" });
    await waitFor(".o_cc_pop_back");
    await animationFrame();
    expect(nameInput).toHaveValue("Typing here");
    // A colleague's, sent here, comes like a caller's.
    const sender = { kind: "transfer", name: "Ben", agent_id: 8, since: nowUs() };
    ring(known(502, "Wang Fang"), { direction: "outbound", sender, call_uid: "0190-b", id: 901 });
    await waitFor(".o_cc_card[data-call='0190-b'] .o_cc_answer");
    await waitFor(`${nameInput}:value(Wang Fang)`);
});

test("a dialler's call brings up its customer like a caller's, also when nobody saw it ring", async () => {
    await setUp();
    ring(known(), { direction: "outbound", brought: true });
    await waitFor(".o_form_view .o_cc_banner_number");
    expect(nameInput).toHaveValue("Li Wei");
    send("cc.call/changed", ended({ direction: "outbound", brought: true, rev: 9 }));
    const next = { call_uid: "0190-b", id: 901, direction: "outbound", brought: true };
    send("cc.call/changed", answered({ pop: known(502, "Wang Fang"), ...next }));
    await waitFor(`${nameInput}:value(Wang Fang)`);
});

const shared = {
    kind: "choose",
    model: "res.partner",
    id: false,
    name: "+86 138 •••• 8000",
    count: 2,
};
const caller = { name: null, mask: "+86 138 •••• 8000", known: 2, partner_id: false };

test("several customers: ranked, chosen by one click, kept for the call", async () => {
    const asked = await setUp();
    ring(shared, { caller });
    await waitFor(".o_cc_chooser .o_cc_choice");
    expect(".o_cc_card_name").toHaveText("2 contacts");
    expect(queryAllTexts(".o_cc_choice_name")).toEqual(["Wang Fang", "Li Wei"]);
    expect(".o_cc_choice:first").toHaveText(/2 open opportunities/);
    expect(".o_cc_choice:last .o_cc_choice_last").toHaveText("no calls yet");
    await click("input[id^=o_cc_chooser_main]");
    await click(".o_cc_choice:last");
    await waitFor(".o_form_view .o_cc_banner");
    expect(".o_cc_chooser").toHaveCount(0);
    expect(nameInput).toHaveValue("Li Wei");
    expect(asked.find(([method]) => method === "cc_pop_choose")).toEqual([
        "cc_pop_choose",
        [900],
        501,
        true,
    ]);
    expect(".o_cc_card_name").toHaveText("Li Wei");
    // the answer's message still says "choose": what was chosen stays
    send(
        "cc.call/changed",
        answered({
            pop: { kind: "choose", model: "res.partner", id: false, name: "", count: 2 },
            caller: { name: null, mask: "+86 138 •••• 8000", known: 2, partner_id: false },
        })
    );
    await waitFor(".o_cc_call_strip");
    expect(getService("cc_pop").last.pop.id).toBe(501);
    expect(".o_cc_caller").toHaveText("Li Wei");
    expect(".o_cc_chooser").toHaveCount(0);
});

test("the chooser doesn't come over what is being typed", async () => {
    await setUp();
    await openForm(503);
    await click(nameInput);
    await edit("Half a na", { confirm: false });
    ring(shared);
    await waitFor(".o_cc_card_open");
    expect(".o_cc_chooser").toHaveCount(0);
    expect(nameInput).toHaveValue("Half a na");
});

test("the chooser blocks nothing: the call is answered, muted and ended beside it", async () => {
    await setUp();
    ring(shared, { caller });
    await waitFor(".o_cc_chooser .o_cc_choice");
    expect(".o_dialog, .modal-backdrop").toHaveCount(0);
    const isFree = (target) => {
        const { x, y, width, height } = queryRect(target);
        const there = document.elementFromPoint(x + width / 2, y + height / 2);
        return queryOne(target).contains(there);
    };
    expect(isFree(".o_cc_answer")).toBe(true);
    expect(isFree(".o_cc_reject")).toBe(true);
    expect(isFree(".o_cc_state")).toBe(true);
    expect(".o_cc_choice").not.toBeFocused({ message: "it takes no focus by itself" });
    send("cc.call/changed", answered({ caller, pop: shared }));
    await waitFor(".o_cc_call_strip");
    expect(".o_cc_chooser .o_cc_choice").toHaveCount(2, { message: "still to be said" });
    expect(isFree(".o_cc_mute")).toBe(true);
    expect(isFree(".o_cc_hangup")).toBe(true);
    send("cc.call/changed", ended({ caller, pop: shared, attempt_outcome: "answered" }));
    await waitForNone(".o_cc_chooser");
});

test("two shared numbers at once: each chooser has its own box; what another tab chose is known", async () => {
    await setUp();
    ring(shared, { caller });
    ring(shared, { caller, call_uid: "0190-b", id: 901 });
    await delivered();
    await waitFor(".o_cc_chooser:first .o_cc_choice");
    getService("cc_pop").choose(getService("cc_pop").entryOf("0190-b"));
    await waitFor(".o_cc_chooser:eq(1) .o_cc_choice");
    expect(".o_cc_chooser").toHaveCount(2);
    await click(".o_cc_chooser:last .form-check-label");
    await animationFrame();
    expect(queryAll(".o_cc_chooser .form-check-input").map((box) => box.checked)).toEqual([
        false,
        true,
    ]);
    send("cc.call/changed", answered({ pop: known(), caller }));
    await waitFor(".o_cc_call_strip");
    send("cc.call/changed", answered({ pop: known(), caller, rev: 7 }));
    await waitForNone(".o_cc_chooser:eq(1)");
    expect(getService("cc_pop").entryOf("0190-a").pop.id).toBe(501);
});

test("the chooser by keys: brought back, moved through, put off", async () => {
    await setUp();
    ring(shared, { caller });
    await waitFor(".o_cc_chooser .o_cc_choice");
    await press(["alt", "g"]);
    await waitFor(".o_cc_choice:first:focus");
    await press("ArrowDown");
    expect(".o_cc_choice:last").toBeFocused();
    await press("Escape");
    await waitForNone(".o_cc_chooser");
    expect(".o_cc_card").toHaveCount(1);
    await click(".o_cc_pop_back");
    await waitFor(".o_cc_choice:first:focus");
    await press("Enter");
    await waitFor(".o_form_view .o_cc_banner");
    expect(nameInput).toHaveValue("Wang Fang");
});

test("somebody else is found by name and becomes the call's customer", async () => {
    const asked = await setUp();
    ring(shared, { caller });
    await waitFor(".o_cc_chooser .o_cc_choice");
    await click(".o_cc_chooser_link");
    await waitFor(".o_cc_chooser_search:focus");
    await edit("Typing", { confirm: false });
    await advanceTime(300);
    await waitFor(".o_cc_choice_found:contains(Typing here)");
    // down from the field to what it found, not to those above it
    await press("ArrowDown");
    expect(".o_cc_choice_found:first").toBeFocused();
    await press("Enter");
    await waitForNone(".o_cc_chooser");
    expect(asked.find(([method]) => method === "cc_pop_choose")).toEqual([
        "cc_pop_choose",
        [900],
        503,
        false,
    ]);
});

test("a second pop reads its page while the card is painted, and only once", async () => {
    await setUp();
    onRpc("res.partner", "web_read", ({ args }) => {
        expect.step(`read ${args[0]}`);
    });
    ring(known());
    await waitFor(".o_form_view .o_cc_banner_number");
    expect.verifySteps(["read 501"]);
    ring(known(502, "Wang Fang"), { call_uid: "0190-b", id: 901 });
    expect(await waitFor(".o_form_view .o_cc_banner_number")).not.toBe(null);
    await waitFor(`${nameInput}:value(Wang Fang)`);
    expect.verifySteps(["read 502"]);
});

test("a number that is typed and dialled brings up whose it is; a click to dial brings nothing", async () => {
    await setUp();
    const phone = getService("cc_phone");
    phone.call({ phone: 44 });
    ring(known(502, "Wang Fang"), { direction: "outbound" });
    await waitFor(".o_cc_call_strip");
    await animationFrame();
    expect(".o_form_view").toHaveCount(0);
    send("cc.call/changed", ended({ direction: "outbound", rev: 9 }));
    await waitForNone(".o_cc_call_strip");
    phone.dial("138 0013 8000");
    ring(known(), { direction: "outbound", call_uid: "0190-b", id: 901 });
    await waitFor(".o_form_view .o_cc_banner_number");
    expect(".o_form_view .o_field_widget[name=name] input").toHaveValue("Li Wei");
});

const stranger = { kind: "lead", model: "crm.lead", id: false, name: "+86 138 ••••", count: 0 };
const missed = (more = {}) => ended({ attempt_outcome: "no_answer", mine: null, rev: 9, ...more });

test("the new lead's form of a missed call goes with it, back to where the agent was", async () => {
    await setUp();
    await openForm(503);
    ring(stranger);
    await waitFor(".o_form_view .o_field_widget[name=phone]");
    send("cc.call/changed", missed());
    await waitForNone(".o_field_widget[name=phone]");
    expect(".o_form_view .o_field_widget[name=name] input").toHaveValue("Typing here");
});

test("a page that comes up by itself takes no click of a resting pointer for half a second", async () => {
    // so long that a busy machine cannot outlast it
    patchWithCleanup(settling, { ms: 10_000, programs: true });
    await setUp();
    ring(known());
    await waitFor(`${nameInput}:value(Li Wei)`);
    await animationFrame();
    // the pointer has not moved: the click was meant for what was there before
    const clickWithoutMoving = async () => {
        const ev = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 });
        queryFirst(".o_form_button_create:visible").dispatchEvent(ev);
        await animationFrame();
        await animationFrame();
    };
    await clickWithoutMoving();
    expect(nameInput).toHaveValue("Li Wei");
    await advanceTime(10_010);
    await clickWithoutMoving();
    await waitFor(`${nameInput}:value()`);
});

test("but not once somebody wrote there", async () => {
    await setUp();
    await openForm(503);
    ring(stranger);
    await waitFor(".o_form_view .o_field_widget[name=phone]");
    await click(".o_field_widget[name=name] input");
    await edit("Green tea");
    send("cc.call/changed", missed());
    await waitForNone(".o_cc_card");
    await animationFrame();
    expect(".o_field_widget[name=name] input").toHaveValue("Green tea");
    expect(".o_field_widget[name=phone]").toHaveCount(1);
});

test("neither a reload nor another tab saves a stranger's new lead that nobody has touched", async () => {
    await setUp();
    mockSendBeacon((route) => expect.step(route));
    onRpc("crm.lead", "web_save", () => expect.step("web_save"));
    ring(stranger);
    await waitFor(".o_form_view .o_field_widget[name=phone]");
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
    delete document.visibilityState;
    window.dispatchEvent(new Event("beforeunload"));
    await animationFrame();
    expect.verifySteps([]);
    // No empty lead comes with the address.
    expect(browser.location.pathname).not.toMatch(/new$/);
    await click(".o_field_widget[name=name] input");
    await edit("Green tea");
    window.dispatchEvent(new Event("beforeunload"));
    await animationFrame();
    expect.verifySteps(["/web/dataset/call_kw/crm.lead/web_save"]);
});

test("after a reload the stranger's lead comes up again, filled in", async () => {
    const left = { callUid: card().call_uid, before: browser.location.pathname };
    browser.sessionStorage.setItem("cc_pop.reloaded", JSON.stringify(left));
    signedIn("on_call", { calls: [answered({ pop: stranger })] });
    onRpc("crm.lead", "onchange", ({ kwargs }) => {
        expect.step(`call ${kwargs.context.default_cc_call_id}`);
    });
    await mountWithCleanup(WebClient);
    await openForm(1);
    await waitFor(".o_form_view .o_field_widget[name=phone]");
    expect.verifySteps([`call ${card().id}`]);
    expect(browser.sessionStorage.getItem("cc_pop.reloaded")).toBe(null);
});

test("the chooser is never where Answer was", async () => {
    await setUp();
    ring(shared, { caller });
    await waitFor(".o_cc_chooser .o_cc_choice");
    const answer = queryRect(".o_cc_answer");
    send("cc.call/changed", answered({ pop: shared, caller }));
    await waitForNone(".o_cc_card");
    for (const el of queryAll(".o_cc_chooser, .o_cc_choice")) {
        const { left, right, top, bottom } = el.getBoundingClientRect();
        const apart =
            right <= answer.left ||
            left >= answer.right ||
            bottom <= answer.top ||
            top >= answer.bottom;
        expect(apart).toBe(true);
    }
});

test("a call-back is agreed in the wrap-up in one line, without leaving the page (CRM-35)", async () => {
    const asked = await setUp();
    onRpc("cc.call", "cc_follow_up", ({ args }) => {
        asked.push(["cc_follow_up", ...args]);
        return { id: 5, summary: args[5], deadline: args[4] };
    });
    send("cc.call/changed", answered({ pop: known() }));
    await waitFor(".o_cc_call_strip");
    await click(".o_cc_panel_tab_call");
    await waitFor(".o_cc_follow_up");
    const tomorrow = luxon.DateTime.now().plus({ days: 1 }).toISODate();
    await click(".o_cc_follow_up_summary");
    await edit("Send the offer", { confirm: "enter" });
    await waitFor(".o_cc_follow_up_added:contains(Send the offer)");
    expect(asked.at(-1)).toEqual([
        "cc_follow_up",
        [900],
        "res.partner",
        501,
        "call",
        tomorrow,
        "Send the offer",
    ]);
    await waitFor(".o_cc_follow_up_add:enabled");
    expect(queryOne(".o_cc_follow_up_summary").value).toBe("");
    // What is not added when the work is over is added then, whatever tab is open.
    await edit("Call the boss", { confirm: false });
    await click(".o_cc_panel_tab_team");
    await waitForNone(".o_cc_follow_up");
    await click(".o_cc_panel_tab_call");
    await waitFor(".o_cc_follow_up_summary:value(Call the boss)");
    sendState("on_call", { call_uid: "0190-a" });
    send("cc.call/changed", ended({ pop: known(), attempt_outcome: "answered" }));
    sendState("wrap_up", { call_uid: "0190-a", until: nowUs() + 30e6 });
    await waitFor(".o_cc_bar[data-state=wrap_up]");
    sendState("ready");
    await waitFor(".o_notification:contains(Call the boss)");
    expect(asked.at(-1)).toEqual([
        "cc_follow_up",
        [900],
        "res.partner",
        501,
        "call",
        tomorrow,
        "Call the boss",
    ]);
});

test("with a stranger nothing can be agreed before the lead is saved", async () => {
    await setUp();
    send("cc.call/changed", answered({ pop: stranger }));
    await waitFor(".o_cc_call_strip");
    await click(".o_cc_panel_tab_call");
    await waitFor(".o_cc_follow_up");
    expect(".o_cc_follow_up_add").not.toBeEnabled();
    expect(".o_cc_follow_up small").toHaveText("Save the contact or lead first.");
});

test("a page that opens in a call or its wrap-up has the customer at hand", async () => {
    await setUp();
    const { bus, store } = getService("cc_phone");
    store.calls = [answered({ pop: known() })];
    bus.trigger("SNAPSHOT", {});
    await waitFor(".o_cc_pop_back:contains(Li Wei)");
    expect(".o_form_view").toHaveCount(0);
    await press(["alt", "g"]);
    await waitFor(".o_form_view .o_cc_banner_number");
    expect(nameInput).toHaveValue("Li Wei");
});
