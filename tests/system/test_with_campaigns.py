# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A small campaign through the whole system: its log, the PBX's records and Odoo's calls agree call by call, also
when the bridge is killed while lines ring (DIA-02 to DIA-08, DIA-19)."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from desk import eventually
from facts_of import ask
from rpc import Person

from cc_stack.customers import Crowd
from cc_stack.stack import Stack

ENDS = {
    "0486": "busy",
    "0480": "off",
    "0404": "empty",
    "0408": "no_answer",
    "0101": "hung_up",
    "0600": "machine",
    "0200": "person",
}


@pytest.fixture
def crowd(stack: Stack) -> Iterator[Crowd]:
    """People of every kind, in place of the one who answers."""
    stack.outside.stop()
    people = Crowd(stack.settings, ring_seconds=1.5)
    # the same pid file: the stack looks after it as it does after the other
    people.name, people.pid_file = stack.outside.name, stack.outside.pid_file
    people.up()
    yield people
    people.stop()
    stack.outside.up()


class Boss(Person):
    """Max runs campaigns."""

    def do(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        return self.rpc(method, *args, model=model, **kwargs)

    def campaign(self, numbers: list[str], **values: Any) -> int:
        """A started campaign over these numbers, whose hours are all day."""
        [task] = self.do("cc.customer.task", "create", [{"name": "Test", "source": "manual"}])
        rows = [{"task_id": task, "number": n, "name": f"Customer {n[-7:]}"} for n in numbers]
        self.do("cc.customer.task.line", "create", rows)
        self.do("cc.customer.task", "action_start", [task])
        [trunk] = self.do("cc.trunk", "search", [["code", "=", "trunk"]])
        [queue] = self.do("cc.queue", "search", [["code", "=", "support"]])
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        plan = {
            "name": f"Campaign {numbers[0][-7:]}",
            "task_id": task,
            "mode": "ratio",
            "ratio": 2,
            "queue_id": queue,
            "line_ids": [(0, 0, {"trunk_id": trunk, "max_calls": 10, "per_s": 5})],
            "message_text": "Sorry, nobody is free.",
            "use_country_rules": False,
            "tz": "Asia/Shanghai",
            "ring_s": 15,
            "morning_from": 0,
            "morning_to": 12,
            "afternoon_from": 12,
            "afternoon_to": 24,
            **dict.fromkeys(days, True),
            **values,
        }
        [campaign] = self.do("cc.campaign", "create", [plan])
        self.do("cc.campaign", "action_start", [campaign])
        return int(campaign)


def tries(stack: Stack, campaign: int) -> list[dict[str, str]]:
    """All leases of a campaign that were dialled, with the call that Odoo has of each."""
    names = (
        "lease",
        "number",
        "state",
        "outcome",
        "counts",
        "call_uid",
        "agent",
        "direction",
        "call_key",
    )
    rows = ask(
        stack,
        f"""SELECT t.lease, n.key, t.state, coalesce(t.outcome, ''), t.counts::text, coalesce(t.call_uid, ''),
                   coalesce(a.number, ''), coalesce(c.direction, ''), coalesce(cn.key, '')
              FROM cc_campaign_attempt t
              JOIN cc_phone_number n ON n.id = t.number_id
              LEFT JOIN cc_agent a ON a.id = t.agent_id
              LEFT JOIN cc_call c ON c.call_uid = t.call_uid
              LEFT JOIN cc_phone_number cn ON cn.id = c.number_id
             WHERE t.campaign_id = {campaign} AND t.dialled_at IS NOT NULL ORDER BY t.id""",
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def channels_by_cel(stack: Stack) -> Counter[str]:
    """How often each channel of ours began, by the PBX's own record."""
    found: Counter[str] = Counter()
    for path in (stack.asterisk.home / "log" / "cel-custom").glob("cc_cel.csv*"):
        for row in csv.reader(path.read_text(errors="replace").splitlines()):
            if len(row) > 3 and row[0] == "CHAN_START" and row[3].startswith("cc-"):
                found[row[3]] += 1
    return found


def agents_talk(people: list[Person], done: Any, seconds: float) -> None:
    """Whoever has a customer hangs up a second later."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the campaign does not come to its end"
        for person in people:
            if person.state == "on_call":
                time.sleep(0.5)
                if person.state == "on_call":
                    person.does("hangup")
            elif person.state in ("busy", "wrap_up"):
                person.rpc("set_state", "ready", False)
        time.sleep(0.3)


def agents(stack: Stack) -> list[Person]:
    """Ann and Ben at desk phones that answer by themselves, ready."""
    found = []
    for login, extension in (("ann", "2001"), ("ben", "2002")):
        stack.phone(extension, answer="auto")
        person = Person(stack, login)
        person.sign_in("desk", extension)
        found.append(person)
    return found


def test_log_records_and_odoo_agree(stack: Stack, crowd: Crowd) -> None:
    """14 people of seven kinds, at the pace that the dialler works out."""
    numbers = [f"+8613955{n:02d}{end}" for n in range(2) for end in ENDS]
    people = agents(stack)
    boss = Boss(stack, "max")
    began = time.time()
    campaign = boss.campaign(numbers, mode="predictive", amd=True)
    try:
        agents_talk(
            people,
            lambda: sum(t["state"] == "ended" for t in tries(stack, campaign)) >= len(numbers),
            150,
        )
        boss.do("cc.campaign", "action_pause", [campaign])
        told = tries(stack, campaign)
        assert {t["number"] for t in told} == set(numbers)
        first = {t["number"]: t for t in reversed(told)}
        wrong = {n: t["outcome"] for n, t in first.items() if t["outcome"] != ENDS[n[-4:]]}
        assert wrong == {}
        cel = channels_by_cel(stack)
        for one in told:
            # one channel on the PBX, one call in Odoo, of the same number
            assert cel[f"cc-{one['lease']}"] == 1
            eventually(
                lambda one=one: tries_of(stack, campaign, one["lease"])["direction"] == "outbound"
            )
            assert tries_of(stack, campaign, one["lease"])["call_key"] == one["number"]
            assert (one["outcome"] == "person") == bool(one["agent"])
        assert time.time() - began < 200
    finally:
        boss.do("cc.campaign", "action_finish", [campaign])
        for person in people:
            person.rpc("sign_out")


def tries_of(stack: Stack, campaign: int, lease: str) -> dict[str, str]:
    return next(t for t in tries(stack, campaign) if t["lease"] == lease)


def test_bridge_killed_while_lines_ring(stack: Stack, crowd: Crowd) -> None:
    """kill -9 with people ringing: nobody is dialled twice, nobody is forgotten, who answers is served."""
    numbers = [f"+8613966{n:02d}{end}" for n, end in enumerate(["0408"] * 4 + ["0200"] * 4)]
    people = agents(stack)
    boss = Boss(stack, "max")
    campaign = boss.campaign(numbers, ratio=3)
    try:
        eventually(lambda: len(tries(stack, campaign)) >= 4, 30)
        stack.bridge.kill()
        time.sleep(3)
        stack.bridge.up()
        agents_talk(
            people,
            lambda: {t["number"] for t in tries(stack, campaign)} == set(numbers)
            and all(t["state"] == "ended" for t in tries(stack, campaign)),
            150,
        )
        boss.do("cc.campaign", "action_pause", [campaign])
        cel = channels_by_cel(stack)
        for one in tries(stack, campaign):
            assert cel[f"cc-{one['lease']}"] <= 1
            # what counts as a try is a channel on the PBX, and the other way round
            assert (one["counts"] == "true") == (cel[f"cc-{one['lease']}"] == 1), one
        # nobody was dialled again but by a retry rule's delay, which is longer than this test
        counted = Counter(t["number"] for t in tries(stack, campaign) if t["counts"] == "true")
        assert max(counted.values()) == 1
        open_rows = ask(
            stack,
            f"SELECT count(*) FROM cc_campaign_attempt WHERE campaign_id = {campaign} AND state IN"
            " ('leased', 'dialled', 'answered')",
        )
        assert open_rows == [["0"]]
    finally:
        boss.do("cc.campaign", "action_finish", [campaign])
        for person in people:
            person.rpc("sign_out")
