# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CcTicketField(models.Model):
    """A field of one's own on the tickets of a template: a row of a form, written into the properties.

    The definition on the version (`fields_definition`) is what Odoo works with; these rows are how people
    write it.
    """

    _name = "cc.ticket.field"
    _description = "Own field of a ticket template"
    _order = "version_id, sequence, id"
    _rec_name = "label"

    version_id = fields.Many2one(
        "cc.ticket.template.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    label = fields.Char("Name", required=True, translate=True)
    code = fields.Char(
        "Technical name",
        default=lambda self: f"f_{uuid.uuid4().hex[:8]}",
        required=True,
        help="By which conditions name it; keeps its values when the name changes.",
    )
    kind = fields.Selection(
        [
            ("char", "Line of text"),
            ("text", "Text"),
            ("integer", "Whole number"),
            ("float", "Number"),
            ("boolean", "Yes or no"),
            ("date", "Date"),
            ("datetime", "Date and time"),
            ("selection", "Choice"),
        ],
        default="char",
        required=True,
    )
    options = fields.Text(help="Of a choice: one a line.")
    option_words = fields.Text(
        "Choices as read",
        translate=True,
        help="The choices in your language, one per line, in the same order. Leave empty to show "
        "them as they are.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (version_id, code)", "Two fields have the same technical name."
    )

    @api.constrains("code", "kind", "options")
    def _check_field(self):
        for row in self:
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", row.code):
                raise ValidationError(
                    self.env._(
                        "A technical name can only contain lower-case letters, digits and _."
                    )
                )
            if row.kind == "selection" and not row._cc_options():
                raise ValidationError(
                    self.env._("“%(name)s”: enter the choices, one per line.", name=row.label)
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.version_id._cc_fields_to_definition()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.version_id._cc_fields_to_definition()
        return result

    def unlink(self):
        versions = self.version_id
        result = super().unlink()
        versions.exists()._cc_fields_to_definition()
        return result

    def _cc_options(self):
        """:return: ``[[value, label]]``; a line may say both: ``late: Came too late``"""
        options = []
        for line in (self.options or "").splitlines():
            value, sep, label = line.partition(": ")
            value, label = value.strip(), label.strip()
            if value:
                options.append([value, label if sep and label else value])
        return options

    def _cc_words(self, item):
        """:return: this field's item of a definition, with its words in the reader's language"""
        if not self:
            return item
        words = {**item, "string": self.label or item.get("string")}
        choices = item.get("selection") or []
        lines = [line.strip() for line in (self.option_words or "").splitlines() if line.strip()]
        if choices and len(lines) == len(choices):
            words["selection"] = [
                [value, line] for (value, _label), line in zip(choices, lines, strict=True)
            ]
        return words
