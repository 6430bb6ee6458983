# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallLeg(models.Model):
    """One party's presence in a call. The PBX's channel ids stand here only."""

    _name = "cc.call.leg"
    _description = "Call leg"
    _order = "call_id, leg"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    leg = fields.Integer("No.", required=True, aggregator=None)
    role = fields.Selection(
        [
            ("customer", "Customer"),
            ("agent", "Agent"),
            ("outside", "External party"),
            ("supervisor", "Supervisor"),
        ],
        required=True,
    )
    agent_id = fields.Many2one("cc.agent", ondelete="restrict")
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        help="The agent's department at that time.",
    )
    number_id = fields.Many2one("cc.phone.number", index="btree_not_null", ondelete="restrict")
    number_display = fields.Char("Displayed number")
    channels = fields.Char(help="Unique IDs of the PBX channels, separated by spaces.")
    joined_at = fields.Datetime("Joined")
    left_at = fields.Datetime("Left")
    mode = fields.Selection(
        [("talk", "Talking"), ("listen", "Listening"), ("whisper", "Whispering")], required=True
    )

    _leg_unique = models.UniqueIndex("(call_id, leg)")
    # an agent's calls, the last first
    _by_agent = models.Index("(agent_id, id DESC) WHERE agent_id IS NOT NULL")
    # figures by quarter of an hour
    _by_agent_time = models.Index("(agent_id, joined_at) WHERE agent_id IS NOT NULL")
