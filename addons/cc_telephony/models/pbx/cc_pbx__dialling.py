# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...utils.dialling import dialled
from ...utils.phone import phone_digits

LIMITS = ("out_most", "out_hour", "out_minutes", "pair_minutes")
SETTINGS = {"dial_mode", "announce_agent", *LIMITS}


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
    out_most = fields.Integer(
        "Outside calls at once", help="Calls to the outside that may go on at once. 0: no limit."
    )
    out_hour = fields.Integer(
        "Outside calls per hour",
        default=120,
        help="Calls to the outside that one agent, or one phone without an agent, may make within "
        "an hour; campaigns are not counted. 0: no limit.",
    )
    out_minutes = fields.Integer(
        "Longest outside call (min)",
        default=240,
        help="A call to the outside is ended after so many minutes. 0: no limit.",
    )
    pair_minutes = fields.Integer(
        "Longest transfer outside (min)",
        default=60,
        help="Two outside parties that an agent has left alone with each other are separated after "
        "so many minutes. 0: no limit.",
    )
    trunk_ids = fields.One2many("cc.trunk", "pbx_id", "Trunks")
    dial_rule_ids = fields.One2many("cc.dial.rule", "pbx_id", "Dialling rules")

    _limits_positive = models.Constraint(
        "CHECK (out_most >= 0 AND out_hour >= 0 AND out_minutes >= 0 AND pair_minutes >= 0)",
        "A limit is 0 or more.",
    )

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
            **{name: self[name] for name in LIMITS},
            "destinations": [
                {"prefix": prefix, "allowed_for": row.allowed_for}
                for prefix, row in sorted(self.env["cc.dial.destination"]._of(self).items())
            ],
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
