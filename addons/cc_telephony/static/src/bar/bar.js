// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useEffect, useRef } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { stateWord } from "../phone/agent_states";
import { waitingWords } from "../phone/call_controls";
import { useSettled } from "../phone/settled";
import { BarCounts } from "./bar_counts";
import { CallStrip } from "./call_strip";
import { DialPad } from "./dial_pad";
import { Duration } from "./duration";
import { FORM_KEYS } from "./menu_dialog";
import { OtherCall } from "./other_call";
import { SignIn } from "./sign_in";
import { StateMenu } from "./state_menu";

/** The agent's phone in the navigation bar; nothing for users who aren't agents. */
export class Bar extends Component {
    static template = "cc_telephony.Bar";
    static components = {
        BarCounts,
        CallStrip,
        DialPad,
        Dropdown,
        Duration,
        OtherCall,
        SignIn,
        StateMenu,
    };
    static props = {};

    setup() {
        this.phone = useService("cc_phone");
        this.signIn = useDropdownState();
        this.dial = useDropdownState();
        this.formKeys = FORM_KEYS;
        this.root = useRef("root");
        useSettled(this.root, { fromStart: false });
        useEffect(
            (inCall) => {
                // On a narrow screen the call lies at the bottom: the page ends above it.
                document.body.classList.toggle("o_cc_in_call", inCall);
                return () => document.body.classList.remove("o_cc_in_call");
            },
            () => [this.store.talking.length > 0 || Boolean(this.store.talksOn)]
        );
        useEffect(
            (el) => {
                if (!el) {
                    return;
                }
                // The menus beside the bar measure their room when the window changes only: tell them when
                // it comes, and what others put beside it (what an observer tells first is the size that
                // there is).
                const tray = el.closest(".o_menu_systray") || el;
                let width = 0;
                const observer = new ResizeObserver(() => {
                    if (Math.abs(tray.offsetWidth - width) > 8) {
                        width = tray.offsetWidth;
                        window.dispatchEvent(new Event("resize"));
                    }
                });
                observer.observe(tray);
                return () => observer.disconnect();
            },
            () => [this.root.el]
        );
    }

    get store() {
        return this.phone.store;
    }

    /** Ready behind which no phone stands does not look like Ready. */
    get isAway() {
        return this.phone.isAway && this.store.state === "ready";
    }

    get look() {
        return this.isAway ? "away" : this.store.state;
    }

    get word() {
        if (this.isAway) {
            return _t("Not reachable");
        }
        return this.wordOfState;
    }

    get wordOfState() {
        const word = stateWord(this.store.state, this.store.states);
        return this.store.state === "break" && this.store.reason ? this.store.reason : word;
    }

    get icon() {
        if (this.isAway) {
            return "fa-chain-broken";
        }
        return this.store.states.states[this.store.state]?.icon || "fa-circle-o";
    }

    /** Last the call whose controls are shown. */
    get calls() {
        const { current } = this.phone;
        const others = this.store.talking.filter((card) => card.call_uid !== current?.call_uid);
        return current ? [...others, current] : [];
    }

    /** What is waited for, once it takes long. */
    get waiting() {
        const { slowKind } = this.phone.commands;
        return slowKind ? waitingWords(slowKind) : "";
    }

    get dialTitle() {
        return _t("Call a number");
    }

    /** What the agent chose to come after the call. */
    get next() {
        const { next, states } = this.store;
        if (!next) {
            return "";
        }
        return next.state === "offline"
            ? _t("Sign out")
            : next.reason || stateWord(next.state, states);
    }

    get isSigningIn() {
        return Boolean(this.store.session) && !this.phone.signedIn;
    }

    get isChanging() {
        const { commands } = this.phone;
        return ["set_state", "sign_out", "next_state"].some((kind) => commands.get(kind));
    }

    get stateTitle() {
        const { session } = this.store;
        let state = this.next
            ? _t("%(state)s, then %(next)s", { state: this.wordOfState, next: this.next })
            : this.wordOfState;
        if (this.phone.isAway) {
            state = _t("%(state)s, but not reachable", { state });
        }
        return session?.extension
            ? _t("%(state)s, on phone %(extension)s", { state, extension: session.extension })
            : state;
    }

    onTrouble() {
        this.phone.media.unlockSound();
    }

    signInHere() {
        this.phone.signIn("browser", this.store.session.extension);
    }
}

export const barSystrayItem = { Component: Bar };

registry.category("systray").add("cc_telephony.bar", barSystrayItem, { sequence: 200 });
