# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bus as every role: which messages of ours come, what they carry, and that asking for more brings none."""

import json
import re
from pathlib import Path

from odoo.modules import Manifest

from ..models.pbx.cc_pbx import TOKEN_CHANNEL

# the type of a message of ours, as it stands in the code
KIND = re.compile(r"[\"'](cc[a-z_.]*/[a-z_]+)[\"']")
FOLDERS = ("models", "ingest", "wizards", "controllers")


class BusWalkMixin:
    """Part of the access walk. `bus` of an addon's `access.json`: message type → roles to whom the samples' story
    sends it; of one that the story does not send, nobody."""

    def bus_kinds(self):
        """The types of messages that the code of the addons walked sends."""
        found = set()
        for addon in self.walked:
            root = Path(Manifest.for_addon(addon).path)
            for folder in FOLDERS:
                for file in sorted((root / folder).rglob("*.py")):
                    told = KIND.findall(file.read_text(encoding="utf-8"))
                    # another addon's word in an example
                    found |= {
                        kind
                        for kind in told
                        if kind.startswith("cc.") or kind.startswith(f"{addon}/")
                    }
        return found

    def walk_bus(self, role):
        """What the role's own session hears, from the first message on."""
        kinds, meant = self.bus_kinds(), self.table["bus"]
        heard = self.heard([])
        for kind in sorted(kinds):
            if kind not in meant:
                self.wrong.append(f"{kind}: no row under bus says to whom it is sent")
                continue
            got = kind in {message["type"] for message in heard}
            self.check("bus", f"message {kind}", role, got, role in self.meant(meant, kind))
        for message in heard:
            if message["type"] in kinds:
                told = json.dumps(message["payload"])
                for what, secret in self.bus_secrets().items():
                    self.check("bus", f"{what} in {message['type']}", role, secret in told, False)
        # all of them at once; only where that brings something does it matter which did
        attempts = self.bus_attempts()
        brings = self.brings_more(attempts, heard)
        for channel in attempts:
            more = brings and self.brings_more([channel], heard)
            self.check("bus", f"messages by asking for {channel[:60]!r}", role, more, False)

    def brings_more(self, channels, heard):
        """Whether asking for these channels brings a message that did not come by itself."""
        return any(message not in heard for message in self.heard(channels))

    def heard(self, channels):
        """The messages of the channels that a session has, and of those that it asks for."""
        answer = self.make_jsonrpc_request(
            "/websocket/peek_notifications",
            # from the first on: 0 means those of the last minute
            {"channels": channels, "last": -1, "is_first_poll": True},
        )
        return [row["message"] for row in answer["notifications"]]

    def bus_secrets(self):
        """What no message may carry: whole numbers, passwords."""
        return {
            "the customer's number": self.samples["cc.phone.number"].sudo().key[-9:],
            "a phone's password": self.samples["cc.extension"].sudo().secret,
            "the PBX's secret": self.samples["cc.pbx"].sudo().secret,
        }

    def bus_attempts(self):
        """Names of channels as somebody curious would ask for them."""
        names = [self.env.cr.dbname, ""]
        found = ["cc.pbx", TOKEN_CHANNEL, f"{TOKEN_CHANNEL}x", f"{TOKEN_CHANNEL}a.b.c"]
        records = [
            self.samples["cc.pbx"],
            self.samples["cc.call"],
            self.samples["cc.agent"],
            *(user.partner_id for user in self.users.values()),
        ]
        for record in records:
            name, row_id = record._name, record.id
            found += [f"{name}_{row_id}", f"{name},{row_id}", str(record)]
            found += [json.dumps([one, name, row_id]) for one in names]
            found.append(f"{TOKEN_CHANNEL}{row_id}")
        bell = self.samples["cc.pbx"].sudo()._bell_key()
        found.append(json.dumps([names[0], "cc.pbx", self.samples["cc.pbx"].id, bell]))
        return found
