// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useService } from "@web/core/utils/hooks";
import { panelTabs } from "../panel/panel_tabs";
import { stateWord, whyIllegal } from "../phone/agent_states";

/** The states an agent may choose; those that aren't possible now say why. */
export class StateMenu extends Component {
    static template = "cc_telephony.StateMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.phone = useService("cc_phone");
        this.shortcuts = useService("cc_shortcuts");
    }

    /** Tabs of the panel that are there without a call too. */
    get tabs() {
        return panelTabs(null);
    }

    /** Why the state is not an agent's to leave now, in words; the wrap-up can be ended. */
    get canEndWrapUp() {
        return this.phone.store.state === "wrap_up";
    }

    get prolongWords() {
        const seconds = this.phone.prolongSeconds;
        return seconds && _t("Extend wrap-up by %(seconds)s seconds", { seconds });
    }

    get choices() {
        const { store } = this.phone;
        const { choosesNext } = this.phone;
        const choice = (key, state, word, reasonId, shortcut) => {
            if (choosesNext && !(state === "ready" && store.state === "wrap_up")) {
                return this.nextChoice(key, state, word, reasonId);
            }
            const todo = state === "ready" ? this.phone.whyNotReady : "";
            const why = whyIllegal(store.states, store.state, state) || todo;
            return {
                key,
                word,
                state,
                why,
                todo,
                icon: store.states.states[state]?.icon,
                current: store.state === state && (!reasonId || store.reason === word),
                hint: why || (shortcut ? this.phone.keys.hint(word, shortcut) : word),
                select: () => !why && this.phone.setState(state, reasonId || false),
            };
        };
        const word = (state) => stateWord(state, store.states);
        const breaks = store.breakReasons.map(({ id, name }) =>
            choice(`break-${id}`, "break", name, id)
        );
        return [
            choice("ready", "ready", word("ready"), null, "ready"),
            choice("busy", "busy", word("busy"), null, "busy"),
            ...(breaks.length ? breaks : [choice("break", "break", word("break"))]),
        ];
    }

    /** During a call and its wrap-up one chooses what comes after them. */
    nextChoice(key, state, word, reasonId) {
        const { phone } = this;
        const reason = state === "break" && reasonId ? word : null;
        const isNext = phone.isNext(state, reason);
        return {
            key,
            word,
            state,
            why: "",
            icon: phone.store.states.states[state]?.icon,
            current: false,
            isNext,
            hint: isNext
                ? _t("Chosen for after the call. Click to take it back.")
                : _t("%(state)s after this call", { state: word }),
            select: () => phone.setNext(state, reasonId || false, reason),
        };
    }

    /** What the part of the menu that sets the state is called. */
    get heading() {
        return this.phone.choosesNext ? _t("After this call") : "";
    }

    get isSignOutNext() {
        return this.phone.isNext("offline");
    }

    get signOutWord() {
        return this.phone.choosesNext ? _t("Sign out after this call") : _t("Sign out");
    }

    get whyNoSignOut() {
        const { choosesNext, store } = this.phone;
        return store.calls.length && !choosesNext ? _t("End the call first.") : "";
    }

    signOut() {
        if (this.phone.choosesNext) {
            return this.phone.setNext("offline");
        }
        return this.whyNoSignOut ? null : this.phone.signOut();
    }
}
