# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CcPhoneLink(models.Model):
    """A number is one of a customer's. Many to many: families share one, people have several."""

    _name = "cc.phone.link"
    _description = "Number of a customer"
    _order = "main desc, id"

    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", required=True, index=True, ondelete="cascade"
    )
    # Not required in the database: addons link numbers with other things, too (see _check_owner)
    partner_id = fields.Many2one("res.partner", "Customer", index=True, ondelete="cascade")
    number = fields.Char(
        compute="_compute_number",
        inverse="_inverse_number",
        help="Type it in any form: +86 138 0013 8000, 13800138000, 0086-138…",
    )
    label = fields.Char(help="What people call this number: mobile, home, reception …")
    main = fields.Boolean(
        help="This customer comes first when the number calls. One customer a number."
    )
    synced = fields.Boolean(
        readonly=True,
        help="Comes from the customer's own phone field and goes when that changes",
    )
    mask = fields.Char(related="number_id.mask")
    region = fields.Char(related="number_id.region")

    _pair_unique = models.Constraint(
        "UNIQUE (number_id, partner_id)", "This customer has that number already."
    )
    _main_unique = models.UniqueIndex(
        "(number_id) WHERE main", "Another customer is the main one of this number."
    )

    @api.depends("number_id.display")
    def _compute_number(self):
        for link in self:
            link.number = link.number_id.display

    def _inverse_number(self):
        for link in self:
            # Setting what is shown already must not read it again in another country
            if link.number and link.number != link.number_id.display:
                link.number_id = self._number_of(link.number, link._phone_country())

    @api.depends("number_id.display", "partner_id.display_name")
    def _compute_display_name(self):
        for link in self:
            link.display_name = (
                f"{link.partner_id.display_name or ''} {link.number_id.mask or ''}".strip()
            )

    @api.constrains("number_id", "partner_id")
    def _check_owner(self):
        """Addons that link numbers with something else override this."""
        if not all(link.partner_id for link in self):
            raise ValidationError(self.env._("A number is linked with a customer."))

    def _phone_country(self):
        """:return: ISO code of the country in which this link's number was typed, or None"""
        if self.partner_id:
            return self.partner_id._cc_phone_country()
        return self.env["cc.phone.number"]._company_country()

    @api.model
    def _number_of(self, text, country):
        """:raise ValidationError: if there is no number in ``text``"""
        # sudo: cc.phone.number - rows are made by the system only; a link's right is what counts here
        numbers_sudo = self.env["cc.phone.number"].sudo()
        number = numbers_sudo._ingest([(text, country)])[text, country]
        if not number:
            raise ValidationError(self.env._("There is no phone number in “%(text)s”.", text=text))
        return number.id

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("number") and not vals.get("number_id"):
                link = self.new({name: vals[name] for name in vals if name != "number"})
                vals["number_id"] = self._number_of(vals.pop("number"), link._phone_country())
            else:
                vals.pop("number", None)
        self._unset_main([vals.get("number_id") for vals in vals_list if vals.get("main")])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("main"):
            self._unset_main(self.number_id.ids)
        if "number" in vals or "number_id" in vals:
            vals = {**vals, "synced": False}
        return super().write(vals)

    @api.model
    def _unset_main(self, number_ids):
        """Give up the main place on these numbers, flushed: the index is checked row by row."""
        mains = self.search([("number_id", "in", number_ids), ("main", "=", True)])
        if mains:
            mains.write({"main": False})
            mains.flush_recordset(["main"])

    def _as_target(self):
        """This number as the picker of targets shows it: `{id, mask, partner, label}`."""
        self.ensure_one()
        return {
            "id": self.number_id.id,
            "mask": self.number_id.mask,
            "partner": self.partner_id.display_name or None,
            "label": self.label or None,
        }
