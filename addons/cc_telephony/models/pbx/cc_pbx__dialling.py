# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...utils.dialling import dialled
from ...utils.phone import phone_digits

SETTINGS = {"dial_mode", "announce_agent"}


class CcPbx(models.Model):
    """How calls to the outside are made."""

    _inherit = "cc.pbx"

    dial_mode = fields.Selection(
        [("agent_first", "Agent's phone first"), ("customer_first", "Customer first")],
        "Outbound calls ring",
        required=True,
        default="agent_first",
        help="Phone that rings first when an agent dials.",
    )
    announce_agent = fields.Boolean(
        "Announce the agent's number",
        help="Play the agent's number to the customer before connecting.",
    )
    busy_blocks_dialling = fields.Boolean(
        "Busy blocks dialling", help="Agents who are busy or on a break cannot dial out."
    )
    trunk_ids = fields.One2many("cc.trunk", "pbx_id", "Trunks")
    dial_rule_ids = fields.One2many("cc.dial.rule", "pbx_id", "Dialling rules")

    @api.model
    def _cc_intent_fields(self):
        return super()._cc_intent_fields() | SETTINGS

    def _intent_settings(self):
        """What the bridge needs for dialling out, as the intent has it. Call as superuser."""
        self.ensure_one()
        trunks = self.env["cc.trunk"].search([("pbx_id", "=", self.id)], order="code")
        return {
            "country": self._country_code(),
            "dial_prefix": self.dial_prefix or "",
            "trunk": self.trunk or "",
            "record": self.record_calls,
            "record_consults": self.record_calls and self.record_consults,
            "wrap_up_more": self.wrap_up_more,
            "wrap_up_direct_s": self.wrap_up_direct_s,
            "not_answering": self.env["cc.break.reason"]._not_answering(),
            "dial_mode": self.dial_mode,
            "announce_agent": self.announce_agent,
            "dial_rules": self._dial_rules(),
            "trunks": [
                {"code": trunk.code, "caller_id": trunk._caller_digits()} for trunk in trunks
            ],
        }

    def _dial_rules(self):
        rules = self.env["cc.dial.rule"].search([("pbx_id", "=", self.id)])
        return rules._to_bridge()

    def _dialled(self, number):
        """What this PBX dials for a number.

        :param number: a cc.phone.number
        :return: as `utils.dialling.dialled`, `rule` being the cc.dial.rule
        """
        self.ensure_one()
        found = dialled(phone_digits(number.key), self._intent_settings())
        rules = self.env["cc.dial.rule"].search([("pbx_id", "=", self.id)])
        index = found["rule"]
        return {**found, "rule": rules.browse() if index is None else rules[index]}

    def action_try_number(self):
        """Open the box that shows what is dialled for a number."""
        self.ensure_one()
        self.env["cc.dial.try"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try a number"),
            "res_model": "cc.dial.try",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_pbx_id": self.id},
        }
