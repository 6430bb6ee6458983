// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onMounted, onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatDuration } from "../phone/clock";

const { DateTime } = luxon;

const LOOKS = {
    missed: { icon: "fa-times-circle", word: _t("Missed") },
    inbound: { icon: "fa-arrow-down", word: _t("Incoming") },
    outbound: { icon: "fa-arrow-up", word: _t("Outgoing") },
    internal: { icon: "fa-arrows-h", word: _t("Internal") },
};

/** The agent's last calls: who it was, and the same again by one click. */
export class RecentCalls extends Component {
    static template = "cc_telephony.RecentCalls";
    static props = { card: { optional: true } };

    setup() {
        this.phone = useService("cc_phone");
        this.action = useService("action");
        onWillStart(() => this.phone.lists.loadRecent());
        // Seen when it was there to be seen: the marks stay until the tab is left.
        onMounted(() => this.phone.lists.seenRecent());
    }

    get calls() {
        return this.phone.lists.recent.map((call) => {
            const look = LOOKS[call.missed ? "missed" : call.direction] || LOOKS.inbound;
            const name = call.name || call.agent || call.mask || _t("Unknown caller");
            return {
                ...call,
                icon: look.icon,
                word: look.word.toString(),
                who: name,
                number: call.mask && call.mask !== name ? call.mask : "",
                when: this.when(call.at),
                talk: call.talk_s ? formatDuration(call.talk_s * 1e6) : "",
                title: _t("Call %(name)s", { name }),
            };
        });
    }

    /** @param {number} at µs @returns {string} the time today, else the date too */
    when(at) {
        const time = DateTime.fromMillis(at / 1000);
        return time.hasSame(DateTime.now(), "day")
            ? time.toLocaleString(DateTime.TIME_SIMPLE)
            : time.toLocaleString(DateTime.DATETIME_SHORT);
    }

    get whyNoDial() {
        return !this.phone.signedIn
            ? _t("Sign in first.")
            : this.phone.store.calls.length
              ? _t("End the call first.")
              : "";
    }

    call(entry) {
        if (!this.whyNoDial) {
            this.phone.call({ phone: entry.number_id });
        }
    }

    open(entry) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cc.call",
            res_id: entry.id,
            views: [[false, "form"]],
        });
    }
}

registry
    .category("cc_telephony.panels")
    .add(
        "recent",
        { title: _t("Recent calls"), icon: "fa-history", Component: RecentCalls, always: true },
        { sequence: 30 }
    );
