# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

NOT_ANSWERING = "cc_telephony.break_reason_not_answering"
# a menu of more is none
MOST_REASONS = 100


class CcBreakReason(models.Model):
    """Why an agent takes a break."""

    _name = "cc.break.reason"
    _description = "Break reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def _not_answering(self):
        """Name, untranslated, of the break for agents who let calls ring out; the PBX's side knows it so."""
        reason = self.env.ref(NOT_ANSWERING, raise_if_not_found=False)
        return reason.with_context(lang=None).name if reason else "Not answering"

    @api.model
    def _set_by_rule(self):
        """Id of the break that only a queue's rule sets; False without one."""
        return self.env["ir.model.data"]._xmlid_to_res_id(NOT_ANSWERING)

    @api.model
    def _choices(self):
        """Those that people may choose, in the menu's order."""
        return self.search([("id", "!=", self._set_by_rule())], limit=MOST_REASONS)

    @api.model
    def _chosen(self, reason_id):
        """The reason that somebody chose; empty without one.

        :raise UserError: it is not people's to choose
        """
        reason = self.browse(reason_id or []).exists()
        if reason and reason.id == self._set_by_rule():
            raise UserError(
                self.env._(
                    "“%(reason)s” is set automatically. Choose another break.", reason=reason.name
                )
            )
        return reason
