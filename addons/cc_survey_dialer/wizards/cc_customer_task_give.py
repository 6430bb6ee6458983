# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CcCustomerTaskGive(models.TransientModel):
    """Gives a task's contacts to agents, as many to each: the next one to whoever has fewest of them."""

    _name = "cc.customer.task.give"
    _description = "Give a task's customers to agents"

    task_id = fields.Many2one("cc.customer.task", "Customer task", required=True)
    agent_ids = fields.Many2many("cc.agent", string="Agents", required=True)
    unowned = fields.Boolean("Only customers without an owner", default=True)
    each = fields.Integer("At most for each agent", help="0: no limit.")
    count = fields.Integer("Customers to give", compute="_compute_count")

    @api.depends("task_id", "unowned")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard._partners())

    def _partners(self):
        """The task's contacts that the user may read, in its order."""
        partners = self.task_id.line_ids.partner_id._filtered_access("read")
        if not self.unowned:
            return partners
        # sudo: cc.customer.owner - whether somebody owns a customer is no secret of one who may read them
        owned_sudo = (
            self.env["cc.customer.owner"]
            .sudo()
            .search([("partner_id", "in", partners.ids), ("ended_at", "=", False)])
            .partner_id
        )
        return partners - owned_sudo.with_env(self.env)

    def action_give(self):
        """Give them.

        :raise AccessError: the user leads neither an agent whom they give to nor an owner whom they take from
        :raise UserError: there is nobody to give, or no agent
        """
        self.check_access("write")
        self.ensure_one()
        self.task_id.check_access("write")
        partners, agents = self._partners(), self.agent_ids
        if self.each > 0:
            partners = partners[: self.each * len(agents)]
        if not partners or not agents:
            raise UserError(self.env._("There is no customer to give."))
        # sudo: cc.agent - whose user an agent is, of those whom the leader chose
        users = agents.sudo().user_id
        owners = self.env["res.users"]
        if not self.unowned:
            owners = owners.union(*(partner._cc_owner() for partner in partners))
        for somebody in users | owners:
            if not partners._cc_may_give_to(somebody):
                raise AccessError(
                    self.env._("You can give and take customers of your own agents only.")
                )
        if any(partners._cc_takes(user) for user in users):
            raise AccessError(self.env._("You cannot assign customers to yourself."))
        for turn, agent_sudo in enumerate(agents.sudo()):
            partners[turn :: len(agents)]._cc_give(agent_sudo.user_id, "allocation")
        return {"type": "ir.actions.act_window_close"}
