# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """A lead that comes from a call, and is found by its number until it has a customer."""

    _inherit = "crm.lead"

    cc_call_id = fields.Many2one(
        "cc.call",
        "From the call",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="cc_telephony.group_agent",
    )
    phone_link_ids = fields.One2many(
        "cc.phone.link", "lead_id", "Numbers", groups="cc_telephony.group_agent"
    )
    cc_call_count = fields.Integer(
        "Calls", compute="_compute_cc_call_count", groups="cc_telephony.group_agent"
    )

    # ---- from a call ----

    @api.model
    def default_get(self, fields):
        """Fill a new lead from the call that is going on (``default_cc_call_id``)."""
        values = super().default_get(fields)
        call = self.env["cc.call"].browse(self.env.context.get("default_cc_call_id")).exists()
        if call and call.has_access("read"):
            wanted = self._cc_defaults_of(call)
            values.update(
                {name: value for name, value in wanted.items() if name in fields and value}
            )
        return values

    @api.model
    def _cc_defaults_of(self, call):
        """:return: values of a new lead for an unknown caller: who, where from, when"""
        number = call.number_id
        started = fields.Datetime.context_timestamp(self, call.started_at or fields.Datetime.now())
        return {
            # the title stands on cards and in messages: a mask, never the number
            "name": self.env._(
                "Call from %(number)s", number=number.mask or self.env._("anonymous")
            ),
            "phone": number.display,
            "country_id": number.country_id.id,
            "contact_name": call.caller_name if call.caller_name != number.display else False,
            "description": self.env._(
                "Called on %(time)s from %(region)s%(queue)s",
                time=started.strftime("%Y-%m-%d %H:%M"),
                region=number.region or self.env._("an unknown location"),
                queue=(call.queue_id and self.env._(", queue %(queue)s", queue=call.queue_id.name))
                or "",
            ),
            "user_id": self.env.uid,
        }

    # ---- numbers ----

    def _cc_phone_country(self):
        """:return: ISO code of the country in which this lead's numbers are written, or None"""
        self.ensure_one()
        country = self.country_id or self.company_id.country_id
        return country.code or self.env["cc.phone.number"]._company_country()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._cc_check_call(vals)
        leads = super().create(vals_list)
        leads._cc_sync_numbers()
        leads._cc_tell_calls()
        return leads

    def write(self, vals):
        self._cc_check_call(vals)
        result = super().write(vals)
        if not {"phone", "country_id", "company_id", "partner_id", "cc_call_id"}.isdisjoint(vals):
            self._cc_sync_numbers()
        return result

    def _cc_check_call(self, vals):
        """:raise AccessError: a lead comes from a call that the user may read"""
        if vals.get("cc_call_id") and not self.env.su:
            self.env["cc.call"].browse(vals["cc_call_id"]).check_access("read")

    def _cc_tell_calls(self):
        """The calls that these leads come from are with them: the log says so."""
        for lead in self.filtered("cc_call_id"):
            if not lead.cc_call_id.has_access("read"):
                continue
            # sudo: cc.call - who may read a call may say whose it was, by a lead of their own
            call_sudo = lead.cc_call_id.sudo()
            call_sudo.lead_id = call_sudo.lead_id or lead
            if lead.partner_id and not call_sudo.partner_id:
                lead.cc_call_id._cc_choose({"partner_id": lead.partner_id.id})

    def _cc_sync_numbers(self):
        """Make the numbers of these leads known; once a lead has a customer they are the customer's."""
        # sudo: cc.phone.link - who may edit the lead may change what it is found by
        links_sudo = self.env["cc.phone.link"].sudo()
        with_partner = self.filtered("partner_id")
        links_sudo.search([("lead_id", "in", with_partner.ids)])._cc_move_to_partner()
        own = self - with_partner
        written = {}
        for lead in own:
            if lead.phone:
                written.setdefault((lead.phone, lead._cc_phone_country()), []).append(lead.id)
        # the number that really called, even if somebody typed over it
        called = {
            (lead.id, lead.sudo().cc_call_id.number_id.id)
            for lead in own
            if lead.sudo().cc_call_id.number_id
        }
        links_sudo._cc_sync("lead_id", own, written, called)

    # ---- history ----

    def _cc_calls_domain(self):
        """:return: domain of the calls of this lead: its customer's, or those from its numbers"""
        self.ensure_one()
        # sudo: crm.lead - who asks sees of these calls those that they may read
        domain = Domain("id", "=", self.sudo().cc_call_id.id)
        if self.partner_id:
            return domain | self.partner_id._cc_calls_domain()
        return domain | Domain("number_id", "in", self.phone_link_ids.number_id.ids)

    def _compute_cc_call_count(self):
        for lead in self:
            lead.cc_call_count = self.env["cc.call"].search_count(lead._cc_calls_domain())

    def action_cc_calls(self):
        """Open this lead's calls."""
        self.ensure_one()
        self.env["cc.call"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("cc_telephony.cc_call_action")
        return {**action, "domain": list(self._cc_calls_domain()), "context": {"create": False}}
