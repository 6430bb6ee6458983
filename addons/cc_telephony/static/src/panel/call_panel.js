// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Duration } from "../bar/duration";
import { partyName, waitingWords } from "../phone/call_controls";
import { CallNote } from "./call_note";

const ROLES = {
    customer: { icon: "fa-user", word: _t("Customer") },
    agent: { icon: "fa-headphones", word: _t("Colleague") },
    outside: { icon: "fa-phone", word: _t("External") },
    supervisor: { icon: "fa-eye", word: _t("Supervisor") },
};
const STATES = {
    ringing: { icon: "fa-bell", word: _t("Ringing") },
    talking: { icon: "fa-volume-up", word: _t("Talking") },
    held: { icon: "fa-pause", word: _t("On hold") },
};
const MODES = { listen: _t("Listening"), whisper: _t("Whispering to you") };

/** The call: who is in it, the keys that were pressed, what it was about. */
export class CallPanel extends Component {
    static template = "cc_telephony.CallPanel";
    static components = { CallNote, Duration };
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
        this.state = useState({ asking: false, max: 6, seconds: 20 });
    }

    get card() {
        return this.props.card;
    }

    get isOver() {
        return this.card.mine !== "talking";
    }

    get parties() {
        const { card, phone } = this;
        return (card.parties || []).map((party, index) => {
            const role = ROLES[party.role] || ROLES.outside;
            const state = STATES[party.state] || STATES.talking;
            const customer = party.role === "customer";
            return {
                key: party.leg ?? `ring-${party.ring ?? index}`,
                leg: party.leg,
                name: customer ? phone.callerName(card) : partyName(party),
                mask: party.name ? party.mask || "" : "",
                role: role.word.toString(),
                roleIcon: role.icon,
                state: party.state,
                stateIcon: state.icon,
                word: (MODES[party.mode] || state.word).toString(),
                since: party.since,
                canStop: Boolean(party.ring) && phone.can("uninvite", card),
                stop: () => phone.uninvite(card, party),
                canKick:
                    !customer &&
                    party.role !== "supervisor" &&
                    party.leg !== null &&
                    phone.can("kick", card),
            };
        });
    }

    get collecting() {
        return this.phone.commands.get("collect", this.card.call_uid);
    }

    get collectWords() {
        return this.collecting ? waitingWords("collect") : "";
    }

    get canCollect() {
        return this.phone.can("collect", this.card);
    }

    isKicking() {
        return Boolean(this.phone.commands.get("kick", this.card.call_uid));
    }

    isStopping() {
        return Boolean(this.phone.commands.get("uninvite", this.card.call_uid));
    }

    stopTitle(name) {
        return _t("Cancel invitation: %(name)s", { name });
    }

    kickTitle(name) {
        return _t("Remove %(name)s from the call", { name });
    }

    async collect() {
        const { max, seconds } = this.state;
        if (await this.phone.collect(this.card, Number(max), Number(seconds))) {
            this.state.asking = false;
        }
    }
}

registry
    .category("cc_telephony.panels")
    .add("call", { title: _t("Call"), icon: "fa-phone", Component: CallPanel }, { sequence: 10 });
