# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SmsSms(models.Model):
    """Odoo's queue: each company's messages go to its own gateway, also from the cron."""

    _inherit = "sms.sms"

    # what delivery reports say: Odoo has these on notifications only
    failure_type = fields.Selection(
        selection_add=[
            ("sms_not_allowed", "Not Allowed"),
            ("sms_rejected", "Rejected"),
            ("sms_not_delivered", "Not Delivered"),
        ]
    )
    cc_company_id = fields.Many2one(
        "res.company", "Sent for", index="btree_not_null", ondelete="set null"
    )
    cc_template_id = fields.Many2one(
        "sms.template", "From the template", index="btree_not_null", ondelete="set null"
    )
    cc_user_id = fields.Many2one("res.users", "Written by", index="btree_not_null")

    @api.model_create_multi
    def create(self, vals_list):
        template_id = self.env.context.get("cc_sms_template_id")
        for vals in vals_list:
            vals.setdefault("cc_company_id", self.env.company.id)
            vals.setdefault("cc_user_id", self.env.uid)
            if template_id:
                vals.setdefault("cc_template_id", template_id)
        return super().create(vals_list)

    def _get_sms_company(self):
        return (
            self.mail_message_id.record_company_id
            or self.cc_company_id
            or super()._get_sms_company()
        )

    def _split_by_api(self):
        rest = self.browse()
        for company, messages in self.grouped(lambda sms: sms._get_sms_company()[:1]).items():
            if company._cc_sms_gateway():
                api_class = company._get_sms_api_class()(self.env)
                api_class._set_company(company)
                yield api_class, messages
            else:
                rest |= messages
        if rest:
            yield from super(SmsSms, rest)._split_by_api()

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """The cron comes here without having parted the companies."""
        if self.env.context.get("sms_api") or not self:
            return super()._send(unlink_failed, unlink_sent, raise_exception)
        result = None
        for sms_api, messages in self._split_by_api():
            result = super(SmsSms, messages.with_context(sms_api=sms_api))._send(
                unlink_failed, unlink_sent, raise_exception
            )
        return result
