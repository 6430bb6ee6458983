# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Campaigns through the whole system, on a real PBX with SIPp as the people: the dialler's log, the PBX's records
and Odoo's calls agree call by call, also when the bridge is killed while fifty lines ring, when Odoo is away, and when
somebody starts a second bridge (DIA-02 to DIA-08, DIA-19). CC_DIALER_AWAY_S makes Odoo's absence longer (60)."""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import pytest
from axe import assert_no_faults
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask
from rpc import Person

from cc_stack.customers import ENDS, Crowd
from cc_stack.settings import REPO, StackError
from cc_stack.stack import Stack

sys.path.insert(0, str(REPO / "addons" / "cc_survey_dialer" / "tests"))
from all_day import ALL_DAY

AWAY_S = float(os.environ.get("CC_DIALER_AWAY_S", "12"))
#: Of twenty people of a day so many end like this; 0101 leaves in the first second, 0600 is a machine.
DAY = {"0200": 7, "0408": 4, "0486": 2, "0480": 2, "0404": 2, "0101": 1, "0600": 2}
#: How long a campaign may take to its end, s; on a busy machine several times as long as on a quiet one.
END_S = 900.0


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

    def campaign(
        self, numbers: list[str], *, lines: int = 10, per_s: int = 5, **values: Any
    ) -> int:
        """A started campaign over these numbers, whose hours are all day."""
        [task] = self.do("cc.customer.task", "create", [{"name": "Test", "source": "manual"}])
        rows = [{"task_id": task, "number": n, "name": f"Customer {n[-7:]}"} for n in numbers]
        self.do("cc.customer.task.line", "create", rows)
        self.do("cc.customer.task", "action_start", [task])
        [trunk] = self.do("cc.trunk", "search", [["code", "=", "trunk"]])
        [queue] = self.do("cc.queue", "search", [["code", "=", "support"]])
        plan = {
            "name": f"Campaign {numbers[0][-7:]}",
            "task_id": task,
            "mode": "ratio",
            "ratio": 2,
            "queue_id": queue,
            "line_ids": [(0, 0, {"trunk_id": trunk, "max_calls": lines, "per_s": per_s})],
            "message_text": "Sorry, nobody is free.",
            "use_country_rules": False,
            "tz": "Asia/Shanghai",
            "ring_s": 15,
            **ALL_DAY,
            **values,
        }
        [campaign] = self.do("cc.campaign", "create", [plan])
        self.do("cc.campaign", "action_start", [campaign])
        return int(campaign)


@dataclass(frozen=True, slots=True)
class Try:
    """A lease that was dialled, as the dialling log has it, with the call that Odoo has of it."""

    lease: str
    number: str
    state: str
    outcome: str
    counts: bool
    dialled: float
    answered: float
    cause: str
    abandoned: bool
    message: float
    agent: str
    amd: str
    call_direction: str
    call_number: str
    call_answered: bool
    call_ended: bool
    call_agents: str


def tries(stack: Stack, campaign: int) -> list[Try]:
    """All of a campaign, in the order of their leases."""
    rows = ask(
        stack,
        f"""SELECT t.lease, n.key, t.state, coalesce(t.outcome, ''), t.counts,
                   extract(epoch FROM t.dialled_at), coalesce(extract(epoch FROM t.answered_at), 0),
                   coalesce(t.cause, 0), coalesce(t.abandoned, false),
                   coalesce(extract(epoch FROM t.message_at), 0), coalesce(a.number, ''),
                   coalesce(t.amd_status, ''), coalesce(c.direction, ''), coalesce(cn.key, ''),
                   c.answered_at IS NOT NULL, coalesce(c.state, '') = 'ended',
                   coalesce((SELECT string_agg(DISTINCT la.number, ',') FROM cc_call_leg l
                               JOIN cc_agent la ON la.id = l.agent_id WHERE l.call_id = c.id), '')
              FROM cc_campaign_attempt t
              JOIN cc_phone_number n ON n.id = t.number_id
              LEFT JOIN cc_agent a ON a.id = t.agent_id
              LEFT JOIN cc_call c ON c.call_uid = t.call_uid
              LEFT JOIN cc_phone_number cn ON cn.id = c.number_id
             WHERE t.campaign_id = {campaign} AND t.dialled_at IS NOT NULL ORDER BY t.id""",
    )
    return [
        Try(
            *row[:4],
            row[4] in ("t", "true"),
            float(row[5]),
            float(row[6]),
            row[7],
            row[8] in ("t", "true"),
            float(row[9]),
            *row[10:14],
            row[14] in ("t", "true"),
            row[15] in ("t", "true"),
            row[16],
        )
        for row in rows
    ]


@dataclass(slots=True)
class Recorded:
    """A channel of ours by the PBX's own records (CEL)."""

    begins: int = 0
    answered: bool = False
    over: bool = False
    cause: str = ""


def by_cel(stack: Stack) -> dict[str, Recorded]:
    """Channels of ours by lease, straight from the PBX's file."""
    found: dict[str, Recorded] = defaultdict(Recorded)
    for path in (stack.asterisk.home / "log" / "cel-custom").glob("cc_cel.csv*"):
        for row in csv.reader(path.read_text(errors="replace").splitlines()):
            if len(row) < 4 or not row[3].startswith("cc-"):
                continue
            one = found[row[3].removeprefix("cc-")]
            if row[0] == "CHAN_START":
                one.begins += 1
            elif row[0] == "ANSWER":
                one.answered = True
            elif row[0] == "HANGUP":
                one.over = True
                one.cause = str(json.loads(row[-1]).get("hangupcause", ""))
    return found


def agree(stack: Stack, campaign: int) -> list[Try]:
    """Log, PBX and Odoo tell the same of each number that was dialled; what they tell."""

    def complete() -> bool:
        """What the three are told separately is told to its end."""
        cel = by_cel(stack)
        counted = [one for one in tries(stack, campaign) if one.counts]
        return all(one.call_ended and cel[one.lease].over for one in counted)

    eventually(complete)
    cel, told = by_cel(stack), tries(stack, campaign)
    for one in told:
        there = cel[one.lease]
        # a try is a channel on the PBX, and the other way round
        assert there.begins == int(one.counts), one
        if not one.counts:
            continue
        assert one.state == "ended", one
        assert there.answered == bool(one.answered), (one, there)
        assert (one.call_direction, one.call_number) == ("outbound", one.number), one
        if there.cause and one.cause != "0":
            assert there.cause == one.cause, (one, there)
        if one.agent:
            assert one.agent in one.call_agents.split(","), one
            assert one.call_answered, one
        # who answered was served, heard the message, left by themselves, or was a machine
        assert not one.answered or one.outcome in ("person", "abandoned", "hung_up", "machine"), one
        assert one.abandoned == (one.outcome == "abandoned"), one
    # nobody twice: a retry rule's delay is longer than any test
    counted = Counter(one.number for one in told if one.counts)
    assert not counted or max(counted.values()) == 1
    assert count_of(stack, campaign, "leased", "dialled", "answered") == 0
    return told


def count_of(stack: Stack, campaign: int, *states: str) -> int:
    """How many leases of a campaign are in one of these states."""
    listed = "', '".join(states)
    [[count]] = ask(
        stack,
        f"SELECT count(*) FROM cc_campaign_attempt WHERE campaign_id = {campaign}"
        f" AND state IN ('{listed}')",
    )
    return int(count)


class Desks:
    """Agents at desk phones that answer by themselves; whoever has a customer hangs up soon."""

    def __init__(self, stack: Stack, *logins: str) -> None:
        self.stack = stack
        self.people = []
        for number, login in enumerate(logins, 2001):
            self._extension(stack, str(number))
            stack.phone(str(number), answer="auto")
            person = Person(stack, login)
            person.sign_in("desk", str(number))
            self.people.append(person)

    def _extension(self, stack: Stack, code: str) -> None:
        """A desk more than the demo data have."""
        admin = Person(stack, "admin")
        if admin.rpc("search", [["code", "=", code]], model="cc.extension"):
            return
        [pbx] = admin.rpc("search", [], 0, 1, model="cc.pbx")
        values = {"code": code, "name": f"Desk {code}", "kind": "desk", "pbx_id": pbx}
        admin.rpc("create", [values], model="cc.extension")
        # written by the bridge and read by the PBX
        shown = f"pjsip show endpoint {code}"
        eventually(lambda: "Unable to find" not in stack.asterisk.cli(shown))

    def serve(self, done: Any, campaign: int = 0) -> None:
        """Until it is done; ``campaign`` says whose tries are shown when it never is."""
        end = time.monotonic() + END_S
        since: dict[str, float] = {}
        while not done():
            if time.monotonic() > end:
                states = {person.login: person.state for person in self.people}
                raise AssertionError(f"no end: agents {states}, {self._left(campaign)}")
            for person in self.people:
                state = person.state
                if state == "on_call":
                    if time.monotonic() - since.setdefault(person.login, time.monotonic()) > 0.7:
                        since.pop(person.login, None)
                        # the customer may have left at the same moment
                        with suppress(StackError):
                            person.rpc("command", "hangup", {}, None)
                    continue
                since.pop(person.login, None)
                if state in ("busy", "wrap_up"):
                    # the wrap-up may have run out at the same moment
                    with suppress(StackError):
                        person.rpc("set_state", "ready", False)
            time.sleep(0.3)

    def _left(self, campaign: int) -> str:
        """What a campaign has to do still, and why it does not."""
        going = [
            one for one in tries(self.stack, campaign) if one.state != "ended" or not one.counts
        ]
        numbers = Boss(self.stack, "max").do(
            "cc.campaign.entry",
            "search_read",
            [["campaign_id", "=", campaign]],
            ["name", "why", "why_until", "last_outcome"],
        )
        bridges = ask(self.stack, "SELECT epoch, bridge_id, heard_at, rival_id FROM cc_pbx_cursor")
        return f"tries {going}, numbers {numbers}, bridges {bridges}"

    def leave(self) -> None:
        for person in self.people:
            person.rpc("sign_out")


def over(stack: Stack, campaign: int, numbers: list[str]) -> Any:
    """Whether all of these were dialled to their end."""
    return lambda: {
        one.number for one in tries(stack, campaign) if one.state == "ended" and one.counts
    } == set(numbers)


def test_a_day(stack: Stack, crowd: Crowd) -> None:
    """200 people of seven kinds, four agents, the pace that the dialler works out; paused in the middle."""
    ends = [end for end, many in DAY.items() for _ in range(many)]
    numbers = [f"+86139{n:04d}{end}" for n, end in enumerate(islice(cycle(ends), 200))]
    desks = Desks(stack, "ann", "ben", "eva", "fei")
    boss = Boss(stack, "max")
    campaign = boss.campaign(numbers, mode="predictive", amd=True, max_calls=24, lines=24, per_s=6)
    try:
        desks.serve(lambda: len(tries(stack, campaign)) >= 60, campaign)
        boss.do("cc.campaign", "action_pause", [campaign])
        # what the bridge had in hand comes back, those in the air are served, and nobody is dialled any more
        desks.serve(lambda: not count_of(stack, campaign, "leased"), campaign)
        dialled = len(tries(stack, campaign))
        assert dialled < len(numbers)
        later = time.monotonic() + 3
        desks.serve(lambda: time.monotonic() > later, campaign)
        assert len(tries(stack, campaign)) == dialled
        boss.do("cc.campaign", "action_resume", [campaign])
        desks.serve(over(stack, campaign, numbers), campaign)
        told = agree(stack, campaign)
        assert len(told) == len(numbers)
        wrong = [one for one in told if one.outcome != ENDS[one.number[-4:]]]
        # a person whom nobody could take in time, or whom AMD misheard on a busy machine, is told as such
        for one in wrong:
            assert one.answered, one
            assert one.number[-4:] in ("0200", "0600", "0101"), one
            assert (one.outcome == "machine") == (one.amd == "MACHINE"), one
        lost = [one for one in told if one.abandoned]
        for one in lost:
            # they heard the message, unless they left by themselves before it
            assert 0 < one.message - one.answered < 30 or one.number.endswith("0101"), one
        answered = [one for one in told if one.outcome in ("person", "abandoned")]
        sums = Counter(one.outcome for one in told)
        # on a machine that stands still some are misheard and some wait too long: most are served all the same
        people = [one for one in told if one.number.endswith("0200")]
        assert 2 * sums["person"] > len(people)
        # what the campaign says of itself is what its tries add up to
        shown = boss.do("cc.campaign", "progress", [campaign])
        assert (shown["tries"], shown["reached"]) == (len(told), sums["person"])
        assert (shown["answered"], shown["abandoned"]) == (len(answered), len(lost))
        assert {row["outcome"]: row["count"] for row in shown["outcomes"]} == sums
    finally:
        boss.do("cc.campaign", "action_finish", [campaign])
        desks.leave()


def test_page_and_script_before_hello(
    stack: Stack, crowd: Crowd, desk: Callable[..., Desk]
) -> None:
    """Whom the dialler reached stands on the agent's screen, with the script, as the call is there (DIA-10)."""
    [[number, name]] = ask(
        stack,
        """SELECT n.key, min(p.name) FROM cc_phone_number n
             JOIN cc_phone_link l ON l.number_id = n.id JOIN res_partner p ON p.id = l.partner_id
            WHERE n.key LIKE '+86139000000%' GROUP BY n.key HAVING count(*) = 1 ORDER BY n.key LIMIT 1""",
    )
    ann = desk("ann")
    ann.sign_in("browser")
    ann.choose_state("ready")
    boss = Boss(stack, "max")
    campaign = boss.campaign([number], mode="progressive", script="<p>Good morning, Ann here</p>")
    try:
        ann.expect_talking(2 * PATIENCE_S)
        ann.page.wait_for_selector(".o_form_view .o_cc_banner_number")
        ann.page.wait_for_selector(".o_cc_script:has-text('Good morning, Ann here')")
        assert_no_faults(ann, ".o_cc_campaign")
        assert ann.page.input_value(".o_form_view .o_field_widget[name=name] input") == name
    finally:
        boss.do("cc.campaign", "action_finish", [campaign])


def test_bridge_killed_while_fifty_lines_ring(stack: Stack, crowd: Crowd) -> None:
    """kill -9 with fifty people ringing: nobody is dialled twice or forgotten, who answers is served or hears it."""
    # 48 do not answer, and ring long enough that all of them do at once
    queue = [f"+8613966{n:02d}{end}" for n, end in enumerate(["0408"] * 8 + ["0200"] * 6)]
    spoken = [f"+8613967{n:02d}{end}" for n, end in enumerate(["0408"] * 40 + ["0200"] * 6)]
    desks = Desks(stack, "ann", "ben")
    boss = Boss(stack, "max")
    talks = boss.campaign(queue, ratio=9, max_calls=20, lines=60, per_s=20, ring_s=45)
    says = boss.campaign(
        spoken,
        queue_id=False,
        on_answer="say",
        say_text="Your parcel has arrived.",
        max_calls=60,
        lines=60,
        per_s=20,
        ring_s=45,
    )

    def in_the_air() -> int:
        return len([one for c in (talks, says) for one in tries(stack, c) if one.state != "ended"])

    try:
        eventually(lambda: in_the_air() >= 45)
        stack.bridge.kill()
        time.sleep(3)
        stack.bridge.up()
        desks.serve(lambda: over(stack, talks, queue)() and over(stack, says, spoken)(), says)
        for campaign in (talks, says):
            boss.do("cc.campaign", "action_pause", [campaign])
        assert len(agree(stack, talks)) >= len(queue)
        heard = [one for one in agree(stack, says) if one.number.endswith("0200")]
        assert {one.outcome for one in heard} == {"person"}
    finally:
        for campaign in (talks, says):
            boss.do("cc.campaign", "action_finish", [campaign])
        desks.leave()


def test_odoo_away_and_a_second_bridge(stack: Stack, crowd: Crowd) -> None:
    """In mid-campaign Odoo goes away, later somebody starts another bridge: each number is dialled once all the same."""
    # a third busy at once would be taken for a carrier that throttles: those are dialled again much later
    ends = islice(cycle(("0200", "0404", "0408", "0200", "0486", "0408")), 24)
    numbers = [f"+8613988{n:02d}{end}" for n, end in enumerate(ends)]
    desks = Desks(stack, "ann", "ben")
    boss = Boss(stack, "max")
    campaign = boss.campaign(numbers, ratio=3)
    other = stack.bridge.another(own_spool=True)
    try:
        desks.serve(lambda: len(tries(stack, campaign)) >= 4, campaign)
        stack.odoo.stop()
        time.sleep(AWAY_S)
        stack.odoo.up()
        other.start()
        desks.serve(over(stack, campaign, numbers), campaign)
        assert len(agree(stack, campaign)) == len(numbers)
    finally:
        other.stop()
        boss.do("cc.campaign", "action_finish", [campaign])
        desks.leave()
