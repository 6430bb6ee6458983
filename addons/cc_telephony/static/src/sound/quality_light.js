// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** State words stand beside the colour: nobody has to tell green from red. */
const LEVELS = {
    good: { bars: 3, label: _t("Good connection") },
    fair: { bars: 2, label: _t("Fair connection") },
    poor: { bars: 1, label: _t("Poor connection") },
    none: { bars: 0, label: _t("No incoming audio") },
};

/** How well the browser phone's call sounds, from the browser's own figures of the last two seconds. */
export class QualityLight extends Component {
    static template = "cc_telephony.QualityLight";
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
    }

    /** @returns {object|null} null for desk and outside phones, of which the browser knows nothing */
    get quality() {
        const { media, usesBrowser } = this.phone;
        if (!usesBrowser) {
            return null;
        }
        const talks = media.sessions.filter((session) => session.state === "talking");
        const session =
            talks.find((talk) => talk.callUid === this.props.card.call_uid) ||
            talks.find((talk) => !talk.callUid);
        return (session && media.quality[session.id]) || null;
    }

    get level() {
        return LEVELS[this.quality.level];
    }

    get words() {
        const { quality, level } = this;
        if (quality.level === "none") {
            return _t(
                "No audio from the other party. If this persists, hang up and call back; check your network."
            );
        }
        const figures = _t(
            "%(label)s: score %(score)s of 4.4, %(loss)s% packet loss, jitter %(jitter)s ms, round trip %(rtt)s ms",
            {
                label: level.label,
                score: quality.score,
                loss: Math.round(quality.loss * 100),
                jitter: quality.jitter,
                rtt: quality.rtt ?? "?",
            }
        );
        return quality.level === "good"
            ? figures
            : _t("%(figures)s. A wired connection instead of Wi-Fi often helps.", { figures });
    }
}
