// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { callSince, partyName } from "../phone/call_controls";
import { senderWords } from "../phone/phone_words";
import { PLACES, callControls } from "../phone/control_registry";
import { QualityLight } from "../sound/quality_light";
import { Duration } from "./duration";
import { FORM_KEYS } from "./menu_dialog";
import { invitedParty } from "./own_controls";

/**
 * The call in the bar. Every control of the bar's own (`own_controls.js`) has a fixed place, counted from
 * the right edge, which never moves: hang up, mute, keypad, and four places in which a consultation puts
 * its own four. Left of them is the menu of what addons added by `registerCallControl`.
 */
export class CallStrip extends Component {
    static template = "cc_telephony.CallStrip";
    static components = { Dropdown, DropdownItem, Duration, QualityLight };
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
        this.formKeys = FORM_KEYS;
    }

    get card() {
        return this.props.card;
    }

    get name() {
        return this.phone.callerName(this.card);
    }

    /** The number, unless it stands in the name's place. */
    get mask() {
        const mask = this.card.caller?.mask;
        return mask === this.name || this.third ? "" : mask || "";
    }

    /** Since when what is said beside it is so: on hold, in talk, calling. */
    get since() {
        return callSince(this.card, this.phone.store);
    }

    /** The colleague through whom the call is here. */
    get sender() {
        return this.third ? "" : senderWords(this.card, this.name);
    }

    get isHeld() {
        return Boolean(this.card.held ?? this.card.state === "held");
    }

    /** What is particular about this call; that the agent is on a call stands beside it. */
    get word() {
        const { card } = this;
        if (card.conference) {
            const talkers = card.parties.filter(
                ({ state, mode }) => state === "talking" && !["listen", "whisper"].includes(mode)
            ).length;
            return _t("%(count)s in conference", { count: talkers + 1 });
        }
        if (this.isHeld || card.consult) {
            return this.isHeld ? _t("On hold") : "";
        }
        return card.answered_t ? "" : _t("Calling");
    }

    /** @returns {{name: string, word: string, state: string}|null} whom a consultation or invitation is about */
    get third() {
        const { card } = this;
        const invited = invitedParty(card);
        const consult = card.consult || (invited && { ...invited, state: "ringing" });
        return (
            consult && {
                name: partyName(consult),
                state: consult.state,
                word: {
                    ringing: _t("Calling"),
                    talking: _t("Talking"),
                    waiting: _t("Waits"),
                }[consult.state],
            }
        );
    }

    /** The bar's own controls in their places; of those with the same place the first. */
    get controls() {
        const controls = callControls(this.card, this.phone);
        return PLACES.map((place) => controls.find((control) => control.place === place)).filter(
            Boolean
        );
    }

    /** Where there is room the four that change say in a word what they are now. */
    hasWord({ place }) {
        return ["hold", "transfer", "consult", "invite"].includes(place);
    }

    /** What addons have added: in a menu, so that it moves nothing. */
    get more() {
        return callControls(this.card, this.phone).filter(({ place }) => !place);
    }

    /** By what is possible now, not when the menu was opened. */
    runMore(chosen) {
        return this.more.find(({ id }) => id === chosen)?.run(this.env);
    }
}
