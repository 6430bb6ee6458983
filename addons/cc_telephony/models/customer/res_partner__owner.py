# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...utils.times import now


class ResPartner(models.Model):
    """A customer is somebody's: what that is for rights stands in `cc.customer.owner`."""

    _inherit = "res.partner"

    cc_owner_ids = fields.One2many(
        "cc.customer.owner", "partner_id", "Owners", groups="cc_telephony.group_agent", copy=False
    )
    cc_owner_id = fields.Many2one(
        "res.users",
        "Owner",
        compute="_compute_cc_owner_id",
        search="_search_cc_owner_id",
        groups="cc_telephony.group_agent",
        help="Can see and listen to this customer's calls. Leaders assign customers to "
        "their agents.",
    )

    @api.depends("cc_owner_ids.user_id", "cc_owner_ids.ended_at")
    def _compute_cc_owner_id(self):
        for partner in self:
            partner.cc_owner_id = partner._cc_owner().with_env(partner.env)

    @api.model
    def _search_cc_owner_id(self, operator, value):
        if operator not in ("in", "=", "any", "ilike"):
            return NotImplemented
        return [("cc_owner_ids", "any", [("ended_at", "=", False), ("user_id", operator, value)])]

    def _cc_owner(self):
        """:return: the res.users who owns this customer, as superuser; empty without one"""
        self.ensure_one()
        # sudo: cc.customer.owner - the owner's name is no secret of the customer's
        rows_sudo = self.env["cc.customer.owner"].sudo()
        return rows_sudo.search(
            [("partner_id", "=", self.id or 0), ("ended_at", "=", False)], limit=1
        ).user_id

    def _cc_owner_agent(self, pbx=None):
        """:return: the cc.agent who owns this customer, or the company above, as superuser; may be empty

        :param pbx: only of this PBX
        """
        self.ensure_one()
        # sudo: res.partner, cc.agent - whose customer it is decides, not what the asking user may see
        partner_sudo = self.sudo()
        owner_sudo = partner_sudo._cc_owner() or partner_sudo.commercial_partner_id._cc_owner()
        agents_sudo = self.env["cc.agent"].sudo()
        if not owner_sudo:
            return agents_sudo
        domain = [("user_id", "=", owner_sudo.id)] + ([("pbx_id", "=", pbx.id)] if pbx else [])
        return agents_sudo.search(domain, limit=1)

    def _cc_give(self, user, how):
        """Give these customers to a user, and log it. Rights are the caller's to check.

        :param user: res.users; empty: nobody owns them any more
        :param str how: see `cc.customer.owner`
        """
        # sudo: cc.customer.owner - written by these methods only
        rows_sudo = self.env["cc.customer.owner"].sudo()
        current_sudo = rows_sudo.search([("partner_id", "in", self.ids), ("ended_at", "=", False)])
        kept_sudo = current_sudo.filtered(lambda row: row.user_id.id == user.id)
        over_sudo = current_sudo - kept_sudo
        over_sudo.write({"ended_at": now(), "ended_by_id": self.env.uid})
        over_sudo.flush_recordset()
        if user:
            rows_sudo.create(
                [
                    {
                        "partner_id": partner.id,
                        "user_id": user.id,
                        "how": how,
                        "given_by_id": self.env.uid,
                        "given_at": now(),
                    }
                    for partner in self - kept_sudo.partner_id
                ]
            )

    @api.model
    def _cc_may_give_to(self, user):
        """Whether the calling user may give customers to `user`: a manager, or who leads them."""
        if self.env.uid == api.SUPERUSER_ID or self.env.user.has_group(
            "cc_telephony.group_manager"
        ):
            return True
        if not self.env.user.has_group("cc_telephony.group_leader"):
            return False
        # sudo: cc.agent - an agent of the departments led
        agent_sudo = user.sudo().cc_agent_ids[:1]
        return bool(agent_sudo) and agent_sudo.with_env(self.env)._is_led_by_user()

    @api.model
    def _cc_takes(self, user):
        """Whether the calling user would give customers to themselves: only managers do."""
        return (
            bool(user)
            and user.id == self.env.uid != api.SUPERUSER_ID
            and not self.env.user.has_group("cc_telephony.group_manager")
        )

    def action_cc_give(self, user_id):
        """A leader gives customers to an agent of theirs, or takes them from one.

        :param user_id: id of the res.users; False: to nobody
        :raise AccessError: the user leads neither whom it is given to nor whom it is taken from, or takes
            it for themselves
        """
        self.check_access("read")
        user = self.env["res.users"].browse(user_id or ()).exists()
        for partner in self:
            owner = partner._cc_owner()
            if user != owner and self._cc_takes(user):
                raise AccessError(self.env._("You cannot assign customers to yourself."))
            for somebody in (user, owner):
                if somebody and not self._cc_may_give_to(somebody):
                    raise AccessError(
                        self.env._("You can only assign and unassign customers of your own agents.")
                    )
            if not user and not owner and not self._cc_may_give_to(user):
                raise AccessError(self.env._("Only leaders can assign customers."))
        self._cc_give(user, "leader")
        return True

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("user_id")._cc_follow_salesperson()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._cc_follow_salesperson()
        return result

    def _cc_follow_salesperson(self):
        """Who may give a customer away does so by naming the salesperson, too; from anybody else that
        field says nothing about rights."""
        for partner in self:
            user, owner = partner.user_id, partner._cc_owner()
            if user.id == owner.id or self._cc_takes(user):
                continue
            if all(self._cc_may_give_to(somebody) for somebody in (user, owner) if somebody):
                partner._cc_give(user, "leader")
