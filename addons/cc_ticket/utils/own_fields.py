# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields

# Odoo's properties know one language. These two are the same fields, read in the language of the reader: the
# record that holds the definition says it (`_cc_in_language`). What is stored stays as Odoo stores it.


class ReadersDefinition(fields.PropertiesDefinition):
    """A definition of properties whose names are read in the reader's language."""

    def convert_to_read(self, value, record, use_display_name=True):
        value = super().convert_to_read(value, record, use_display_name)
        return record._cc_in_language(value) if value else value


class ReadersProperties(fields.Properties):
    """Properties whose names and choices are read in the reader's language."""

    def _get_properties_definition(self, record):
        definition = super()._get_properties_definition(record)
        return record[self.definition_record]._cc_in_language(definition or [])


def carry_words(source, name, target, target_name):
    """Put what stands in a translated field, in each of its languages, into another record's translated field."""
    if not source:
        return
    words = source._fields[name]._get_stored_translations(source) or {}
    installed = {code for code, _name in source.env["res.lang"].get_installed()} | {"en_US"}
    words = {lang: text for lang, text in words.items() if lang in installed}
    if len(words) > 1:
        target.update_field_translations(target_name, words)
