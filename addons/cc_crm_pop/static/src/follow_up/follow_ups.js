// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
/** In these states a call is still at work. */
const AT_WORK = ["ringing", "on_call", "wrap_up"];

const tomorrow = () => DateTime.now().plus({ days: 1 }).toISODate();

/** @returns {string} what was agreed and when it is due */
export function agreedWords({ summary, deadline }) {
    const day = DateTime.fromISO(deadline).toLocaleString(DateTime.DATE_MED);
    return _t("%(summary)s on %(day)s", { summary, day });
}

/**
 * What is being agreed with the customers of the calls at hand. It stays while the agent looks at another
 * tab of the panel, and what stands there unadded when the work after the call ends is added then.
 */
export class FollowUps {
    /** @param {object} services @param {(card) => object|undefined} pageOf the customer or lead of a call */
    constructor(services, pageOf) {
        this.services = services;
        this.pageOf = pageOf;
        /** call_uid: `{card, kind, day, summary, added, isBusy}` */
        this.known = {};
    }

    of(card) {
        const { known } = this;
        known[card.call_uid] ||= {
            card,
            kind: "call",
            day: tomorrow(),
            summary: "",
            added: [],
            isBusy: false,
        };
        return known[card.call_uid];
    }

    /** @returns {Promise<object|null>} what was added; null when it can't be, or is being, added */
    async add(followUp) {
        const page = this.pageOf(followUp.card);
        if (followUp.isBusy || !page) {
            return null;
        }
        followUp.isBusy = true;
        followUp.day ||= tomorrow();
        const summary = followUp.summary.trim();
        try {
            const added = await this.services.orm.call("cc.call", "cc_follow_up", [
                [followUp.card.id],
                page.model,
                page.id,
                followUp.kind,
                followUp.day,
                summary,
            ]);
            followUp.added.push(added);
            followUp.summary = "";
            return added;
        } finally {
            followUp.isBusy = false;
        }
    }

    /** Nothing that was typed is lost: what is left when the work is over is added, and the agent told. */
    async onState({ state, before }) {
        if (!AT_WORK.includes(before) || AT_WORK.includes(state)) {
            return;
        }
        const { known } = this;
        this.known = {};
        for (const followUp of Object.values(known)) {
            const summary = followUp.summary.trim();
            if (!summary || followUp.isBusy) {
                continue;
            }
            const added = await this.add(followUp);
            this.services.notification.add(added ? agreedWords(added) : summary, {
                title: added
                    ? _t("Follow-up added")
                    : _t("Follow-up not added: no contact or lead"),
                type: added ? "success" : "warning",
                sticky: !added,
            });
        }
    }
}
