# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...utils.phone import (
    NO_COUNTRY,
    phone_country,
    phone_digits,
    phone_display,
    phone_key,
    phone_mask,
    phone_region,
)

NEVER = datetime.min
# of a number, to find it by: fewer are in nearly every number
FEWEST_DIGITS = 3


class CcPhoneNumber(models.Model):
    """One phone number, whatever way it was written; the only place that holds it.

    Rows come from calls (``_ingest``), from customers' phone fields and from people's typing, and are
    never changed: a customer's new number is another row.
    """

    _name = "cc.phone.number"
    _description = "Phone number"
    _rec_name = "display"
    _order = "id desc"

    key = fields.Char(
        required=True,
        readonly=True,
        help="E.164, or raw:<country>:<digits> for short codes and extensions",
    )
    display = fields.Char("Number", compute="_compute_display", store=True)
    mask = fields.Char(
        compute="_compute_display",
        store=True,
        help="Country, area and last four digits, as shown in lists and messages",
    )
    country_id = fields.Many2one("res.country", compute="_compute_country_id")
    region = fields.Char(compute="_compute_region", help="Region of the number, in your language")
    link_ids = fields.One2many("cc.phone.link", "number_id", "Customers")
    partner_ids = fields.Many2many(
        "res.partner", compute="_compute_partner_ids", string="Contacts with this number"
    )

    _key_unique = models.Constraint("UNIQUE (key)", "This number already exists.")

    @api.depends("key")
    def _compute_display(self):
        for number in self:
            number.display = phone_display(number.key)
            number.mask = phone_mask(number.key)

    @api.depends("key")
    def _compute_country_id(self):
        codes = {number: phone_country(number.key) for number in self}
        countries = self.env["res.country"].search([("code", "in", list(set(codes.values())))])
        by_code = {country.code: country for country in countries}
        for number in self:
            number.country_id = by_code.get(codes[number], False)

    @api.depends("key")
    @api.depends_context("lang")
    def _compute_region(self):
        for number in self:
            place = phone_region(number.key, self.env.lang)
            number.region = place or number.country_id.name

    @api.depends("link_ids.partner_id")
    def _compute_partner_ids(self):
        for number in self:
            number.partner_ids = number.link_ids.partner_id

    @api.model
    def _search_display_name(self, operator, value):
        """Find a number by any form of it, or by some digits of it in a row, however they are parted."""
        if operator not in ("ilike", "like", "=", "in") or not isinstance(value, str) or not value:
            return super()._search_display_name(operator, value)
        domain = Domain(super()._search_display_name(operator, value))
        country = self._company_country()
        key = phone_key(value, country)
        if key:
            domain |= Domain("key", "=", key)
            # No number of a plan: a piece of one, which has no trunk 0 in it. Written with another
            # country's code it is none of ours.
            digits = phone_digits(key).lstrip("0")
            ours = key.startswith(f"raw:{country or NO_COUNTRY}:")
            if ours and len(digits) >= FEWEST_DIGITS:
                domain |= Domain("key", "=like", f"%{digits}%")
        return domain

    @api.model
    def _company_country(self):
        """:return: ISO code of the country in which numbers without a country code are read

        The company's, as people in it write numbers; else that of its PBX.
        """
        if self.env.company.country_id:
            return self.env.company.country_id.code
        # sudo: cc.pbx - agents may not read PBX settings; only the country is taken
        pbx_sudo = self.env["cc.pbx"].sudo()
        domain = [("company_id", "=", self.env.company.id), ("country_id", "!=", False)]
        return pbx_sudo.search(domain, limit=1).country_id.code or None

    @api.model
    def _ingest(self, pairs):
        """Give the rows of many written numbers, making those that aren't there.

        One select, and one insert where something is new. Safe against others who make the same row at
        the same time: under READ COMMITTED the second reads what the first made, under REPEATABLE READ
        PostgreSQL refuses and Odoo repeats the request.

        :param list pairs: ``(raw, country_code)``; raw may be None or hold no number
        :return: ``{(raw, country_code): cc.phone.number record, empty where there is no number}``
        """
        keys = {pair: phone_key(pair[0], pair[1] or None) for pair in pairs}
        ids = self._ids_by_key({key for key in keys.values() if key})
        return {pair: self.browse(ids.get(key, ())) for pair, key in keys.items()}

    @api.model
    def _unsaved(self, raw, country):
        """The number that was written, without a row for it; empty where there is none in it."""
        key = phone_key(raw, country or None)
        return self.new({"key": key}) if key else self.browse()

    @api.model
    def _ids_by_key(self, keys):
        """:return: ``{key: id}`` of all ``keys``, made where missing"""
        if not keys:
            return {}
        self.flush_model(["key"])
        ids = self._select_ids(keys)
        # Sorted: two transactions that make the same rows can't wait for each other
        missing = sorted(keys - ids.keys())
        if missing:
            self._insert_keys(missing)
            ids.update(self._select_ids(missing))
        return ids

    @api.model
    def _select_ids(self, keys):
        return dict(
            self.env.execute_query(
                SQL("SELECT key, id FROM cc_phone_number WHERE key = ANY(%s)", list(keys))
            )
        )

    @api.model
    def _insert_keys(self, keys):
        uid = self.env.uid or None
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
                key,
                phone_display(key),
                phone_mask(key),
                uid,
                uid,
            )
            for key in keys
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_phone_number
                       (key, display, mask, create_uid, write_uid, create_date, write_date)
                   VALUES %s ON CONFLICT (key) DO NOTHING""",
                rows,
            )
        )

    @api.model
    def _find(self, raw, country_code=None):
        """:return: the row of a written number by one index probe, empty if nobody ever called from it"""
        key = phone_key(raw, country_code or self._company_country())
        return self.search([("key", "=", key)], limit=1) if key else self.browse()

    def _partners(self):
        """Who has this number: the main one first, then who was in contact last.

        :return: res.partner records, archived ones left out, in that order; only those that the user
            may read (the ingest asks as superuser and gets all)
        """
        self.ensure_one()
        links = self.link_ids.filtered("partner_id.active")
        if not self.env.su:
            links = links.filtered(lambda link: link.partner_id.has_access("read"))
        if len(links) < 2:
            return links.partner_id
        last = links.partner_id._cc_last_contact()
        return links.sorted(
            lambda link: (link.main, last.get(link.partner_id.id) or NEVER, link.id), reverse=True
        ).partner_id

    def _cc_names_surely(self, partner):
        """Whether a call from this number is surely this customer's.

        The number is theirs alone, confirmed (`cc.phone.link.trusted`), and no call of it was anybody
        else's: the main customer of a shared number is a guess. Calls registered by hand say nothing against it.
        Call as superuser.
        """
        self.ensure_one()
        links = self.link_ids
        if not partner or links.partner_id != partner or not all(links.mapped("trusted")):
            return False
        others = [
            ("number_id", "=", self.id),
            ("partner_id", "not in", [partner.id, False]),
            ("manual", "=", False),
        ]
        return not self.env["cc.call"].search_count(others, limit=1)

    def _cc_may_call(self):
        """Whether the user may have this number dialled: a customer's or a call's that the user may see.

        Addons that link numbers with something else override this.
        """
        self.ensure_one()
        if self.link_ids.partner_id._filtered_access("read"):
            return True
        of_it = [("number_id", "=", self.id)]
        return any(
            self.env[model].search_count(of_it, limit=1)
            for model in ("cc.call", "cc.call.leg", "cc.call.attempt")
        )
