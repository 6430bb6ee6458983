# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

# a wrap-up that lasts until the summary is chosen: the longest that a queue may have
UNTIL_SUMMARY_S = 86400


class CcPbx(models.Model):
    """Ratings and required summaries reach the bridge with the intent."""

    _inherit = "cc.pbx"

    def _intent_queues(self):
        rows = super()._intent_queues()
        queues = self.env["cc.queue"].search([("pbx_id", "=", self.id)])
        by_code = {queue.code: queue for queue in queues}
        for row in rows:
            queue = by_code.get(row["queue"])
            if not queue:
                continue
            if rating := queue._rating_intent():
                row["rating"] = rating
            if queue.summary_required:
                row["wrap_up_s"] = UNTIL_SUMMARY_S
        return rows
