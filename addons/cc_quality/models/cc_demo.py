# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random

from odoo import api, fields, models

CALLS, SCORED, CALIBRATED = 24, 18, 3


class CcDemo(models.AbstractModel):
    """The demo's calls inspected: what reports of quality are looked at with."""

    _inherit = "cc.demo"

    @api.model
    def _make_history(self, pbx_xmlid="cc_telephony.pbx_main"):
        result = super()._make_history(pbx_xmlid)
        self._inspect_history()
        return result

    @api.model
    def _inspect_history(self):
        """A list that was drawn, handed out and mostly scored, an appeal, a calibration, an assessment and a
        ranking; nothing without calls, and nothing twice."""
        template = self.env.ref("cc_quality.template_service", raise_if_not_found=False)
        calls = self.env["cc.call"].search(
            [
                ("state", "=", "ended"),
                ("agent_id.user_id", "!=", False),
                ("answered_at", "!=", False),
            ],
            order="started_at",
        )
        if not template or not calls or self.env["cc.quality.list"].search_count([], limit=1):
            return
        chance = random.Random(11)
        inspectors = self.env.ref("cc_quality.user_ivy") | self.env.ref("cc_quality.user_ian")
        sheets = self._hand_out_some(template, calls, inspectors)
        done = sheets[:SCORED]
        for sheet in done:
            self._score(sheet, chance)
        self._appeal(done.sorted("percent")[0])
        calibration = self.env["cc.quality.calibration"].create(
            {
                "name": self.env._("Calibration"),
                "template_id": template.id,
                "call_ids": [(6, 0, calls[-CALIBRATED:].ids)],
                "inspector_ids": [(6, 0, inspectors.ids)],
            }
        )
        calibration.action_start()
        for sheet in calibration.sheet_ids:
            self._score(sheet, chance)
        self._assess(calls.agent_id, chance)
        figures = (("handled", 40, 2), ("satisfaction", 80, 1), ("quality", 85, 2))
        self.env["cc.performance"].create(
            {
                "name": self.env._("Workload and performance"),
                "date_from": calls[0].started_at,
                "date_to": fields.Datetime.now(),
                "line_ids": [
                    (0, 0, {"metric": metric, "target": target, "weight": weight})
                    for metric, target, weight in figures
                ],
            }
        ).action_compute()

    def _hand_out_some(self, template, calls, inspectors):
        row = self.env["cc.quality.list"].create(
            {
                "name": self.env._("Three weeks"),
                "template_id": template.id,
                "count": CALLS,
                "date_from": calls[0].started_at,
                "date_to": fields.Datetime.now(),
                "recorded": False,
            }
        )
        row.with_context(queue_job__no_delay=True).action_generate()
        row.sheet_ids._hand_out_evenly(inspectors)
        return row.sheet_ids.filtered("inspector_id").sorted("id")

    def _score(self, sheet, chance):
        rows = [
            {
                "id": row.id,
                "points": row.maximum * chance.choice((1, 1, 1, 0.8, 0.5)),
                "na": row.na_allowed and chance.random() < 0.2,
            }
            for row in sheet.score_ids
        ]
        sheet.with_user(sheet.inspector_id).save_scores(rows, "", True)

    def _appeal(self, sheet):
        agent = sheet.agent_id.user_id
        action = sheet.with_user(agent).action_appeal()
        appeal = self.env["cc.quality.appeal"].browse(action["res_id"]).with_user(agent)
        appeal.reason = self.env._("The customer was in a hurry and thanked me at the end.")
        appeal.action_send()

    def _assess(self, agents, chance):
        today = fields.Date.today()
        row = self.env["cc.assessment"].create(
            {
                "name": self.env._("Assessment of the month"),
                "date_from": today.replace(day=1),
                "date_to": today,
                "frequency": "once",
                "agent_ids": [(6, 0, agents.ids)],
            }
        )
        row.action_publish()
        manager = self.env.ref("base.user_admin")
        for sheet in row.sheet_ids[:-1]:
            for line in sheet.line_ids.filtered(lambda one: not one.computed):
                line.with_user(manager).points = chance.choice((7, 8, 9, 10))
            sheet.with_user(manager).action_done()
