# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Forms that are not saved yet, as every role: what is computed for them is computed with more rights."""

from psycopg2 import Error as DatabaseError

from .access_table import MAGIC, REFUSALS

#: A shorter text says nothing.
TELLING = 4


class FormsWalkMixin:
    """Part of the access walk: whoever fills a many2one in learns of its record only what they may read."""

    def walk_forms(self, model):
        """Each many2one of ours in a model's form, with a record that the role may not read."""
        empty = {}  # what a role's new form shows with nothing filled in
        for name, field in model._fields.items():
            sample = self.samples.get(field.comodel_name) if field.type == "many2one" else None
            if not sample or not set(field._modules) & self.walked:
                continue
            row = self.table["models"].get(sample._name, {})
            told = self.texts_of(sample)
            for role in set(self.users) - self.meant(row, "read"):
                asked, theirs = self.model(model._name, role), self.model(sample._name, role)
                if not asked.has_access("create"):
                    continue
                named = theirs.browse(sample.id)
                if self.seen(lambda named=named: named.read(["display_name"])):
                    continue  # of a model that is not ours, which they read
                spec = {
                    other: {"fields": {"display_name": {}}} if more.relational else {}
                    for other, more in asked._fields.items()
                    if other not in MAGIC and asked._has_field_access(more, "read")
                }
                if role not in empty:
                    empty[role] = self.filled_in(asked, {}, spec)
                for other, value in self.filled_in(asked, {name: sample.id}, spec).items():
                    if other == name and role in self.meant(row, "named"):
                        continue
                    texts = self.words_in(value) - self.words_in(empty[role].get(other))
                    where = f"{model._name}.{other} in a form with {name}"
                    self.check("form", where, role, bool(texts & told), False)

    def filled_in(self, asked, values, spec):
        """What a new form shows with these values."""
        try:
            with self.env.cr.savepoint(flush=False):
                return asked.onchange(values, list(values), spec)["value"]
        except (*REFUSALS, DatabaseError, ValueError, TypeError, KeyError, AttributeError):
            return {}
        finally:
            self.env.invalidate_all()

    def texts_of(self, sample):
        """Words, numbers, moments and names of a record, its own name too."""
        row = sample.sudo()
        kinds = ("char", "text", "html", "datetime")
        texts = {str(row[name] or "") for name, field in row._fields.items() if field.type in kinds}
        return {text for text in texts if len(text) > TELLING}

    def words_in(self, value):
        """The texts of an answer, whatever it is made of."""
        if isinstance(value, dict):
            return {word for part in value.values() for word in self.words_in(part)}
        if isinstance(value, list | tuple):
            return {word for part in value for word in self.words_in(part)}
        return {str(value)} if value else set()
