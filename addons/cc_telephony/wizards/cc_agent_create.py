# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CcAgentCreate(models.TransientModel):
    """Makes agents of users, many at once, with the next free numbers."""

    _name = "cc.agent.create"
    _description = "Create agents"

    user_ids = fields.Many2many(
        "res.users",
        "cc_agent_create_user_rel",
        string="Users",
        required=True,
        domain="[('share', '=', False), ('cc_agent_ids', '=', False)]",
        default=lambda self: self._chosen(),
    )
    pbx_id = fields.Many2one(
        "cc.pbx", "PBX", required=True, default=lambda self: self.env["cc.pbx"]._default_one()
    )
    first_number = fields.Char(
        "First agent number",
        required=True,
        compute="_compute_first_number",
        store=True,
        readonly=False,
        precompute=True,
        help="The others get the next free numbers after it.",
    )
    queue_ids = fields.Many2many(
        "cc.queue",
        "cc_agent_create_queue_rel",
        string="Queues",
        domain="[('pbx_id', '=', pbx_id)]",
    )

    @api.model
    def _chosen(self):
        """The users that are selected in the list from which this was opened, as far as they are no agents."""
        if self.env.context.get("active_model") != "res.users":
            return self.env["res.users"]
        users = self.env["res.users"].browse(self.env.context.get("active_ids", []))
        return users.filtered(lambda user: not user.share and not user.cc_agent_ids)

    @api.depends("pbx_id")
    def _compute_first_number(self):
        for row in self:
            row.first_number = self.env["cc.agent"]._free_numbers(row.pbx_id, 1)[0]

    def action_create(self):
        """Create the agents and show them.

        :raise UserError: nobody is chosen who could become one, or the first number is none or taken
        """
        self.ensure_one()
        self.env["cc.agent"].check_access("create")
        users = self.user_ids.filtered(lambda user: not user.share and not user.cc_agent_ids)
        if not users:
            raise UserError(self.env._("Choose users who are not agents yet."))
        first = self._first()
        self._check_not_archived(users)
        # sudo: res.users - whoever may make agents lets them use the phone; no other right is given
        users.sudo().group_ids += self.env.ref("cc_telephony.group_agent")
        numbers = self.env["cc.agent"]._free_numbers(self.pbx_id, len(users), first)
        agents = self.env["cc.agent"].create(
            [
                {
                    "user_id": user.id,
                    "number": number,
                    "pbx_id": self.pbx_id.id,
                    "company_id": self.pbx_id.company_id.id,
                    "member_ids": [
                        fields.Command.create({"queue_id": queue.id}) for queue in self.queue_ids
                    ],
                }
                for user, number in zip(users, numbers, strict=True)
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agents"),
            "res_model": "cc.agent",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", agents.ids)],
        }

    def _first(self):
        """The first number, in plain digits; who types one gets this one or is told why not."""
        typed = (self.first_number or "").strip()
        first = "".join(str(int(digit)) for digit in typed) if typed.isdecimal() else ""
        if not 2 <= len(first) <= 8:
            raise UserError(self.env._("An agent number must have 2 to 8 digits."))
        [free] = self.env["cc.agent"]._free_numbers(self.pbx_id, 1, first)
        if free != first:
            raise UserError(
                self.env._(
                    "%(number)s is already in use. The next free number is %(free)s.",
                    number=first,
                    free=free,
                )
            )
        return first

    def _check_not_archived(self, users):
        """Who was an agent before keeps that number and history: their agent is brought back, not made anew."""
        agents = self.env["cc.agent"].with_context(active_test=False)
        before = agents.search([("user_id", "in", users.ids)])
        if before:
            raise UserError(
                self.env._(
                    "Already agents, but archived: %(names)s. Unarchive them under Agents.",
                    names=", ".join(before.mapped("display_name")),
                )
            )
