# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The parts a bench runs on: PostgreSQL, Odoo with two workers, nginx and the bridge; the AMI player is the PBX."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "scripts"))

from ami_player import Player, Template  # noqa: E402

from cc_stack.odoo import command, write_config  # noqa: E402
from cc_stack.settings import REPO  # noqa: E402
from cc_stack.stack import Stack  # noqa: E402

# a queue call through our own dialplan on a real Asterisk 22, and who calls whom in it
RECORDING = HERE.parent / "addons/cc_telephony/bridge/tests/recordings/cc_answer.jsonl.gz"
CALLER, AGENT = "13800000001", "1001"
# two benches at once need two instances (and CC_<INSTANCE>_BASE_PORT)
INSTANCE = os.environ.get("CC_BENCH_INSTANCE", "bench")

MORE_AGENTS = """
number = {count}
pbx = env.ref("cc_telephony.pbx_main")
queue = env.ref("cc_telephony.queue_support")
group = env.ref("cc_telephony.group_agent")
department = env["hr.department"].search([], limit=1)
agents = env["cc.agent"].search([("pbx_id", "=", pbx.id)])
for n in range(len(agents), number):
    user = env["res.users"].create({{"name": f"Bench {{n}}", "login": f"bench{{n}}",
                                    "group_ids": [(4, group.id)]}})
    agents += env["cc.agent"].create({{"user_id": user.id, "number": str(3000 + n), "pbx_id": pbx.id,
                                      "department_id": department.id}})
have = queue.member_ids.agent_id
env["cc.queue.member"].create([{{"queue_id": queue.id, "agent_id": a.id}} for a in agents - have])
for agent in agents[:number]:
    device = env["cc.extension"].search([("agent_id", "=", agent.id), ("kind", "=", "browser")], limit=1)
    env["cc.agent"].with_user(agent.user_id).sign_in("browser", device.code)
env["cc.command"].search([("state", "not in", ("done", "failed", "expired"))]).write({{"state": "done"}})
env.cr.commit()
print("AGENTS", ",".join(agents[:number].mapped("number")))
"""


class BenchStack:
    """Everything but Asterisk, whose place the player takes."""

    def __init__(self, agents: int) -> None:
        self.stack = Stack(INSTANCE)
        # how late a commit was is asked of PostgreSQL itself
        self.stack.postgres.argv += ["-c", "track_commit_timestamp=on"]
        self.agents_wanted = agents
        self.agents: list[str] = []
        self.player = Player(Template.load(RECORDING, CALLER, AGENT), self.stack.settings.ports.ami)

    def up(self) -> None:
        """PostgreSQL, Odoo and nginx; agents made and signed in."""
        self.stack.down()
        self.stack.prepare(fresh=True)
        self.stack.postgres.up()
        self.stack._up_database()
        self.agents = self._make_agents()
        self.stack.odoo.up()
        self.stack.nginx.up()

    def _make_agents(self) -> list[str]:
        settings = self.stack.settings
        write_config(
            settings,
            self.stack.postgres,
            settings.database,
            self.stack.odoo.config,
            settings.data_dir,
        )
        code = textwrap.dedent(MORE_AGENTS.format(count=self.agents_wanted))
        shell = subprocess.run(
            command(settings, self.stack.odoo.config, "shell", "--no-http"),
            input=code,
            text=True,
            capture_output=True,
            check=False,
        )
        for line in shell.stdout.splitlines():
            if line.startswith("AGENTS "):
                return line.split(" ", 1)[1].split(",")
        raise SystemExit(f"agents could not be made:\n{shell.stderr[-3000:]}")

    def bridge_up(self) -> None:
        """Starts the bridge against the player and waits until Odoo has heard of it."""
        self.stack.bridge.configure()
        self.stack.bridge.start()
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.ask("SELECT 1 FROM cc_pbx_cursor WHERE connected"):
                return
            time.sleep(0.2)
        raise SystemExit("the bridge did not connect; see its log in .run/<instance>/logs")

    def ask(self, sql: str) -> list[tuple[str, ...]]:
        return [tuple(row) for row in self.stack.postgres.query(sql, self.stack.settings.database)]

    def bridge_process(self) -> psutil.Process:
        pid = self.stack.bridge.pid
        assert pid
        return psutil.Process(pid)

    def down(self) -> None:
        self.stack.down()


__all__ = ["AGENT", "CALLER", "INSTANCE", "RECORDING", "REPO", "BenchStack"]
