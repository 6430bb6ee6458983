# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..utils.abandonment import FORMULAS
from .cc_campaign_attempt import OPEN
from .cc_campaign_why import FINAL


class CcCampaignProgress(models.Model):
    """What a campaign's screen shows of how far it is."""

    _inherit = "cc.campaign"

    @api.readonly
    def progress(self):
        """What the campaign's screen shows now; everything counted anew from numbers and tries.

        :return: dict, see `_progress`
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.campaign - sums over all tries of a campaign that the user may read
        return self.sudo()._progress()

    def _progress(self):
        labels = dict(self.env["cc.campaign.entry"]._fields["why"]._description_selection(self.env))
        sums = self._why_sums() if self.state != "draft" else {}
        total = sum(count for count, _until in sums.values())
        done = sum(count for why, (count, _until) in sums.items() if why in FINAL)
        rule, counts, formula = self._abandonment()
        label = FORMULAS[rule["abandon_formula"]]
        [row] = self.env.execute_query_dict(
            SQL(
                """SELECT count(*) FILTER (WHERE counts) AS tries,
                          count(*) FILTER (WHERE outcome = 'person') AS reached,
                          count(*) FILTER (WHERE state = ANY(%(open)s)) AS open,
                          count(amd_heard) AS heard,
                          count(*) FILTER (WHERE amd_heard = 'person') AS heard_persons
                     FROM cc_campaign_attempt WHERE campaign_id = %(campaign)s""",
                open=list(OPEN),
                campaign=self.id,
            )
        )
        outcomes = dict(
            self.env.execute_query(
                SQL(
                    """SELECT outcome, count(*) FROM cc_campaign_attempt
                        WHERE campaign_id = %s AND outcome IS NOT NULL GROUP BY outcome""",
                    self.id,
                )
            )
        )
        success = self.env["cc.campaign.result"].search_count(
            [("campaign_id", "=", self.id), ("success", "=", True)]
        )
        names = dict(self.env["cc.campaign.attempt"]._outcome_selection())
        order = list(labels)
        return {
            "state": self.state,
            "round": self.round_no,
            "total": total,
            "done": done,
            "success": success,
            **row,
            "answered": counts["abandoned"] + counts["served"],
            "abandoned": counts["abandoned"],
            # never rounded down: a breach of the limit shows as one
            "abandon_rate": formula.percent(
                counts["abandoned"], counts["served"], counts["detected"]
            ),
            "abandon_rule": self.env._(label),
            "abandon_limit": min(self.abandon_limit, rule["abandon_limit"]),
            "why_all": self._why_all(sums),
            "why": [
                {
                    "why": why,
                    "label": labels[why],
                    "count": count,
                    "until": fields.Datetime.to_string(until) if until else False,
                }
                for why, (count, until) in sorted(
                    sums.items(), key=lambda item: order.index(item[0])
                )
            ],
            "outcomes": [
                {"outcome": key, "label": names[key], "count": outcomes[key]}
                for key in names
                if key in outcomes
            ],
            "bridge": self._bridge_words(),
        }

    def _why_all(self, sums):
        """Why the campaign as a whole is not dialling now, in words; None when it may."""
        if self.state == "draft":
            return self.env._("The campaign has not been started.")
        if self.state == "paused":
            return self.env._("The campaign is paused.")
        if self.state == "done":
            return self.env._("The campaign is finished.")
        if self.task_id.state != "started":
            return self.env._("The customer task is stopped.")
        if not any(self._week()):
            return self.env._("No day or window is chosen.")
        if not sums.get("due"):
            if any(why in sums for why in ("window", "retry", "callback", "ban", "frequency")):
                return self.env._("No number is due now: see below what they wait for.")
            if not sums.get("dialling"):
                return self.env._("No number is left to dial.")
            return None
        if self.mode == "preview":
            if not self._ready_agents():
                return self.env._("No agent of the campaign is signed in.")
            return None
        if not self.line_ids:
            return self.env._("No line is chosen.")
        # sudo: cc.pbx.cursor - whether the PBX can be reached concerns everybody who dials
        cursor_sudo = self.pbx_id.sudo().cursor_ids
        if not cursor_sudo.connected:
            return self.env._("The PBX cannot be reached.")
        if self.on_answer == "queue" and not self._ready_agents():
            return self.env._("No agent of the campaign is signed in.")
        return None

    def _ready_agents(self):
        return self._agents().filtered(lambda agent: agent.state not in (False, "offline"))

    def _bridge_words(self):
        """What the dialler said of itself last, in words; None for preview."""
        state = self.bridge_state or {}
        if self.mode == "preview" or not state:
            return None
        why = {
            "paused": self.env._("paused"),
            "no_agents": self.env._("no agent is free"),
            "enough": self.env._("enough calls are under way"),
            "window": self.env._("outside calling hours"),
            "lines_full": self.env._("all lines are in use"),
            "line_slow": self.env._("the line is being spared: the carrier throttles"),
            "no_numbers": self.env._("no number is due"),
            "abandon_limit": self.env._("the abandonment limit is reached"),
            "pbx_down": self.env._("the PBX cannot be reached"),
            "odoo_down": self.env._("Odoo cannot be reached"),
            "no_line": self.env._("no line is configured on the PBX"),
            "sound": self.env._("a recording is missing on the PBX"),
            "sound_wait": self.env._("recordings are being prepared"),
        }
        return {
            "state": state.get("state"),
            "why": why.get(state.get("why")) or state.get("why"),
            "text": state.get("text") or "",
            "at": fields.Datetime.to_string(self.bridge_state_at),
            **{
                name: state.get(name)
                for name in ("ready", "talking", "wrapping", "ringing", "waiting", "held")
            },
        }
