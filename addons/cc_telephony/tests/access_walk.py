# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Walks the registry as every role, and compares what it gets at with the tables of what is meant.

Each addon brings `tests/data/access.json` (docs/security.md, "The access walk") and, for the rows that
are walked, `tests/access_samples.py`.
"""

import importlib
import inspect
import json
import logging
from collections import Counter
from contextlib import suppress

from psycopg2 import Error as DatabaseError
from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessError, UserError
from odoo.modules import Manifest
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open, mute_logger

from .bus_walk import BusWalkMixin
from .cases import T0, CentreMixin, S

_logger = logging.getLogger(__name__)

CENTRE = "agent other leader other_leader manager"
ALIASES = {
    "centre": CENTRE,
    "internal": f"{CENTRE} admin inspector stock_keeper finance salesperson clerk",
}
ALIASES["everybody"] = f"{ALIASES['internal']} portal public"
OPTIONAL_GROUPS = {
    "inspector": "cc_quality.group_inspector",
    "stock_keeper": "cc_inventory_link.group_stock_keeper",
    "finance": "cc_inventory_link.group_finance",
}
# what refuses: an AccessError, or a UserError with a reason
REFUSALS = (AccessError, UserError, HTTPException)
# what a browser sends with a page: the API takes a session only from there
FROM_A_PAGE = {
    "Content-Type": "application/json",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1",
}
MAGIC = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}


def roles_of(words, known):
    """The roles that a table names, of those known: `"internal -clerk"`.

    :raise ValueError: a word that is no role
    """
    found = set()
    for word in (words or "").split():
        names = set(ALIASES.get(word.lstrip("-"), word.lstrip("-")).split())
        if strange := names - set(ALIASES["everybody"].split()):
            raise ValueError(f"{sorted(strange)[0]!r} is no role")
        found = found - names if word.startswith("-") else found | names
    return found & known


def our_addons(env):
    """Names of the installed addons of this project."""
    author = Manifest.for_addon("cc_telephony")["author"]
    return {
        name
        for name in env.registry._init_modules
        if (manifest := Manifest.for_addon(name)) and manifest["author"] == author
    }


def _joined(key, known, more):
    """Two addons' words about one model; what a role writes is what either lets it write."""
    if key != "write":
        return {**known, **more}
    both = known.keys() & more.keys()
    return {**known, **more, **{role: f"{known[role]} {more[role]}" for role in both}}


def tables_of(addons):
    """What is meant, of several addons: `{"models": …, "fields": …, "routes": …, "bus": …}`."""
    merged = {"models": {}, "fields": {}, "routes": {}, "bus": {}}
    for addon in sorted(addons):
        with suppress(FileNotFoundError), file_open(f"{addon}/tests/data/access.json") as file:
            for part, rows in json.load(file).items():
                for name, row in rows.items():
                    known = merged[part].setdefault(name, row if isinstance(row, str) else {})
                    if isinstance(row, dict):
                        for key, value in row.items():
                            if isinstance(value, dict):
                                known[key] = _joined(key, known.get(key, {}), value)
                            else:
                                known[key] = value
    return merged


@tagged("post_install", "-at_install")
class AccessWalkCase(BusWalkMixin, CentreMixin, HttpCase):
    """Subclasses say whose models are walked: `addons = ["cc_ticket"]`, or None for all that are installed."""

    addons = ()

    def __init_subclass__(cls):  # pylint: disable=missing-return
        super().__init_subclass__()
        if "addons" in vars(cls):
            cls.test_access_walk = lambda self: self.check_walk()

    # ---- who and what ----

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.partner = cls.env["res.partner"].create({"name": "Li Wei", "phone": "13800138000"})
        move = {"t": T0 + 20 * S, "how": "blind", "by": "8101", "to": "8102", "completed": False}
        cls.call = cls.play_call(
            ivr=[{"t": T0, "node": "main", "key": "1"}],
            transfers=[move],
            holds=[{"from_t": T0 + 20 * S, "to_t": T0 + 25 * S, "by": "8101"}],
        )
        # a stranger's addon is walked like ours
        cls.ours = our_addons(cls.env) | set(cls.addons or ())
        cls.walked = cls.ours if cls.addons is None else set(cls.addons)
        cls.users = cls._make_roles()
        cls.samples = {}
        for addon in sorted(cls.ours):
            with suppress(ModuleNotFoundError):
                module = importlib.import_module(f"odoo.addons.{addon}.tests.access_samples")
                cls.samples.update(module.make_samples(cls))
        # what was told on the way is to be heard by whom it was told
        cls.env.cr.precommit.run()
        cls.env.flush_all()

    @classmethod
    def _make_roles(cls):
        """role → res.users"""
        users = {
            "agent": cls.ann.user_id,
            "other": cls.cai.user_id,
            "leader": cls.lea.user_id,
            "other_leader": cls.lin.user_id,
            "manager": cls.max.user_id,
            "admin": cls.ada,
            "clerk": cls.make_user("clerk", "base.group_user"),
            "portal": cls.make_user("portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
        }
        for number, (role, group) in enumerate(OPTIONAL_GROUPS.items(), 8141):
            if found := cls.env.ref(group, raise_if_not_found=False):
                agent = cls.make_agent(role, str(number), cls.env["hr.department"])
                agent.user_id.group_ids |= found
                users[role] = agent.user_id
        sales = cls.env.ref("sales_team.group_sale_salesman_all_leads", raise_if_not_found=False)
        users["salesperson"] = cls.make_user("sally", "base.group_user")
        if sales:
            users["salesperson"].group_ids |= sales
        export = cls.env.ref("base.group_allow_export")
        for role, user in users.items():
            if role not in ("portal", "public"):
                user.group_ids |= export
        return users

    def model(self, name, role):
        """The model in the environment of a role."""
        user = self.users[role]
        return self.env(
            user=user, context={"allowed_company_ids": user.company_ids.ids[:1]}, su=False
        )[name]

    # ---- the walk ----

    def check_walk(self):
        """The test."""
        self.walk()

    def walk(self):
        """Every model, field, method and route as every role: as the tables say, and nothing without a row."""
        self.wrong, self.probes = [], Counter()
        self.table = tables_of(self.ours)
        with mute_logger(
            "odoo.sql_db",
            "odoo.http",
            "odoo.models",
            "odoo.addons.base.models.ir_model",
            "odoo.addons.base.models.ir_rule",
        ):
            for name in sorted(self.env.registry):
                self.walk_model(name)
            self.walk_routes()
        total = sum(self.probes.values())
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.probes.items()))
        _logger.info(
            "access walk of %s: %d probes (%s)", ", ".join(sorted(self.walked)), total, kinds
        )
        self.assertFalse(
            self.wrong, f"{len(self.wrong)} of {total} probes:\n" + "\n".join(self.wrong[:400])
        )
        return total

    def walk_model(self, name):
        """One model: as a whole if it is ours, else what we put on it."""
        model = self.env[name]
        ours = self.env.registry[name]._original_module in self.walked
        row = self.table["models"].get(name)
        methods = self.our_methods(name)
        if model._abstract and not methods:
            return
        if (ours or methods) and row is None:
            self.wrong.append(f"{name}: no row in any access.json says what is meant")
            return
        for word in ("read", "create", "unlink", "named"):
            roles_of((row or {}).get(word), set())
        if ours and not model._abstract:
            sample = self.samples.get(name)
            if sample or row.get("sample") is False:
                self.walk_rights(model, row, sample)
            else:
                self.wrong.append(f"{name}: no sample (tests/access_samples.py)")
        if not ours:
            self.walk_our_fields(name)
        if methods:
            self.walk_methods(name, row, methods)

    def meant(self, row, word):
        """The roles that a row names under a word."""
        return roles_of(row.get(word), set(self.users))

    def check(self, kind, where, role, got, meant):
        """One probe."""
        self.probes[kind] += 1
        if got != meant:
            said = "gets at it, and is not meant to" if got else "is refused, and is meant to"
            self.wrong.append(f"{where}: {role} {said}")

    # ---- reading ----

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

    # ---- writing ----

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

    # ---- fields on others' models, methods ----

    def walk_our_fields(self, name):
        """Fields of ours on a model that is not."""
        model = self.env[name]
        meant = self.table["fields"].get(name, {})
        for field_name, field in model._fields.items():
            modules = set(field._modules)
            if model._abstract or not modules or modules - self.ours or not modules & self.walked:
                continue
            if field_name not in meant:
                self.wrong.append(f"{name}.{field_name}: no row under fields says who reads it")
                continue
            allowed = roles_of(meant[field_name], set(self.users))
            for role in self.users:
                asked = self.model(name, role)
                got = asked.has_access("read") and asked._has_field_access(field, "read")
                self.check("field", f"{name}.{field_name}", role, bool(got), role in allowed)

    def our_methods(self, name):
        """Public methods that our code puts on a model: name → whether it is called on the model."""
        cls = self.env.registry[name]
        found = {}
        for part in cls.mro():
            if self.addon_of(part.__module__) not in self.walked:
                continue
            for method, function in vars(part).items():
                if method.startswith("_") or not inspect.isfunction(function):
                    continue
                if getattr(function, "_api_private", False) or method in found:
                    continue
                others = [
                    base
                    for base in cls.mro()
                    if method in vars(base)
                    and base is not cls
                    and self.addon_of(base.__module__) not in self.ours
                ]
                if not others:
                    whole = getattr(cls, method)
                    found[method] = bool(getattr(whole, "_api_model", False))
        return found

    @staticmethod
    def addon_of(module):
        parts = module.split(".")
        return parts[2] if parts[:2] == ["odoo", "addons"] and len(parts) > 2 else None

    def walk_methods(self, name, row, methods):
        """Every public method as every role, on the sample."""
        meant = row.get("methods") or {}
        for method in sorted(set(meant) - set(methods)):
            if self.env.registry[name]._original_module in self.walked:
                self.wrong.append(f"{name}.{method}: a row, and no such public method")
        for method, on_model in sorted(methods.items()):
            if method not in meant:
                self.wrong.append(f"{name}.{method}(): no row says who may call it")
                continue
            entry = meant[method]
            entry = {"roles": entry} if isinstance(entry, str) else entry
            allowed = roles_of(entry["roles"], set(self.users))
            sample = self.samples.get(name)
            args = [self.filled(value, sample) for value in entry.get("args", ())]
            kwargs = {
                key: self.filled(value, sample) for key, value in entry.get("kwargs", {}).items()
            }
            for role in self.users:
                asked = self.model(name, role)
                if sample and not on_model:
                    asked = asked.browse(sample.id)
                refused = self.is_refused(getattr(asked, method), args, kwargs)
                self.check("method", f"{name}.{method}()", role, not refused, role in allowed)

    def filled(self, value, sample):
        """A value of the table: "$id", "$model:res.partner", "$user:agent"."""
        if value == "$id":
            return sample.id
        if isinstance(value, str) and value.startswith("$user:"):
            return self.users[value.partition(":")[2]].id
        if isinstance(value, str) and value.startswith("$model:"):
            return self.samples[value.partition(":")[2]].id
        return value

    def is_refused(self, method, args, kwargs):
        """Whether a call ends with an AccessError. Nothing of it stays."""
        try:
            with self.env.cr.savepoint() as savepoint:
                try:
                    method(*args, **kwargs)
                finally:
                    savepoint.rollback()
                    self.env.invalidate_all()
        except (AccessError, HTTPException):
            return True
        except Exception as error:
            _logger.debug("%s: %r", method, error)
        return False

    # ---- routes ----

    def walk_routes(self):
        """Every route of ours as every role, without a token."""
        rules = {}
        for rule in self.env["ir.http"].routing_map().iter_rules():
            function = inspect.unwrap(rule.endpoint)
            addon = self.addon_of(getattr(function, "__module__", "") or "")
            if addon in self.walked:
                rules.setdefault(rule.rule, rule)
        meant = self.table["routes"]
        for path in sorted(set(rules) - set(meant)):
            self.wrong.append(f"{path}: no row under routes says who may call it")
        for role, user in self.users.items():
            wanted = sorted(set(rules) & set(meant))
            self.authenticate(None, None)
            if role != "public":
                user.password = user.login
                self.env.flush_all()
                self.authenticate(user.login, user.login)
            for path in wanted:
                entry = meant[path]
                entry = {"roles": entry} if isinstance(entry, str) else entry
                allowed = roles_of(entry["roles"].replace("bridge", ""), set(self.users))
                got = self.is_served(rules[path], entry.get("path", path))
                self.check("route", path, role, got, role in allowed)
            self.walk_json_2(role)
            self.walk_bus(role)

    def walk_json_2(self, role):
        """Each sample over the public API, as the role whose session it is."""
        for name, sample in sorted(self.samples.items()):
            if self.env.registry[name]._original_module not in self.walked:
                continue
            answer = self.url_open(
                f"/json/2/{name}/search_read",
                data=json.dumps({"domain": [["id", "=", sample.id]], "fields": ["display_name"]}),
                headers=FROM_A_PAGE,
            )
            got = answer.status_code == 200 and bool(answer.json())
            meant = role in self.meant(self.table["models"].get(name, {}), "read")
            self.check("json-2", f"{name} by JSON-2", role, got, meant)

    def is_served(self, rule, path):
        """Whether a request for a page is answered with one."""
        while "$model:" in path:
            before, _, rest = path.partition("$model:")
            name, slash, after = rest.partition("/")
            path = f"{before}{self.samples[name].id}{slash}{after}"
        methods = rule.methods or {"GET"}
        data = None if "GET" in methods else "{}"
        headers = {} if data is None else {"Content-Type": "application/json"}
        answer = self.url_open(path, data=data, headers=headers, allow_redirects=False)
        return answer.status_code in (200, 206)

    # ---- help for who writes a table ----

    def proposal(self):
        """What is so now, in the form of a table: to be read critically, not to be pasted."""
        rows = {}
        for name, sample in sorted(self.samples.items()):
            found = {"read": [], "create": [], "unlink": []}
            for role in self.users:
                record = self.model(name, role).browse(sample.id)
                for operation, roles in found.items():
                    if record.has_access(operation):
                        roles.append(role)
            rows[name] = {
                **{operation: " ".join(roles) for operation, roles in found.items() if roles},
                "write": {
                    role: "*"
                    for role in self.users
                    if self.model(name, role).browse(sample.id).has_access("write")
                },
                "methods": dict.fromkeys(sorted(self.our_methods(name)), "?"),
            }
        return json.dumps(rows, indent=1)
