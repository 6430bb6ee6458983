# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CcTicketTemplateVersion(models.Model):
    """Own fields as rows, and as the definition that Odoo works with."""

    _inherit = "cc.ticket.template.version"

    field_ids = fields.One2many("cc.ticket.field", "version_id", "Own fields of the tickets")

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions.filtered("fields_definition")._cc_definition_to_fields()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if "fields_definition" in vals and not self.env.context.get("cc_from_fields"):
            self._cc_definition_to_fields()
        return result

    def _cc_fields_to_definition(self):
        """Write the rows into the definition."""
        if self.env.context.get("cc_from_definition"):
            return
        for version in self:
            if version.state != "draft":
                raise UserError(
                    self.env._(
                        "A published version cannot be changed because tickets use "
                        "it. Create a new version."
                    )
                )
            version.with_context(cc_from_fields=True).fields_definition = [
                {
                    "name": row.code,
                    "type": row.kind,
                    "string": row.label,
                    **({"selection": row._cc_options()} if row.kind == "selection" else {}),
                }
                for row in version.field_ids.sorted(lambda row: (row.sequence, row.id))
            ]

    def _cc_definition_to_fields(self):
        """Make the rows of a definition that came from elsewhere: a copy, data."""
        rows = self.env["cc.ticket.field"].with_context(cc_from_definition=True)
        kinds = dict(rows._fields["kind"].selection)
        for version in self:
            rows.search([("version_id", "=", version.id)]).unlink()
            rows.create(
                [
                    {
                        "version_id": version.id,
                        "sequence": number,
                        "label": item.get("string") or item["name"],
                        "code": item["name"],
                        "kind": item["type"],
                        "options": "\n".join(
                            value if value == label else f"{value}: {label}"
                            for value, label in item.get("selection") or ()
                        ),
                    }
                    for number, item in enumerate(version.fields_definition or (), 1)
                    if item.get("type") in kinds
                ]
            )
