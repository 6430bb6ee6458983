// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import {
    Component,
    onWillStart,
    onWillUnmount,
    status,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Duration } from "../bar/duration";
import { controlLook, waitingWords } from "../phone/call_controls";
import { targetGroups } from "./target_options";

/** Quiet time after the last letter before the server is asked, ms. */
const TYPING = 150;
/** How often the colleagues' states are asked for while the list is open, ms. */
const FRESH = 5000;
const MODES = ["transfer", "consult", "invite"];

/**
 * Colleagues with their live state, queues, voice menus, customers' numbers, and any number typed: to
 * bring into the call, or to call. The cursor stays in the search; arrows choose, Enter acts.
 */
export class TargetPicker extends Component {
    static template = "cc_telephony.TargetPicker";
    static components = { Duration };
    static props = { card: { optional: true } };

    setup() {
        this.phone = useService("cc_phone");
        this.state = useState({
            search: "",
            found: {},
            foundFor: "",
            active: null,
            failed: false,
            refused: null,
        });
        this.input = useRef("input");
        this.list = useRef("list");
        this.placeholder = _t("Name, number, queue …");
        this.asked = 0;
        this.taken = 0;
        this.timer = null;
        onWillStart(() => this.load());
        this.freshen = browser.setInterval(() => !document.hidden && this.load(), FRESH);
        onWillUnmount(() => {
            browser.clearInterval(this.freshen);
            browser.clearTimeout(this.timer);
        });
        useEffect(
            (wanted) => {
                if (wanted) {
                    this.input.el.focus();
                    this.input.el.select();
                    this.phone.panel.wantFocus = false;
                }
            },
            () => [this.phone.panel.wantFocus]
        );
        useEffect(
            () => {
                this.list.el
                    ?.querySelector("[aria-selected=true]")
                    ?.scrollIntoView({ block: "nearest" });
            },
            () => [this.active?.key]
        );
    }

    /** @returns {object|null} the call somebody can be brought into */
    get call() {
        const { current } = this.phone;
        return current && MODES.some((kind) => this.phone.can(kind, current)) ? current : null;
    }

    get modes() {
        return MODES.filter((kind) => this.phone.deviceCan(kind)).map((kind) => ({
            kind,
            ...controlLook(kind),
            chosen: kind === this.mode,
            why: this.call ? this.phone.whyNot(kind, this.call) : "",
        }));
    }

    /** What Enter does: as it was opened, or the first that is possible. */
    get mode() {
        const { panel } = this.phone;
        const can = (kind) => this.phone.can(kind, this.call);
        return can(panel.pickFor) ? panel.pickFor : MODES.find(can) || null;
    }

    get isFree() {
        return this.phone.signedIn && !this.phone.store.calls.length;
    }

    get hint() {
        if (this.call) {
            return "";
        }
        if (this.phone.current) {
            return this.phone.whyNot("transfer", this.phone.current);
        }
        return this.phone.signedIn ? "" : _t("Sign in to call.");
    }

    /** The groups as the server found them. */
    get rawGroups() {
        return targetGroups(this.state.found, this.state.foundFor, this.phone.store.states, {
            inCall: Boolean(this.call),
            canPickUp: this.isFree,
        });
    }

    /** An option as the server found it. */
    found(key) {
        return this.rawGroups.flatMap(({ options }) => options).find((raw) => raw.key === key);
    }

    get groups() {
        let index = 0;
        return this.rawGroups.map((group) => ({
            ...group,
            options: group.options.map((option) => ({
                ...option,
                id: `o_cc_target_${index++}`,
                why: this.whyNot(option),
            })),
        }));
    }

    get options() {
        return this.groups.flatMap(({ options }) => options);
    }

    get active() {
        const { options } = this;
        return (
            options.find(({ key }) => key === this.state.active) ||
            options.find(({ why }) => !why) ||
            options[0]
        );
    }

    get isCurrent() {
        return this.state.foundFor === this.state.search;
    }

    get pendingWords() {
        const uid = this.call?.call_uid;
        const kind = MODES.find((mode) => this.phone.commands.get(mode, uid));
        return kind ? waitingWords(kind) : "";
    }

    /** Why an option can't be chosen for what Enter does now. */
    whyNot(option, mode = this.mode) {
        if (option.pickUp) {
            return "";
        }
        const own = mode === "consult" ? option.whyConsult : option.why;
        if (own) {
            return own;
        }
        if (this.call) {
            return option.only && option.only !== mode
                ? _t("Only transfers are possible here.")
                : "";
        }
        return this.hint || (this.isFree ? "" : _t("End the call first."));
    }

    /** Why the option chosen last was refused, as long as it is. */
    get refusedWords() {
        const { refused } = this.state;
        const option = refused && this.found(refused.key);
        return option ? this.whyNot(option, refused.mode) : "";
    }

    async load() {
        const { search } = this.state;
        const asked = ++this.asked;
        let found;
        try {
            found = await this.phone.lists.targets(search, this.call?.call_uid || false);
        } catch (error) {
            console.warn("cc_phone: transfer_targets failed", error);
            this.state.failed = true;
            return;
        }
        // One that was asked for later may be on its way still: what is typed is answered all the same.
        if (asked === this.asked || (asked > this.taken && search === this.state.search)) {
            this.taken = asked;
            Object.assign(this.state, { found, foundFor: search, failed: false });
        }
    }

    onInput() {
        this.state.active = null;
        this.state.refused = null;
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.load(), TYPING);
    }

    async onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        const consult = ev.altKey && ev.key.toLowerCase() === "c";
        if (ev.isComposing) {
            return;
        }
        if (step) {
            const { options } = this;
            const at = options.findIndex(({ key }) => key === this.active?.key) + step;
            this.state.active = options[(at + options.length) % options.length]?.key || null;
        } else if (ev.key === "Enter" || consult) {
            const mode = consult || ev.shiftKey ? "consult" : this.mode;
            ev.preventDefault();
            ev.stopPropagation();
            await this.enter(mode);
            return;
        } else if (ev.key === "Escape") {
            if (this.state.search) {
                // By hand too: what was typed since the last drawing is not known to it.
                this.state.search = this.input.el.value = "";
                this.onInput();
            } else {
                this.phone.closePicker();
            }
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** Before the answer to what was typed is there, only what is beyond doubt is done. */
    async enter(mode) {
        if (!this.isCurrent) {
            browser.clearTimeout(this.timer);
            await this.load();
            if (!this.isCurrent || this.options.filter(({ why }) => !why).length !== 1) {
                return;
            }
        }
        await this.choose(this.active, mode);
    }

    /** @param {object} option @param {"transfer"|"consult"|"invite"|null} [mode] */
    async choose(option, mode = this.mode) {
        const { phone } = this;
        // What is shown was asked of the server for what Enter does; this way may be another.
        this.state.refused = option ? { key: option.key, mode } : null;
        if (this.refusedWords) {
            // The list may be some seconds old.
            await this.load();
        }
        const isGone = !option || !this.found(option.key) || status(this) === "destroyed";
        if (isGone || this.refusedWords) {
            return;
        }
        let done;
        if (option.pickUp) {
            done = await phone.pickUp(option.pickUp);
        } else if (this.call) {
            if (!phone.can(mode, this.call)) {
                return;
            }
            done = await phone.bring(mode, this.call, option.to);
        } else if (option.to.kind === "number") {
            done = await phone.dial(option.to.number);
        } else {
            done = await phone.call({ [option.to.kind]: option.to.id });
        }
        if (done) {
            this.state.search = this.input.el.value = "";
            this.state.active = null;
            phone.closePicker();
        }
    }

    chooseMode({ kind, why }) {
        if (!why) {
            this.phone.panel.pickFor = kind;
            this.input.el.focus();
        }
    }

    /** Two ways on each row for the mouse; the keyboard has Enter and Shift+Enter. */
    rowActions(option) {
        const raw = this.call && !option.pickUp && this.found(option.key);
        return MODES.filter(
            (kind) => raw && this.phone.can(kind, this.call) && !this.whyNot(raw, kind)
        ).map((kind) => ({ kind, ...controlLook(kind) }));
    }

    /** What the keys do in the list; one text, so that each language has its own punctuation. */
    get keyWords() {
        const action = this.mode ? controlLook(this.mode).label : _t("Call");
        return this.mode === "consult"
            ? _t("Enter: %(action)s · Esc: Back", { action })
            : _t("Enter: %(action)s · Shift+Enter: %(consult)s · Esc: Back", {
                  action,
                  consult: controlLook("consult").label,
              });
    }
}

registry
    .category("cc_telephony.panels")
    .add(
        "team",
        { title: _t("Team"), icon: "fa-users", Component: TargetPicker, always: true },
        { sequence: 20 }
    );
