# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.phone import phone_country

from ..utils.window import zones_of

# joins the zones of a number that may lie in several
BETWEEN = "|"


class CcCustomerTaskLine(models.Model):
    """One number of a customer task, and whose it is as far as that is known."""

    _name = "cc.customer.task.line"
    _description = "Customer of a task"
    _inherit = ["cc.phone.owner.mixin"]
    _order = "id"
    _rec_name = "name"

    task_id = fields.Many2one("cc.customer.task", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="task_id.company_id")
    active = fields.Boolean(default=True)
    name = fields.Char("Customer")
    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="set null"
    )
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    stage_id = fields.Many2one(related="lead_id.stage_id", string="Follow-up stage")
    zones = fields.Char(help="Time zones in which the number may lie.", readonly=True)
    country = fields.Char(size=2, readonly=True)
    list_id = fields.Many2one(
        "cc.customer.task.list", "File", index="btree_not_null", ondelete="set null", readonly=True
    )
    line_no = fields.Integer("Line of the file", aggregator=None, readonly=True)

    _number_unique = models.UniqueIndex(
        "(task_id, number_id)", "This number is already in the task."
    )

    def _cc_phone_country(self):
        if self.partner_id:
            return self.partner_id._cc_phone_country()
        return super()._cc_phone_country()

    @api.model
    def _place_of(self, key):
        """`(zones, country)` of a number's key, as the columns have them."""
        return BETWEEN.join(zones_of(key)), phone_country(key) or ""

    @api.model
    def _place_vals(self, number_id):
        number = self.env["cc.phone.number"].browse(number_id)
        zones, country = self._place_of(number.key)
        return {"zones": zones, "country": country}

    @api.model_create_multi
    def create(self, vals_list):
        # before the table is asked, which would tell what others have in it
        parents = self.env["cc.customer.task"].browse(
            {vals.get("task_id") for vals in vals_list} - {None}
        )
        parents.check_access("write")
        for vals in vals_list:
            text = vals.pop("number", None)
            if text and not vals.get("number_id"):
                line = self.new({name: vals.get(name) for name in ("partner_id", "lead_id")})
                vals["number_id"] = self.env["cc.phone.link"]._number_of(
                    text, line._cc_phone_country()
                )
            if vals.get("number_id"):
                vals.update(self._place_vals(vals["number_id"]))
        lines = super().create(vals_list)
        for task in lines.task_id:
            task._feed_campaigns()
        return lines

    def write(self, vals):
        if vals.get("number_id"):
            vals = {**vals, **self._place_vals(vals["number_id"])}
        result = super().write(vals)
        if "active" in vals:
            self._follow()
        return result

    def unlink(self):
        self._entries().write({"active": False})
        return super().unlink()

    def _entries(self):
        # sudo: cc.campaign.entry - who takes a customer out of the task takes them out of its campaigns
        return (
            self.env["cc.campaign.entry"]
            .sudo()
            .with_context(active_test=False)
            .search([("task_line_id", "in", self.ids)])
        )

    def _follow(self):
        for active in (True, False):
            lines = self.filtered(lambda line, active=active: line.active == active)
            lines._entries().write({"active": active})
