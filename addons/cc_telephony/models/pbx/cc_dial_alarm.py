# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models

HOUR = timedelta(hours=1)


class CcDialAlarm(models.Model):
    """A call to the outside that the PBX refused or ended: somebody may be trying what costs.

    Only the bridge's facts make rows. Administrators are notified, once an hour of the same.
    """

    _name = "cc.dial.alarm"
    _description = "Dialling alarm"
    _order = "at desc, id desc"
    _rec_name = "why"

    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    at = fields.Datetime("Time", required=True)
    why = fields.Selection(
        [
            ("destination", "Destination not allowed"),
            ("busy", "Too many outside calls at once"),
            ("hour", "Too many outside calls within an hour"),
            ("pair", "Outside parties alone for too long, ended"),
            ("minutes", "Outside call too long, ended"),
        ],
        "Reason",
        required=True,
    )
    agent_id = fields.Many2one("cc.agent", index="btree_not_null", ondelete="set null")
    extension = fields.Char("Phone")
    number_id = fields.Many2one("cc.phone.number", ondelete="restrict")
    call_uid = fields.Char("Call identifier")

    _by_agent = models.Index("(pbx_id, why, at)")

    def _tell(self):
        """Notify administrators of what was not told just now."""
        for alarm in self:
            if alarm._is_told():
                continue
            who = alarm.agent_id.name or alarm.extension or self.env._("unknown")
            reasons = dict(alarm._fields["why"]._description_selection(self.env))
            words = self.env._(
                "%(reason)s. By: %(who)s. Number: %(number)s.",
                reason=reasons[alarm.why],
                who=who,
                number=alarm.number_id.mask or "–",
            )
            admins = self.env.ref("cc_telephony.group_admin").all_user_ids.filtered(
                lambda user, alarm=alarm: user.active and alarm.company_id in user.company_ids
            )
            self.env["mail.thread"].message_notify(
                partner_ids=admins.partner_id.ids,
                subject=self.env._("Dialling alarm at %(pbx)s", pbx=alarm.pbx_id.name),
                body=words,
                # mail waits for its job: the bridge waits for the answer
                force_send=False,
            )

    def _is_told(self):
        """Whether the same of the same person was told in this hour of the clock: who goes on is told again."""
        begun = self.at.replace(minute=0, second=0, microsecond=0)
        return bool(
            self.search_count(
                [
                    ("pbx_id", "=", self.pbx_id.id),
                    ("why", "=", self.why),
                    ("agent_id", "=", self.agent_id.id),
                    ("extension", "=", self.extension),
                    ("at", ">=", begun),
                    ("at", "<", begun + HOUR),
                    # of several in one batch the first is told
                    ("id", "<", self.id),
                ],
                limit=1,
            )
        )
