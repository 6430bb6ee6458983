# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Writing as every role: create, each field, unlink. Nothing of it is kept."""

from contextlib import suppress

from psycopg2 import Error as DatabaseError

from odoo.exceptions import UserError

from .access_table import MAGIC, REFUSALS, roles_of


class WritingWalkMixin:
    """Part of the access walk."""

    def writers(self, row):
        """Roles that write anything."""
        found = set()
        for word in row.get("write") or {}:
            found |= roles_of(word, set(self.users))
        return found

    def writable(self, row, role):
        """Names of the fields that a role writes, or "*"."""
        found = set()
        for word, names in (row.get("write") or {}).items():
            if role in roles_of(word, set(self.users)):
                if names == "*":
                    return "*"
                found |= set(names.split())
        return found

    def walk_writing(self, asked, sample, row, role):
        """Create, write of each field, unlink."""
        name, record = asked._name, asked.browse(sample.id)
        allowed = self.writable(row, role)
        for field in self.stored_fields(asked):
            meant = allowed == "*" or field.name in allowed
            if allowed == "*" and field.type != "many2one":
                continue
            value = self.value_for(field, sample, other=not meant)
            got = self.done(lambda field=field, value=value: record.write({field.name: value}))
            if allowed == "*" and got is None:
                continue
            self.check("write", f"{name}.{field.name} by write", role, bool(got), meant)
        if allowed == "*":
            self.check("write", f"{name} by write", role, record.has_access("write"), True)
        meant = role in self.meant(row, "create")
        got = self.done(lambda: asked.create(self.values_for(sample, row)))
        if got is None or meant:
            got = asked.has_access("create")
        self.check("create", f"{name} by create", role, got, meant)
        meant = role in self.meant(row, "unlink")
        got = self.done(record.unlink)
        if got is None:
            got = record.has_access("unlink")
        self.check("unlink", f"{name} by unlink", role, got, meant)

    def walk_our_writing(self, asked, field, role, meant):
        """Another value in a field of ours on the sample of a model that is not."""
        sample = self.samples[asked._name]
        value = self.another(field, sample)
        got = self.done(lambda: asked.browse(sample.id).write({field.name: value}))
        if got is not None:
            self.check("write", f"{asked._name}.{field.name} by write", role, got, meant)

    def another(self, field, sample):
        """A value that the field has not."""
        current = sample.sudo()[field.name]
        if field.type == "many2one":
            return self.value_for(field, sample, other=True)
        if field.type == "boolean":
            return not current
        if field.type in ("integer", "float", "monetary"):
            return current + 1
        if field.type == "selection":
            values = field.get_values(self.env)
            return next((value for value in values if value != current), current)
        if field.type in ("date", "datetime"):
            return "2020-01-02" if field.type == "date" else "2020-01-02 03:04:05"
        return f"{current or ''}x"

    def stored_fields(self, asked):
        """Fields that a write reaches."""
        return [
            field
            for name, field in sorted(asked._fields.items())
            if name not in MAGIC
            and field.store
            and field.type not in ("one2many", "many2many", "binary", "image", "json")
            and not (field.compute and field.readonly)
            and not field.related
        ]

    def value_for(self, field, sample, other):
        """What the field has; of a many2one another record where that is asked for."""
        current = sample.sudo()[field.name]
        if field.type == "many2one":
            if other:
                found = self.env[field.comodel_name].sudo().with_context(active_test=False)
                return found.search([("id", "!=", current.id)], limit=1).id
            return current.id
        return current

    def values_for(self, sample, row):
        """Values for another row like the sample."""
        values = {}
        with suppress(UserError):
            values = sample.sudo().copy_data()[0]
        return {**values, **(row.get("values") or {})}

    def done(self, act):
        """Whether something may be done: True, False where it is refused, None where nobody can tell.

        Nothing of it stays.
        """
        try:
            with self.env.cr.savepoint() as savepoint:
                try:
                    act()
                    self.env.flush_all()
                    return True
                finally:
                    savepoint.rollback()
                    self.env.invalidate_all()
        except REFUSALS:
            return False
        except (DatabaseError, ValueError, TypeError, KeyError, AttributeError):
            return None
