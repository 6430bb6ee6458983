# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

import phonenumbers

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.contract import names
from ...utils.phone import phone_digits

# ITU: no number of the world is longer
MOST_DIGITS = 15
#: Country codes without a country that cost by the minute like nothing else: satellites, networks.
FAR = ("870", "878", "881", "882", "883", "888", "979")
DEAR = (phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST)


class CcDialDestination(models.Model):
    """Where a PBX's people may call, by the beginning of the number; the longest that fits counts.

    Without a row for it a premium-rate number or a satellite is refused; and as soon as a PBX has rows,
    so is every number that none of them fits. Of star codes only the digits are ever dialled.
    """

    _name = "cc.dial.destination"
    _description = "Destination"
    _order = "pbx_id, prefix, id"

    name = fields.Char(required=True, translate=True)
    pbx_id = fields.Many2one(
        "cc.pbx",
        "PBX",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["cc.pbx"]._default_one(),
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    prefix = fields.Char(
        "Begins with",
        help="First digits of the international number without the plus, e.g. 86. Leave "
        "empty to match every number.",
    )
    allowed_for = fields.Selection(
        [
            ("nobody", "Nobody"),
            ("agent", "Everybody"),
            ("leader", "Leaders"),
            ("manager", "Managers"),
        ],
        required=True,
        default="agent",
    )

    _prefix_unique = models.UniqueIndex(
        "(pbx_id, COALESCE(prefix, ''))", "This PBX already has a destination with this prefix."
    )

    @api.constrains("prefix")
    def _check_prefix(self):
        for row in self:
            if not names.PREFIX.fullmatch(row.prefix or ""):
                raise ValidationError(
                    self.env._(
                        "A destination prefix can have up to 15 digits, without a plus sign."
                    )
                )

    @api.model
    def _why_not(self, pbx, key, user):
        """Why a user may not have a number called, in words; None if they may.

        :param str key: `cc.phone.number.key`
        :param user: the res.users who asks
        """
        digits = phone_digits(key)
        if not re.fullmatch(rf"\+?[0-9]{{1,{MOST_DIGITS}}}", digits):
            return self.env._(
                "Only numbers with up to %(most)s digits can be called.", most=MOST_DIGITS
            )
        plain = digits.lstrip("+")
        country = pbx._country_code()
        if country and phonenumbers.is_emergency_number(plain, country):
            return None  # whatever the list says
        # sudo: cc.dial.destination - the list decides, whoever may read it
        rows_sudo = self.sudo().search([("pbx_id", "=", pbx.id)])
        fitting = [row for row in rows_sudo if plain.startswith(row.prefix or "")]
        if fitting:
            row = max(fitting, key=lambda row: len(row.prefix or ""))
            if row.prefix or not self._is_dear(key):
                group = f"cc_telephony.group_{row.allowed_for}"
                if row.allowed_for != "nobody" and user.has_group(group):
                    return None
                return self.env._("You are not allowed to call “%(name)s”.", name=row.name)
        if rows_sudo or self._is_dear(key):
            return self.env._("Calls to this destination are not allowed.")
        return None

    @api.model
    def _is_dear(self, key):
        """Whether a number is one on which fraud lives."""
        if not key.startswith("+"):
            return False
        if key[1:].startswith(FAR):
            return True
        return phonenumbers.number_type(phonenumbers.parse(key)) in DEAR
