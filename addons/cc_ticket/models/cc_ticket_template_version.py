# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..utils.flow import find_circle, flow_levels
from ..utils.own_fields import ReadersDefinition


class CcTicketTemplateVersion(models.Model):
    """One state of a template: its own fields and its steps. Published ones don't change any more."""

    _name = "cc.ticket.template.version"
    _description = "Version of a ticket template"
    _order = "template_id, number desc"

    template_id = fields.Many2one(
        "cc.ticket.template", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer("Version", required=True, aggregator=None)
    state = fields.Selection(
        [("draft", "In work"), ("published", "Published"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by = fields.Many2one("res.users", readonly=True, copy=False)
    step_ids = fields.One2many("cc.ticket.step", "version_id", "Steps", copy=True)
    fields_definition = ReadersDefinition("Own fields")
    flow = fields.Json(compute="_compute_flow")
    company_id = fields.Many2one(related="template_id.company_id")

    _number_unique = models.Constraint(
        "UNIQUE (template_id, number)", "This version already exists."
    )
    _one_published = models.UniqueIndex(
        "(template_id) WHERE state = 'published'", "Another version is published."
    )
    _one_draft = models.UniqueIndex(
        "(template_id) WHERE state = 'draft'", "Another version is in work."
    )

    @api.depends("template_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.template_id.name or ''} v{version.number}"

    @api.depends(
        "step_ids.name",
        "step_ids.sequence",
        "step_ids.handler_kind",
        "step_ids.handler_user_id",
        "step_ids.handler_department_id",
        "step_ids.handler_group_id",
        "step_ids.deadline_h",
        "step_ids.exit_ids.target",
        "step_ids.exit_ids.name",
        "step_ids.exit_ids.sequence",
    )
    def _compute_flow(self):
        for version in self:
            version.flow = version._cc_picture()

    def _cc_edges(self):
        """:return: ``{step key: [target keys]}`` by the steps' short names, ends left out"""
        self.ensure_one()
        return {
            step.code: [exit_.target for exit_ in step._cc_exits() if exit_.target]
            for step in self.step_ids
        }

    def _cc_picture(self):
        """:return: the flow to be drawn: ``{steps: [{key, name, who, hours, level, row}], links: […]}``"""
        self.ensure_one()
        steps = self.step_ids.sorted(lambda step: (step.sequence, step._origin.id or 0))
        edges = self._cc_edges()
        levels = flow_levels([step.code for step in steps], edges)
        rows = {}
        drawn = []
        for step in steps:
            level = levels.get(step.code, 0)
            rows[level] = rows.get(level, -1) + 1
            drawn.append(
                {
                    "key": step.code or "",
                    "name": step.name or "",
                    "who": step._cc_who(),
                    "hours": step.deadline_h or 0,
                    "auto": step.handler_kind == "none",
                    "level": level,
                    "row": rows[level],
                }
            )
        links = [
            {"from": step.code, "to": exit_.target or "", "label": exit_.name or ""}
            for step in steps
            for exit_ in step._cc_exits()
        ]
        return {"steps": drawn, "links": links}

    @api.constrains("step_ids")
    def _check_flow(self):
        """Refuse a flow that walks in circles, naming the circle."""
        for version in self:
            version._cc_check_flow()

    def _cc_check_flow(self):
        self.ensure_one()
        names = {step.code: step.name for step in self.step_ids}
        edges = self._cc_edges()
        for code, targets in edges.items():
            for target in targets:
                if target not in names:
                    raise ValidationError(
                        self.env._(
                            "Step “%(step)s” leads to “%(target)s”, which is not a "
                            "step of this flow.",
                            step=names[code],
                            target=target,
                        )
                    )
        circle = find_circle(edges)
        if circle:
            raise ValidationError(
                self.env._(
                    "The flow contains a loop: %(circle)s. Use sending back to "
                    "return to an earlier step.",
                    circle=" → ".join(names[code] for code in circle),
                )
            )

    def write(self, vals):
        frozen = self.filtered(lambda row: row.state != "draft")
        if frozen and not vals.keys() <= {"state", "published_at", "published_by"}:
            raise UserError(
                self.env._(
                    "A published version cannot be changed because tickets use it. "
                    "Create a new version."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(version.state != "draft" for version in self):
            raise UserError(
                self.env._(
                    "A published version cannot be changed because tickets use it. "
                    "Create a new version."
                )
            )

    def action_publish(self):
        """Make this the version of new tickets."""
        for version in self:
            if version.state != "draft":
                raise UserError(self.env._("Only a draft version can be published."))
            if not version.step_ids:
                raise UserError(self.env._("A flow needs at least one step."))
            version._cc_check_flow()
            for step in version.step_ids:
                step._cc_check_ready()
            version.template_id.version_id.state = "retired"
            self.flush_model()
            version.write(
                {
                    "state": "published",
                    "published_at": fields.Datetime.now(),
                    "published_by": self.env.uid,
                }
            )
            # a template has one draft: the next is inserted when this one is none any more
            self.flush_model()
        return True

    def _cc_twin(self, template, number):
        """:return: a version in work that is like this one"""
        self.ensure_one()
        return self.copy({"template_id": template.id, "number": number})

    def _cc_first(self):
        """:return: the step with which a ticket begins"""
        self.ensure_one()
        return self.step_ids.sorted(lambda step: (step.sequence, step.id))[:1]
