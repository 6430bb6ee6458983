// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Duration } from "./duration";
import { withKey } from "./key_hint";

/**
 * One call in the bar. The controls have fixed places: mute and hang up at the end, what comes
 * between (hold, transfer, consult) before them.
 */
export class CallStrip extends Component {
    static template = "cc_telephony.CallStrip";
    static components = { Duration };
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
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
        return mask === this.name ? "" : mask || "";
    }

    get since() {
        return this.card.answered_t || this.card.ring_t || this.card.started_t;
    }

    /** What is particular about this call; that the agent is on a call stands beside it. */
    get word() {
        if (this.card.state === "held") {
            return _t("On hold");
        }
        return this.card.answered_t ? "" : _t("Calling");
    }

    /** Buttons in their order; only what this phone can do. */
    get controls() {
        const { card, phone } = this;
        if (!phone.hasHands) {
            return [];
        }
        const muted = phone.isMuted(card);
        return [
            {
                kind: "mute",
                icon: muted ? "fa-microphone-slash" : "fa-microphone",
                title: withKey(muted ? _t("Unmute") : _t("Mute"), "M"),
                keys: "Alt+M",
                pressed: String(muted),
                run: () => phone.mute(card),
            },
            {
                kind: "hangup",
                icon: "fa-stop",
                title: withKey(_t("Hang up"), "E"),
                keys: "Alt+E",
                run: () => phone.hangup(card),
            },
        ].map((control) => {
            const pending = phone.commands.get(control.kind, card.call_uid);
            return {
                ...control,
                pending,
                title: pending?.slow ? _t("Waiting for the PBX …") : control.title,
            };
        });
    }
}
