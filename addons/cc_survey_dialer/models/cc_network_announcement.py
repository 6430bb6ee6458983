# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..utils.outcomes import OUTCOMES

TELLS = ("empty", "suspended", "off")


class CcNetworkAnnouncement(models.Model):
    """What a carrier's network says instead of connecting a call, and what that means for the number.

    Bridges listen before anybody answers and compare with the recording; the cause of the call's end alone
    often says no more than "no answer".
    """

    _name = "cc.network.announcement"
    _description = "Network announcement"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("sound", "Recording"), ("tone", "Special information tone")],
        required=True,
        default="sound",
        help="The tone is three rising notes before a spoken announcement (ITU-T Q.35).",
    )
    sound = fields.Binary("Recording", attachment=True)
    sound_name = fields.Char()
    sound_sha256 = fields.Char(compute="_compute_sound_sha256", store=True)
    outcome = fields.Selection(
        lambda self: [(key, self.env._(OUTCOMES[key])) for key in TELLS],
        "Tells that",
        required=True,
        default="empty",
    )

    @api.depends("sound")
    def _compute_sound_sha256(self):
        for one in self.with_context(bin_size=False):
            one.sound_sha256 = one.sound and hashlib.sha256(base64.b64decode(one.sound)).hexdigest()

    @api.constrains("kind", "sound")
    def _check_sound(self):
        for one in self:
            if one.kind == "sound" and not one.sound:
                raise ValidationError(self.env._("Upload the announcement's recording."))

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        self._tell_bridges()
        return made

    def write(self, vals):
        result = super().write(vals)
        self._tell_bridges()
        return result

    def unlink(self):
        result = super().unlink()
        self._tell_bridges()
        return result

    @api.model
    def _tell_bridges(self):
        # sudo: cc.pbx - the bell of all PBXs is rung by whoever may change announcements
        self.env["cc.pbx"].sudo().search([("active", "=", True)])._cc_ring("intent")

    @api.model
    def _intent_announcements(self):
        """:return: rows of the intent's section ``dialer``"""
        return [
            {
                "name": one.name,
                "outcome": one.outcome,
                "sound": one.sound_sha256 if one.kind == "sound" else None,
            }
            for one in self.search([])
        ]
