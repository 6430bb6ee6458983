# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import ast
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

HANDLER_FIELDS = {
    "person": "handler_user_id",
    "department": "handler_department_id",
    "role": "handler_group_id",
}
MAY_FIELDS = (
    "may_submit",
    "may_send_back",
    "may_pass_on",
    "may_feedback",
    "may_visit",
    "may_close",
)


class CcTicketStep(models.Model):
    """A step of a flow: who handles it, until when, what may be done there, what follows."""

    _name = "cc.ticket.step"
    _description = "Step of a ticket template"
    _order = "version_id, sequence, id"

    version_id = fields.Many2one(
        "cc.ticket.template.version", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        "Short name",
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="By which other steps name it.",
    )
    sequence = fields.Integer(default=10)
    handler_kind = fields.Selection(
        [
            ("creator", "Who created the ticket"),
            ("person", "A person"),
            ("department", "A department"),
            ("role", "A role"),
            ("salesperson", "The customer's salesperson"),
            ("none", "Nobody: goes on by itself"),
        ],
        "Handled by",
        default="department",
        required=True,
    )
    handler_user_id = fields.Many2one("res.users", "Person", domain=[("share", "=", False)])
    handler_department_id = fields.Many2one("hr.department", "Department")
    handler_group_id = fields.Many2one("res.groups", "Role")
    deadline_h = fields.Float("Deadline (h)", help="Working hours; 0: none.")
    stage_id = fields.Many2one(
        "helpdesk.ticket.stage", help="Shown meanwhile; empty: by what is being done."
    )
    hint = fields.Text(translate=True, help="What to do in this step, for whoever handles it.")
    may_submit = fields.Boolean("Submit", default=True)
    may_send_back = fields.Boolean("Send back", default=True)
    may_pass_on = fields.Boolean("Pass on", default=True)
    may_feedback = fields.Boolean("Give feedback")
    may_visit = fields.Boolean("Return visit")
    may_close = fields.Boolean("Close")
    exit_ids = fields.One2many("cc.ticket.exit", "step_id", "What follows", copy=True)
    first_id = fields.Many2one(
        "cc.ticket.step",
        "First of its versions",
        compute="_compute_first_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The step with this short name in the template's first version that has it: figures "
        "of all versions are counted by it.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (version_id, code)", "Two steps of a flow have the same short name."
    )

    @api.depends("name")
    def _compute_code(self):
        for step in self:
            step.code = step.code or (step.name or "").strip()

    @api.depends("code", "version_id.template_id")
    def _compute_first_id(self):
        for step in self:
            known = step.version_id.template_id.version_ids.step_ids
            step.first_id = known.filtered(
                lambda one, step=step: one.code == step.code
            )._origin.sorted("id")[:1]

    @api.depends_context("cc_of_all_versions")
    @api.depends("name")
    def _compute_display_name(self):
        """With ``cc_of_all_versions`` for figures: with its template, and as that calls the step today."""
        whole, newest = self.env.context.get("cc_of_all_versions"), {}
        if whole:
            of_these = [("first_id", "in", self.first_id.ids), ("version_id.state", "!=", "draft")]
            newest = {step.first_id: step for step in self.search(of_these, order="id")}
        for step in self:
            name = newest.get(step.first_id, step).name
            template = whole and step.version_id.template_id.name
            step.display_name = f"{template} / {name}" if template else name

    @api.constrains("handler_kind", "deadline_h")
    def _check_step(self):
        for step in self:
            if step.deadline_h < 0:
                raise ValidationError(self.env._("A deadline is not negative."))

    def _cc_check_ready(self):
        """:raise UserError: this step can't be handled as it is drawn; the text says why"""
        self.ensure_one()
        field = HANDLER_FIELDS.get(self.handler_kind)
        if field and not self[field]:
            raise UserError(
                self.env._("Step “%(step)s” doesn't say who handles it.", step=self.name)
            )
        if self.handler_kind == "none" and not self.exit_ids:
            raise UserError(
                self.env._(
                    "Step “%(step)s” continues automatically but has no next step.", step=self.name
                )
            )
        for exit_ in self.exit_ids:
            exit_._cc_domain()

    def write(self, vals):
        # sudo: of an upgrade only, see _cc_carry_translations: the same words in more languages
        words = self.env.su and self.env.context.get("cc_translations")
        if not words and any(step.version_id.state != "draft" for step in self):
            raise UserError(
                self.env._(
                    "A published version cannot be changed because tickets use it. "
                    "Create a new version."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(step.version_id.state != "draft" for step in self):
            raise UserError(
                self.env._(
                    "A published version cannot be changed because tickets use it. "
                    "Create a new version."
                )
            )

    def _cc_exits(self):
        return self.exit_ids.sorted(lambda row: (row.sequence, row._origin.id or 0))

    def _cc_who(self):
        """:return: who handles this step, as people say it"""
        self.ensure_one()
        # sudo: hr.department, res.groups, res.users - names only, whoever looks at the flow
        step_sudo = self.sudo()
        field = HANDLER_FIELDS.get(step_sudo.handler_kind)
        if field:
            return step_sudo[field].name or ""
        kinds = dict(self._fields["handler_kind"]._description_selection(self.env))
        return kinds.get(step_sudo.handler_kind, "")

    def _cc_next(self, ticket):
        """Which step follows for this ticket.

        :return: the next step; empty: the flow is at its end
        """
        self.ensure_one()
        exits = self._cc_exits()
        for exit_ in exits:
            if exit_._cc_holds(ticket):
                if not exit_.target:
                    return self.browse()
                steps = {step.code: step for step in self.version_id.step_ids}
                return steps.get(exit_.target, self.browse())
        if exits:
            raise UserError(
                self.env._(
                    "None of the transitions from step “%(step)s” matches this "
                    "ticket. Check its fields, or contact the template's owner.",
                    step=self.name,
                )
            )
        return self.browse()


class CcTicketExit(models.Model):
    """A way on from a step, taken if its condition holds; the first one that does counts."""

    _name = "cc.ticket.exit"
    _description = "Way on from a step"
    _order = "step_id, sequence, id"

    step_id = fields.Many2one("cc.ticket.step", required=True, index=True, ondelete="cascade")
    name = fields.Char(
        "In words", translate=True, help="Shown on the arrow, e.g. “amount above 500”."
    )
    sequence = fields.Integer(default=10)
    condition = fields.Char("If", default="[]", help="Empty: always.")
    target = fields.Char("Next step", help="Short name of a step. Leave empty to end the flow.")
    ticket_model = fields.Char(compute="_compute_ticket_model")

    def _compute_ticket_model(self):
        self.ticket_model = "helpdesk.ticket"

    def _cc_domain(self):
        """:return: the condition as a Domain
        :raise UserError: it can't be read, or names a field that isn't there
        """
        self.ensure_one()
        try:
            domain = Domain(ast.literal_eval(self.condition or "[]"))
            known = {item["name"] for item in self.step_id.version_id.fields_definition or ()}
            for leaf in domain.iter_conditions():
                path = leaf.field_expr.split(".")
                if path[0] not in self.env["helpdesk.ticket"]._fields:
                    raise ValueError(leaf.field_expr)
                if path[0] == "cc_properties" and (len(path) < 2 or path[1] not in known):
                    raise ValueError(leaf.field_expr)
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._(
                    "The condition of step “%(step)s” can't be read: %(why)s",
                    step=self.step_id.name,
                    why=error,
                )
            ) from error
        return domain

    def _cc_holds(self, ticket):
        """:return: whether the condition holds; one that can't be read any more doesn't, and its template's
        owner is told"""
        self.ensure_one()
        try:
            return bool(ticket.filtered_domain(self._cc_domain()))
        except (UserError, ValueError, KeyError, TypeError) as error:
            _logger.info("Ticket %s: condition of exit %s: %s", ticket.id, self.id, error)
            ticket._cc_tell_owner(
                self.env._(
                    "A condition of step “%(step)s” refers to something that no "
                    "longer exists; it was skipped.",
                    step=self.step_id.name,
                )
            )
            return False
