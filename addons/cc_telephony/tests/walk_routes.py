# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Routes as every role, without a token, and the public API with the role's session."""

import inspect
import json

from .access_table import roles_of

# what a browser sends with a page: the API takes a session only from there
FROM_A_PAGE = {
    "Content-Type": "application/json",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1",
}


class RoutesWalkMixin:
    """Part of the access walk."""

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
