# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import sql


class OwnerCheck(models.Constraint):
    """Exactly one of the owners' columns is filled; which there are, the model says (`_cc_owner_fields`)."""

    def __init__(self, message):
        super().__init__("", message)

    def apply_to_database(self, model):
        """Applied again by every addon that adds an owner."""
        columns = ", ".join(model._cc_owner_fields())
        self._definition = f"CHECK (num_nonnulls({columns}) = 1)"
        cr, name = model.env.cr, self.full_name(model)
        current = sql.constraint_definition(cr, model._table, name)
        if current == self._definition:
            return
        if current:
            sql.drop_constraint(cr, model._table, name)
        # in an upgrade the addons come one after the other, and what fails with the columns of the first
        # is tried once more at the end: with the columns of them all
        model.pool.post_constraint(
            cr, lambda cr: sql.add_constraint(cr, model._table, name, self._definition), name
        )


class CcPhoneLink(models.Model):
    """A number is one of a customer's. Many to many: families share one, people have several."""

    _name = "cc.phone.link"
    _description = "Contact phone number"
    _order = "main desc, id"

    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", required=True, index=True, ondelete="cascade"
    )
    # not required: addons link numbers with other things, too (see _cc_owner_fields)
    partner_id = fields.Many2one("res.partner", "Customer", index=True, ondelete="cascade")
    number = fields.Char(
        compute="_compute_number",
        inverse="_inverse_number",
        help="Enter it in any format: +86 138 0013 8000, 13800138000, 0086-138…",
    )
    label = fields.Char(help="E.g. mobile, home, reception")
    main = fields.Boolean(
        "Opens this contact",
        help="Open this contact when the number calls. Only one contact per number.",
    )
    synced = fields.Boolean(
        readonly=True,
        help="Synchronized with the contact's phone field",
    )
    trusted = fields.Boolean(
        "Confirmed",
        readonly=True,
        help="Linked by a leader, or by someone who talked with this number. Only a "
        "confirmed number gives the customer's owner access to the calls.",
    )
    mask = fields.Char(related="number_id.mask")
    region = fields.Char(related="number_id.region")

    _pair_unique = models.Constraint(
        "UNIQUE (number_id, partner_id)", "This contact already has this number."
    )
    _main_unique = models.UniqueIndex(
        "(number_id) WHERE main", "This number already opens another contact."
    )
    _owner_check = OwnerCheck("A number belongs to one contact, or to one record of another kind.")

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
            owner = link._cc_owner()
            link.display_name = (
                f"{owner.display_name or '' if owner else ''} {link.number_id.mask or ''}".strip()
            )

    @api.model
    def _cc_owner_fields(self):
        """Names of the many2one fields of which exactly one says whose number it is. Addons add theirs.

        An owner's model has a method `_cc_phone_country()`, an ISO code or None; addons override
        `_compute_display_name` with their `@api.depends` only.
        """
        return ["partner_id"]

    def _cc_owner(self):
        """Whose number it is: a record of one of the owners' models, or None on a row not saved yet."""
        self.ensure_one()
        return next((self[name] for name in self._cc_owner_fields() if self[name]), None)

    def _phone_country(self):
        """:return: ISO code of the country in which this link's number was typed, or None"""
        owner = self._cc_owner()
        if owner:
            return owner._cc_phone_country()
        return self.env["cc.phone.number"]._company_country()

    @api.model
    def _cc_sync(self, field, owners, written, more=()):
        """Bring the links of some owners in step with what stands in their phone fields.

        A number typed by hand in the list of numbers stays, whatever the phone field says. Call as
        superuser.

        :param str field: one of `_cc_owner_fields`
        :param owners: records; links of theirs that no phone field names any more go
        :param dict written: `(raw, country): [ids of owners]`
        :param more: further pairs `(id of an owner, id of a cc.phone.number)`
        """
        numbers = self.env["cc.phone.number"]._ingest(list(written))
        pairs = {
            (owner_id, number.id)
            for pair, number in numbers.items()
            if number
            for owner_id in written[pair]
        }
        pairs |= set(more)
        present = self.search([(field, "in", owners.ids)])
        stale = present.filtered(
            lambda link: link.synced and (link[field].id, link.number_id.id) not in pairs
        )
        stale.unlink()
        have = {(link[field].id, link.number_id.id) for link in present.exists()}
        self.create(
            [
                {field: owner_id, "number_id": number_id, "synced": True}
                for owner_id, number_id in sorted(pairs - have)
            ]
        )

    @api.model
    def _number_of(self, text, country):
        """:raise ValidationError: if there is no number in ``text``"""
        # sudo: cc.phone.number - rows are made by the system only; a link's right is what counts here
        numbers_sudo = self.env["cc.phone.number"].sudo()
        number = numbers_sudo._ingest([(text, country)])[text, country]
        if not number:
            raise ValidationError(self.env._("“%(text)s” is not a phone number.", text=text))
        return number.id

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("number") and not vals.get("number_id"):
                link = self.new({name: vals[name] for name in vals if name != "number"})
                vals["number_id"] = self._number_of(vals.pop("number"), link._phone_country())
            else:
                vals.pop("number", None)
        opening = [vals.get("number_id") for vals in vals_list if vals.get("main")]
        self._check_main(opening)
        self._unset_main(opening)
        known = self._numbers_of_user([vals.get("number_id") for vals in vals_list])
        vals_list = [{**vals, "trusted": vals.get("number_id") in known} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: see `_check_confirmed`, `_check_main`"""
        self._check_confirmed()
        if vals.get("main"):
            self._check_main([vals["number_id"]] if "number_id" in vals else self.number_id.ids)
            self._unset_main(self.number_id.ids)
        if "number" in vals or "number_id" in vals:
            vals = {**vals, "synced": False}
        moved = bool(vals.keys() & {"number", "number_id", *self._cc_owner_fields()})
        if "trusted" in vals and not self._is_word_enough():
            vals = {name: value for name, value in vals.items() if name != "trusted"}
        result = super().write(vals)
        if moved:
            known = self._numbers_of_user(self.number_id.ids)
            sure = self.filtered(lambda link: link.number_id.id in known)
            super(CcPhoneLink, sure).write({"trusted": True})
            super(CcPhoneLink, self - sure).write({"trusted": False})
        return result

    def unlink(self):
        """:raise AccessError: see `_check_confirmed`"""
        self._check_confirmed()
        return super().unlink()

    def _check_confirmed(self):
        """A confirmed number stays with its customer, unless somebody says otherwise who knows it or them.

        Who may edit the contact changes its phone field, as everywhere in Odoo; this is for the list of numbers.

        :raise AccessError: the user is no leader, had no call with it and does not own the customer
        """
        if self.env.su or self._is_word_enough():
            return
        links = self.filtered("trusted")
        links -= links.filtered(
            lambda link: link.partner_id and link.partner_id._cc_owner() == self.env.user
        )
        known = self._numbers_called(links.number_id.ids)
        if any(link.number_id.id not in known for link in links):
            raise AccessError(
                self.env._(
                    "This number is confirmed. Only leaders, and agents who had a call with it, can change it."
                )
            )

    @api.model
    def _check_main(self, number_ids):
        """A number that is somebody's opens another contact only by the word of who knows it.

        :raise AccessError: it is confirmed for a contact, and the user is no leader and had no call with it
        """
        if self.env.su or self._is_word_enough():
            return
        # sudo: cc.phone.link - also of customers whom the user may not see
        links_sudo = self.sudo().search([("number_id", "in", number_ids), ("trusted", "=", True)])
        others = (links_sudo - self.sudo()).number_id.ids
        if set(others) - self._numbers_called(others):
            raise AccessError(
                self.env._(
                    "This number is confirmed for another contact. Only leaders, and agents who had a call with "
                    "it, can choose which contact it opens."
                )
            )

    @api.model
    def _numbers_called(self, number_ids):
        """Of these numbers, those with which the user had a call, or whose call rang at them: set of ids."""
        own = [("agent_id.user_id", "=", self.env.uid)]
        return self._numbers_in_calls(
            number_ids, Domain("leg_ids", "any", own) | Domain("attempt_ids", "any", own)
        )

    @api.model
    def _numbers_in_calls(self, number_ids, part):
        """Of these numbers, those of a call in which the user had this part (a domain): set of ids."""
        if not number_ids:
            return set()
        # sudo: cc.call - whether the user had part in a call with the number
        calls_sudo = self.env["cc.call"].sudo()
        # what somebody registers by hand is their word, and no call that anybody has seen
        told = Domain("number_id", "in", list(number_ids)) & Domain("manual", "=", False)
        found = calls_sudo._read_group(told & part, ["number_id"])
        return {number.id for (number,) in found}

    @api.model
    def _is_word_enough(self):
        """Whether the calling user says whose a number is without having talked with it."""
        return self.env.uid == api.SUPERUSER_ID or self.env.user.has_group(
            "cc_telephony.group_leader"
        )

    @api.model
    def _numbers_of_user(self, number_ids):
        """Of these numbers, those about which the calling user's word counts.

        A leader's always; an agent's where the agent has talked with that number.

        :return: set of ids
        """
        ids = {number_id for number_id in number_ids if number_id}
        if self._is_word_enough():
            return ids
        talked = [
            ("agent_id.user_id", "=", self.env.uid),
            ("mode", "=", "talk"),
            ("joined_at", "!=", False),
        ]
        return self._numbers_in_calls(ids, Domain("leg_ids", "any", talked))

    def action_confirm(self):
        """A leader says that these numbers are their customers'.

        :raise AccessError: the user is no leader
        """
        if not self._is_word_enough():
            raise AccessError(self.env._("Only leaders can confirm numbers."))
        return self.write({"trusted": True})

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
