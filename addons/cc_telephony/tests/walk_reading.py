# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading as every role: rows in every way, each field, by what points to them, their files."""

from .access_table import MAGIC, REFUSALS, roles_of


class ReadingWalkMixin:
    """Part of the access walk."""

    def walk_rights(self, model, row, sample):
        """Read, create, write, unlink of the sample by each role."""
        name, readers = model._name, self.meant(row, "read")
        for role in self.users:
            asked = self.model(name, role)
            if not sample:
                for operation in ("read", "create", "unlink"):
                    meant = role in self.meant(row, operation)
                    self.check(
                        "acl", f"{name} {operation}", role, asked.has_access(operation), meant
                    )
                self.check(
                    "acl",
                    f"{name} write",
                    role,
                    asked.has_access("write"),
                    role in self.writers(row),
                )
                continue
            for way, read in self.readings(asked, sample).items():
                self.check("read", f"{name} by {way}", role, self.seen(read), role in readers)
            if role in readers:
                self.walk_fields(asked, sample, row, role)
            self.walk_paths(model, row, sample, role, role in readers)
            self.walk_writing(asked, sample, row, role)
            self.walk_attachments(sample, row, role, readers)

    def readings(self, asked, sample):
        """Ways to get at a row: name → function that gives something true where it is seen."""
        domain = [("id", "=", sample.id)]
        field = self.groupable(asked)
        ways = {
            "read": lambda: asked.browse(sample.id).read(["display_name"]),
            "web_read": lambda: asked.browse(sample.id).web_read({"display_name": {}}),
            "search": lambda: asked.search(domain),
            "search_count": lambda: asked.search_count(domain),
            "search_read": lambda: asked.search_read(domain, ["display_name"]),
            "web_search_read": lambda: asked.web_search_read(domain, {"display_name": {}})[
                "records"
            ],
            "name_search": lambda: asked.name_search("", domain),
            "export": lambda: asked.browse(sample.id).export_data(["display_name"])["datas"],
        }
        if field:
            ways["order"] = lambda: asked.search(domain, order=f"{field} desc")
            ways["group"] = lambda: asked.formatted_read_group(domain, [field], ["__count"])
            ways["web_read_group"] = lambda: asked.web_read_group(domain, [field], ["__count"])[
                "groups"
            ]
        return ways

    def groupable(self, asked):
        """A stored field that everybody who reads may group by."""
        for name, field in asked._fields.items():
            if (
                field.store
                and not field.groups
                and field.type in ("many2one", "selection", "boolean", "char", "integer")
                and name not in MAGIC
                and (field.type != "many2one" or field.comodel_name == asked._name)
            ):
                return name
        return None

    def seen(self, read):
        """Whether a reading gives anything; the database is as before."""
        try:
            with self.env.cr.savepoint(flush=False):
                return bool(read())
        except REFUSALS:
            return False

    def walk_fields(self, asked, sample, row, role):
        """Each field of a row that the role reads: readable, except what is hidden."""
        record = asked.browse(sample.id)
        hidden = row.get("hidden") or {}
        for name, field in asked._fields.items():
            if name in hidden:
                meant = role in roles_of(hidden[name], set(self.users))
                ways = {
                    "read": lambda name=name: record.read([name]),
                    "export": lambda name=name: record.export_data([name])["datas"],
                }
                if field.store and field.column_type:
                    ways["domain"] = lambda name=name: (asked.search([(name, "!=", "?")]), True)
                    ways["order"] = lambda name=name: (asked.search([], order=name, limit=1), True)
                    ways["group"] = lambda name=name: (
                        asked.formatted_read_group([], [name], ["__count"]),
                        True,
                    )
                for way, read in ways.items():
                    self.check(
                        "field", f"{asked._name}.{name} by {way}", role, self.seen(read), meant
                    )
            else:
                got = self.seen(lambda name=name: record.read([name]))
                self.check("field", f"{asked._name}.{name} by read", role, got, True)

    def walk_paths(self, model, row, sample, role, reader):
        """By what points to it: nobody who may not read it finds its content or learns its name."""
        if reader:
            return
        named = role in self.meant(row, "named")
        probe = self.content_of(model, sample)
        for holder_name, holder in self.samples.items():
            for name, field in holder._fields.items():
                if field.comodel_name != model._name or not self.is_ours(field):
                    continue
                asked = self.model(holder_name, role)
                if not asked.has_access("read") or not self.seen(
                    lambda asked=asked, holder=holder: asked.search([("id", "=", holder.id)])
                ):
                    continue
                if sample not in holder.sudo()[name]:
                    continue
                if probe and (field.store or field.type in ("one2many", "many2many")):
                    path = [(f"{name}.{probe[0]}", "=", probe[1]), ("id", "=", holder.id)]
                    got = self.seen(lambda asked=asked, path=path: asked.search(path))
                    self.check("path", f"{holder_name}.{name}.{probe[0]}", role, got, False)
                if field.type == "many2one":
                    got = self.name_shown(asked.browse(holder.id), name, sample)
                    self.check("name", f"{holder_name}.{name}", role, got and not named, False)

    def name_shown(self, holder, name, sample):
        """Whether the name of an unreadable record stands in a many2one."""
        secret = sample.sudo().display_name
        try:
            with self.env.cr.savepoint(flush=False):
                plain = holder.read([name])[0][name]
                spec = {name: {"fields": {"display_name": {}}}}
                web = holder.web_read(spec)[0][name]
        except REFUSALS:
            return False
        shown = {plain[1] if plain else "", (web or {}).get("display_name")}
        return bool(secret) and secret in shown

    def content_of(self, model, sample):
        """A stored field of the sample with something in it: `(name, value)`."""
        for name, field in model._fields.items():
            if (
                name not in MAGIC
                and field.store
                and not field.groups
                and field.type in ("char", "text", "datetime", "integer", "float", "selection")
                and sample.sudo()[name]
            ):
                return name, sample.sudo()[name]
        return None

    def is_ours(self, field):
        """Whether an addon of ours made a field."""
        return bool(set(field._modules) & self.ours)

    def walk_attachments(self, sample, row, role, readers):
        """Files of the sample, past it: only by who may read their field."""
        hidden = row.get("hidden") or {}
        files = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", sample._name), ("res_id", "=", sample.id)]
        for file in files.search([*domain, ("res_field", "!=", False)]):
            field = file.res_field
            allowed = roles_of(hidden[field], set(self.users)) if field in hidden else readers
            asked = self.model("ir.attachment", role)
            by_field = [*domain, ("res_field", "=", field)]
            ways = {
                "search_read": lambda asked=asked, by=by_field: [
                    found for found in asked.search_read(by, ["datas"]) if found["datas"]
                ],
                "web_search_read": lambda asked=asked, by=by_field: asked.web_search_read(
                    by, {"datas": {}}
                )["records"],
                "read": lambda asked=asked, file=file: asked.browse(file.id).read(["datas"]),
                "raw": lambda asked=asked, file=file: asked.browse(file.id).raw,
            }
            for way, read in ways.items():
                self.env.invalidate_all()
                where = f"attachment of {sample._name}.{field} by {way}"
                self.check("attachment", where, role, self.seen(read), role in allowed)
