# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CcQualityTemplate(models.Model):
    """A score sheet's form: items with weights, and the rules by which a result is computed.

    Sheets keep the version under which they were made; a change makes the next version.
    """

    _name = "cc.quality.template"
    _description = "Inspection template"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    enabled = fields.Boolean("In use", help="Only templates in use can be chosen in a list.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many("cc.quality.template.line", "template_id", "Items", copy=True)
    total = fields.Float(compute="_compute_total", digits=(16, 2))
    na_rule = fields.Selection(
        [
            ("removed", "Removed from the sum"),
            ("pass", "Counts as full points"),
            ("zero", "Counts as zero"),
        ],
        "Not applicable",
        required=True,
        default="removed",
        help="Kept with each score; a change counts for new sheets only.",
    )
    fatal_rule = fields.Selection(
        [("zero", "The result is 0"), ("fail", "Failed, points kept")],
        "Fatal item failed",
        required=True,
        default="zero",
    )
    pass_mark = fields.Float("Passed from (%)", default=60.0, digits=(16, 2))
    appeal_days = fields.Integer("Days to appeal", default=7)
    appeal_limit = fields.Integer("Appeals per score", default=1)
    leader_decides = fields.Boolean(
        "Leaders may decide appeals", help="Of agents in the departments they lead."
    )
    version_ids = fields.One2many("cc.quality.version", "template_id", "Versions")
    version_count = fields.Integer(compute="_compute_version_count")

    _limits_valid = models.Constraint(
        "CHECK (pass_mark BETWEEN 0 AND 100 AND appeal_days BETWEEN 0 AND 3650"
        " AND appeal_limit BETWEEN 0 AND 100)",
        "The pass mark must be between 0 and 100 %; days and number of appeals cannot be negative.",
    )

    @api.depends("line_ids.item_id.total")
    def _compute_total(self):
        for template in self:
            template.total = sum(template.line_ids.item_id.mapped("total"))

    @api.depends("version_ids")
    def _compute_version_count(self):
        for template in self:
            template.version_count = len(template.version_ids)

    @api.constrains("enabled", "line_ids")
    def _check_enabled(self):
        for template in self.filtered("enabled"):
            if not template.line_ids.item_id.subitem_ids:
                raise ValidationError(
                    self.env._("A template in use needs at least one item with sub-items.")
                )

    def action_enable(self):
        """Switch the template on."""
        self.write({"enabled": True})
        return True

    def action_disable(self):
        """Switch it off; sheets made with it stay."""
        self.write({"enabled": False})
        return True

    def _content(self):
        """What a sheet is scored by, as plain data; what is not in here does not make a version."""
        self.ensure_one()
        return {
            "name": self.name,
            "na_rule": self.na_rule,
            "fatal_rule": self.fatal_rule,
            "pass_mark": self.pass_mark,
            "items": [
                {
                    "id": line.item_id.id,
                    "name": line.item_id.name,
                    "total": line.item_id.total,
                    "weight": line.weight,
                    "rows": [
                        {
                            "id": row.id,
                            "name": row.name,
                            "maximum": row.maximum,
                            "guidance": row.guidance or "",
                            "na_allowed": row.na_allowed,
                            "fatal": row.fatal,
                            "bonus": row.bonus,
                            "level": row.level,
                        }
                        for row in line.item_id.subitem_ids
                    ],
                }
                for line in self.line_ids
            ],
        }

    def _current_version(self):
        """:return: the cc.quality.version of what the template says now, made where missing"""
        self.ensure_one()
        if not self.enabled:
            raise UserError(self.env._("Activate the template “%(name)s” first.", name=self.name))
        content = self._content()
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        # sudo: cc.quality.version - made by the system only, so that nobody edits what was scored by
        versions_sudo = self.env["cc.quality.version"].sudo()
        self.lock_for_update()
        last = versions_sudo.search([("template_id", "=", self.id)], order="number desc", limit=1)
        if last.digest == digest:
            return last
        return versions_sudo.create(
            {
                "template_id": self.id,
                "number": last.number + 1,
                "content": content,
                "digest": digest,
            }
        )


class CcQualityTemplateLine(models.Model):
    """An item of a template, with its weight."""

    _name = "cc.quality.template.line"
    _description = "Item of an inspection template"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "cc.quality.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id")
    item_id = fields.Many2one("cc.quality.item", required=True, ondelete="restrict")
    sequence = fields.Integer(default=10)
    weight = fields.Float(default=1.0, digits=(16, 3))
    total = fields.Float(related="item_id.total")

    _item_unique = models.UniqueIndex(
        "(template_id, item_id)", "The template already has this item."
    )
    _weight_valid = models.Constraint(
        "CHECK (weight > 0 AND weight <= 1000)", "A weight is above 0."
    )


class CcQualityVersion(models.Model):
    """A template as it was when sheets were made with it. Nobody changes it."""

    _name = "cc.quality.version"
    _description = "Version of an inspection template"
    _order = "template_id, number desc"

    template_id = fields.Many2one(
        "cc.quality.template", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="template_id.company_id")
    number = fields.Integer(required=True, aggregator=None)
    content = fields.Json(required=True)
    digest = fields.Char("SHA-256", required=True)

    _number_unique = models.UniqueIndex("(template_id, number)")

    @api.depends("template_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            # sudo: cc.quality.template - who reads a score may know by which template it was made
            template_sudo = version.sudo().template_id
            version.display_name = self.env._(
                "%(name)s, version %(number)s",
                name=template_sudo.name,
                number=version.number,
            )
