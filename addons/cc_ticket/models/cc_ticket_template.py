# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CcTicketTemplate(models.Model):
    """What a kind of ticket asks for and which way it goes, in versions.

    A running ticket keeps the version it began with; publishing another changes new tickets only.
    """

    _name = "cc.ticket.template"
    _description = "Ticket template"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="When to use it, for the agents.")
    type_id = fields.Many2one(
        "helpdesk.ticket.type", "Kind", required=True, index=True, ondelete="restrict"
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.ref("cc_ticket.team_contact_centre", False),
    )
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, help="Empty: all."
    )
    owner_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        help="Is told when a step of it can no longer be handled as drawn.",
    )
    department_id = fields.Many2one(
        "hr.department",
        "Fallback department",
        help="Takes over when the person or department of a step no longer exists.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working time",
        help="Working time used for deadlines. Leave empty to use the company's.",
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")], default="1"
    )
    parent_rule = fields.Selection(
        [("wait", "Waits for its sub-tickets"), ("close", "Closes with the last sub-ticket")],
        "With sub-tickets",
        default="wait",
        required=True,
    )
    closed_reply = fields.Selection(
        [
            ("reopen", "Reopen as a sub-ticket"),
            ("note", "Note, and a to-do for whoever had it last"),
        ],
        "E-mail reply to a closed ticket",
        default="reopen",
        required=True,
    )
    warn_h = fields.Float("Warn before (h)", default=1.0, help="Working hours before a deadline.")
    version_ids = fields.One2many("cc.ticket.template.version", "template_id", "Versions")
    version_id = fields.Many2one(
        "cc.ticket.template.version",
        "Published version",
        compute="_compute_version_ids",
        store=True,
    )
    draft_id = fields.Many2one(
        "cc.ticket.template.version", "Version in work", compute="_compute_version_ids", store=True
    )
    flow = fields.Json(related="version_id.flow", string="Flow as published")
    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")

    @api.depends("version_ids.state")
    def _compute_version_ids(self):
        for template in self:
            versions = template.version_ids.sorted("number", reverse=True)
            template.version_id = versions.filtered(lambda row: row.state == "published")[:1]
            template.draft_id = versions.filtered(lambda row: row.state == "draft")[:1]

    def _compute_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("cc_template_id", "in", self.ids)], ["cc_template_id"], ["__count"]
            )
        )
        for template in self:
            template.ticket_count = counts.get(template, 0)

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if self.env.context.get("cc_no_version"):  # they come with versions of their own
            return templates
        for template in templates.filtered(lambda row: not row.version_ids):
            template.version_ids = [Command.create({"number": 1})]
        return templates

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if (
            self.env["helpdesk.ticket"]
            .sudo()
            .search_count(  # sudo: whoever has tickets of it
                [("cc_template_id", "in", self.ids)], limit=1
            )
        ):
            raise UserError(
                self.env._(
                    "Tickets use this template. Archive it instead: running tickets "
                    "continue, new ones cannot use it."
                )
            )

    def copy_data(self, default=None):
        return [
            {**data, "name": self.env._("%(name)s (copy)", name=template.name)}
            for template, data in zip(self, super().copy_data(default), strict=True)
        ]

    def copy(self, default=None):
        copies = super().copy(default)
        for template, twin in zip(self, copies, strict=True):
            source = template.draft_id or template.version_id
            if source:
                twin.version_ids.unlink()
                source._cc_twin(twin, 1)
        return copies

    def action_draw(self):
        """Open the version in work; without one, a copy of the published version."""
        self.ensure_one()
        self.check_access("write")
        version = self.draft_id
        if not version:
            number = max(self.version_ids.mapped("number"), default=0) + 1
            version = self.version_id._cc_twin(self, number)
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.ticket.template.version",
            "res_id": version.id,
            "views": [[False, "form"]],
        }

    def action_tickets(self):
        """Open the tickets of these templates."""
        self.check_access("read")
        name = self.env._("Tickets")
        domain = [("cc_template_id", "in", self.ids)]
        return self.env["helpdesk.ticket"]._cc_list_action(name, domain)

    def _cc_calendar(self):
        """:return: the resource.calendar in which this template's deadlines count; may be empty"""
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.calendar_id or company.resource_calendar_id

    def _cc_panel_row(self):
        """:return: what the call's panel knows of this template; addons add to it"""
        self.ensure_one()
        return {"id": self.id, "name": self.name}
