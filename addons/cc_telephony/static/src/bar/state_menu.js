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
        const choice = (key, state, word, reasonId, shortcut) => {
            const why =
                whyIllegal(store.states, store.state, state) ||
                (state === "ready" ? this.phone.whyNotReady : "");
            return {
                key,
                word,
                state,
                why,
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

    get whyNoSignOut() {
        return this.phone.store.calls.length ? _t("End the call first.") : "";
    }

    signOut() {
        if (!this.whyNoSignOut) {
            this.phone.signOut();
        }
    }
}
