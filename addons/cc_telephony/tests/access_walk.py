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

from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_table import OPTIONAL_GROUPS, our_addons, roles_of, tables_of
from .browser import PatientCase
from .cases import T0, CentreMixin, S
from .walk_bus import BusWalkMixin
from .walk_forms import FormsWalkMixin
from .walk_reading import ReadingWalkMixin
from .walk_routes import RoutesWalkMixin
from .walk_writing import WritingWalkMixin

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class AccessWalkCase(
    ReadingWalkMixin,
    WritingWalkMixin,
    FormsWalkMixin,
    RoutesWalkMixin,
    BusWalkMixin,
    CentreMixin,
    PatientCase,
):
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
        cls.samples, cls.envs = {}, {}
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
        if role not in self.envs:
            user = self.users[role]
            companies = {"allowed_company_ids": user.company_ids.ids[:1]}
            self.envs[role] = self.env(user=user, context=companies, su=False)
        return self.envs[role][name]

    # ---- the walk ----

    def check_walk(self):
        """The test."""
        self.walk()

    def walk(self):
        """Every model, field, method and route as every role: as the tables say, and nothing without a row."""
        self.wrong, self.probes = [], Counter()
        self.table = tables_of(self.ours)
        for name in ("ir.model.access", "ir.rule"):
            # who might help whoever is refused takes longer to find out than the refusal
            self.patch(
                self.env.registry[name],
                "_make_access_error",
                lambda _rights, *_what: AccessError("refused"),
            )
        with mute_logger(
            # OCA's pages look up their history for a form that is not saved, too
            "odoo.domains",
            "odoo.sql_db",
            "odoo.http",
            "odoo.models",
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
        if ours and model._transient:
            self.walk_private(name)
        if not ours:
            self.walk_our_fields(name)
        if not model._abstract:
            self.walk_forms(model)
        if methods:
            self.walk_methods(name, row, methods)

    def walk_private(self, name):
        """What somebody types into a wizard is nobody else's, also where no sample could be made of it."""
        for role, user in self.users.items():
            if not self.model(name, role).has_access("read"):
                continue
            # sudo: ir.rule - as it is read for everybody
            allowed = self.env["ir.rule"].with_user(user)._compute_domain(name, "read")
            parts = allowed.children if isinstance(allowed, DomainAnd) else [allowed]
            own = Domain("create_uid", "=", user.id).optimize(self.env[name]) in parts
            self.check("private", f"rows of others in {name}", role, not own, False)

    def meant(self, row, word):
        """The roles that a row names under a word."""
        return roles_of(row.get(word), set(self.users))

    def check(self, kind, where, role, got, meant):
        """One probe."""
        self.probes[kind] += 1
        if got != meant:
            said = "gets at it, and is not meant to" if got else "is refused, and is meant to"
            self.wrong.append(f"{where}: {role} {said}")

    # ---- fields on others' models, methods ----

    def walk_our_fields(self, name):
        """Fields of ours on a model that is not."""
        model = self.env[name]
        meant = self.table["fields"].get(name, {})
        # what is written to a model of ours its own row says
        foreign = self.env.registry[name]._original_module not in self.ours
        for field_name, field in model._fields.items():
            modules = set(field._modules)
            if model._abstract or not modules or modules - self.ours or not modules & self.walked:
                continue
            if field_name not in meant:
                self.wrong.append(f"{name}.{field_name}: no row under fields says who reads it")
                continue
            entry = meant[field_name]
            entry = {"read": entry} if isinstance(entry, str) else entry
            readers = roles_of(entry["read"], set(self.users))
            writers = roles_of(entry.get("write"), set(self.users))
            for role in self.users:
                asked = self.model(name, role)
                got = asked.has_access("read") and asked._has_field_access(field, "read")
                self.check("field", f"{name}.{field_name}", role, bool(got), role in readers)
                if foreign and name in self.samples and field in self.stored_fields(asked):
                    self.walk_our_writing(asked, field, role, role in writers)

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
