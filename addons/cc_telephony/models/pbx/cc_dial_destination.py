# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.contract import destinations, names
from ...utils.phone import phone_digits


class CcDialDestination(models.Model):
    """Where a PBX's people may call, by the beginning of the number; the longest that fits counts.

    Without a row for it a premium-rate number or a satellite is refused; and as soon as a PBX has rows,
    so is every number that none of them fits. Star codes are never dialled. The bridge and the PBX's own
    dialplan have the same list (`cc_contract/destinations.py`).
    """

    _name = "cc.dial.destination"
    _description = "Destination"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "pbx_id, prefix, id"

    name = fields.Char(required=True, translate=True)
    pbx_id = fields.Many2one(ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    prefix = fields.Char(
        "Begins with",
        help="First digits of the international number without the plus, e.g. 86. Leave "
        "empty to match every number.",
    )
    allowed_for = fields.Selection(
        [
            ("nobody", "Nobody"),
            ("phone", "Everybody, and phones without an agent"),
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
    def _of(self, pbx):
        """The list of a PBX, `{beginning: destination}`, as superuser."""
        # sudo: cc.dial.destination - the list decides, whoever may read it
        rows_sudo = self.sudo().search([("pbx_id", "=", pbx.id)])
        return {row.prefix or "": row for row in rows_sudo}

    @api.model
    def _why_not(self, pbx, key, user):
        """Why a user may not have a number called, in words; None if they may.

        :param str key: `cc.phone.number.key`
        :param user: the res.users who asks
        """
        number = phone_digits(key)
        if not destinations.FORM.fullmatch(number):
            return self.env._(
                "Only numbers with up to %(most)s digits can be called.",
                most=destinations.MOST_DIGITS,
            )
        levels = destinations.LEVELS
        rows_sudo = self._of(pbx)
        listed = {prefix: levels[row.allowed_for] for prefix, row in rows_sudo.items()}
        ruling = destinations.Policy(pbx._country_code() or "", listed).ruling(number)
        if ruling.level <= levels[self._role_of(user)]:
            return None
        if ruling.row is None:
            return self.env._("Calls to this destination are not allowed.")
        name = rows_sudo[ruling.row].name
        return self.env._("You are not allowed to call “%(name)s”.", name=name)

    @api.model
    def _role_of(self, user):
        """The strongest word of `allowed_for` that a user has; one who is archived has none."""
        if not user.active:
            return "phone"
        roles = ("manager", "leader", "agent")
        return next(
            (role for role in roles if user.has_group(f"cc_telephony.group_{role}")), "phone"
        )
