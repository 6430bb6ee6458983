# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils import hold


class AccountPaymentRegister(models.TransientModel):
    """No bill is paid twice: whoever comes second reads who was faster."""

    _inherit = "account.payment.register"

    cc_due = fields.Monetary(
        "Due when opened",
        currency_field="company_currency_id",
        compute="_compute_cc_due",
        store=True,
        readonly=False,
        help="What was open when this window was opened. The form sends it back when it pays.",
    )

    @api.depends("line_ids")
    def _compute_cc_due(self):
        for wizard in self:
            wizard.cc_due = wizard._cc_due_now()

    def _cc_due_now(self):
        return sum(self.line_ids._origin.mapped("amount_residual"))

    def _create_payments(self):
        """Look again before paying: Odoo pays what was open when its window was opened.

        :raise UserError: something of it was paid or credited meanwhile
        """
        self.ensure_one()
        moves = self.line_ids.move_id
        # sudo: account.move - held as a whole, whoever pays; readable as the wizard's lines are
        hold(moves.sudo())
        posted = self.line_ids.filtered(lambda line: line.parent_state == "posted")
        changed = self.company_currency_id.compare_amounts(self.cc_due, self._cc_due_now())
        if changed or any(line.reconciled for line in posted):
            raise UserError(self._cc_who_was_faster(moves))
        return super()._create_payments()

    def _cc_who_was_faster(self, moves):
        """:return: the sentence for who comes second"""
        lines = []
        for move in moves:
            for part in move._get_all_reconciled_invoice_partials() or ():
                row_sudo = part[
                    "aml"
                ].sudo()  # sudo: account.move.line - whose payment it was, for the sentence
                lines.append(
                    self.env._(
                        "%(bill)s: %(amount)s on %(date)s by %(who)s (%(payment)s)",
                        bill=move.name,
                        amount=move.currency_id.format(part["amount"]),
                        date=fields.Date.to_string(row_sudo.date),
                        who=row_sudo.create_uid.name,
                        payment=row_sudo.move_id.name,
                    )
                )
        return self.env._(
            "Some of this was paid meanwhile, so nothing was paid now. Open the window again to see "
            "what is still due.\n%(lines)s",
            lines="\n".join(lines),
        )
