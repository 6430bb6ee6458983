# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils.own_fields import carry_words


class CcTicketTemplateVersion(models.Model):
    """Own fields as rows, and as the definition that Odoo works with."""

    _inherit = "cc.ticket.template.version"

    field_ids = fields.One2many(
        "cc.ticket.field", "version_id", "Own fields of the tickets", copy=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        bare = versions.filtered(
            lambda version: version.fields_definition and not version.field_ids
        )
        bare._cc_definition_to_fields()
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
                for row in version.field_ids.with_context(lang=None).sorted(
                    lambda row: (row.sequence, row.id)
                )
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
                        "option_words": "\n".join(
                            label for _value, label in item.get("selection") or ()
                        ),
                    }
                    for number, item in enumerate(version.fields_definition or (), 1)
                    if item.get("type") in kinds
                ]
            )

    def _cc_in_language(self, definition):
        """:return: the definition with names and choices in the reader's language"""
        # sudo: cc.ticket.field - what the fields of a ticket are called, for whoever may read it
        rows = {row.code: row for row in self.sudo().field_ids}
        return [
            rows[item["name"]]._cc_words(item) if item["name"] in rows else item
            for item in definition
        ]

    def _cc_name_fields(self):
        """Give the own fields of templates that come with an addon their external ids: by these the addon's
        translations find them."""
        for version, xmlid in self.get_external_id().items():
            for row in self.browse(version).field_ids if xmlid else ():
                self.env["ir.model.data"]._update_xmlids(
                    [{"xml_id": f"{xmlid}_{row.code}", "record": row, "noupdate": True}]
                )

    @api.model
    def _cc_from_addons(self):
        """:return: the versions that came with addons: theirs are the words that are translated"""
        data = self.env["ir.model.data"].search([("model", "=", self._name)])
        return self.browse(data.mapped("res_id")).exists()

    @api.model
    def _cc_adopt_fields(self):
        """For an upgrade: own fields that were there before they had words in other languages get what a new
        installation gives them, so that the addon's translations find them.
        """
        versions = self._cc_from_addons()
        for row in versions.field_ids.filtered(lambda row: row.options and not row.option_words):
            # what is read changes, not the definition: a published version is not written
            labels = "\n".join(label for _value, label in row._cc_options())
            row.with_context(cc_from_definition=True).option_words = labels
        versions._cc_name_fields()

    @api.model
    def _cc_carry_translations(self):
        """For an upgrade, once translations are loaded: versions that people made of an addon's read as it
        does, where they say the same.
        """
        for version in self._cc_from_addons():
            others = version.template_id.version_ids - version
            rows = {row.code: row for row in version.field_ids.with_context(lang="en_US")}
            for row in others.field_ids.with_context(lang="en_US", cc_from_definition=True):
                source = rows.get(row.code)
                if source and source.label == row.label:
                    carry_words(source, "label", row, "label")
                if source and source.options and source.options == row.options:
                    carry_words(source, "option_words", row, "option_words")
            steps = {step.code: step for step in version.step_ids.with_context(lang="en_US")}
            for step in others.step_ids.with_context(lang="en_US", cc_translations=True):
                source = steps.get(step.code, step.browse())
                for name in ("name", "hint"):
                    if source[name] and source[name] == step[name]:
                        carry_words(source, name, step, name)
