# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Facts reach Odoo once and in order, whatever breaks between."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_odoo import PBX, SECRET, FakeOdoo, serve
from waiting import PATIENCE_S, until

from cc_bridge.config import OdooSettings
from cc_bridge.odoo import link as link_module
from cc_bridge.odoo.client import OdooClient
from cc_bridge.odoo.link import OdooLink, Ousted
from cc_bridge.spool import Spool, Upload


@pytest.fixture
def odoo(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOdoo]:
    monkeypatch.setattr(link_module, "_FIRST", 0.02)
    # nobody looks without a bell, unless a test says so
    monkeypatch.setattr(link_module, "LOOK_EVERY_S", 600)
    with serve(FakeOdoo()) as server:
        yield server


class Rig:
    """A link with its spool."""

    def __init__(self, odoo: FakeOdoo, path: Path, secret: str = SECRET) -> None:
        self.spool = Spool(path)
        self.intents: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.left_out: list[str] = []
        self.link = OdooLink(
            OdooSettings(odoo.url, "db", PBX, secret, timeout=PATIENCE_S),
            self.spool,
            greeting=lambda: {"asterisk": "22.1", "boot_t": 1, "connected": True, "error": None},
            on_intent=self._intent,
            on_commands=self._commands,
            left_out=lambda: self.left_out,
        )
        self.task = asyncio.create_task(self.link.run())

    async def _intent(self, intent: dict[str, Any]) -> None:
        self.intents.append(intent)

    async def _commands(self, rows: list[dict[str, Any]]) -> None:
        self.commands += rows

    def put(self, *numbers: int) -> None:
        self.spool.append([{"kind": "pbx.state", "t": n, "pbx_state": {"n": n}} for n in numbers])
        self.link.facts_stored()

    async def until(self, done: Callable[[], bool], within: float = PATIENCE_S) -> None:
        await until(done, within)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.spool.close()


def numbers(odoo: FakeOdoo) -> list[int]:
    return [fact["pbx_state"]["n"] for fact in odoo.facts]


async def test_facts_arrive_in_their_envelope(odoo: FakeOdoo, tmp_path: Path) -> None:
    rig = Rig(odoo, tmp_path / "s")
    rig.put(1, 2)
    await rig.until(lambda: rig.spool.acked == 2)
    assert odoo.facts[0] == {
        "v": 1,
        "pbx": PBX,
        "epoch": 1,
        "seq": 1,
        "t": 1,
        "kind": "pbx.state",
        "pbx_state": {"n": 1},
    }
    # both went with this batch: none is left waiting
    assert odoo.healths[0]["spool"] == 0 and odoo.healths[0]["uploads"] == 0
    await rig.stop()


async def test_sent_at_once_when_idle_and_gathered_while_one_is_under_way(
    odoo: FakeOdoo, tmp_path: Path
) -> None:
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.link.greeted)
    odoo.delay = 0.1
    rig.put(0)
    await rig.until(lambda: odoo.batches == [1])
    for n in range(1, 600):
        rig.put(n)
    await rig.until(lambda: rig.spool.acked == 600)
    assert odoo.batches == [1, 500, 99] and numbers(odoo) == list(range(600))
    assert [health["spool"] for health in odoo.healths] == [0, 99, 0]
    await rig.stop()


async def test_a_call_that_came_waits_for_its_ring(
    odoo: FakeOdoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request instead of two in a row: the screen waits for the ring, not for the call's beginning."""
    monkeypatch.setattr(link_module, "PATIENCE_S", 600)
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.link.greeted)
    rig.spool.append([{"kind": "call.started", "t": 1, "call": {}}])
    rig.link.facts_stored()
    await asyncio.sleep(0.1)
    assert odoo.batches == []
    rig.spool.append([{"kind": "call.ringing", "t": 2, "call": {"call_uid": "a", "rev": 2}}])
    rig.link.facts_stored()
    await rig.until(lambda: odoo.batches == [2])
    # and one that never rings goes by itself
    monkeypatch.setattr(link_module, "PATIENCE_S", 0.1)
    rig.spool.append([{"kind": "call.started", "t": 3, "call": {}}])
    rig.link.facts_stored()
    await rig.until(lambda: odoo.batches == [2, 1])
    await rig.stop()


async def test_a_ring_that_the_bell_has_told_lets_its_page_go_first(
    odoo: FakeOdoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the customer's page reads has the machine to itself; a fact that a screen waits for takes the ring along."""
    monkeypatch.setattr(link_module, "HINTED_S", 0.5)
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.link.greeted)

    def ring(uid: str) -> list[dict[str, Any]]:
        return [
            {"kind": "call.ringing", "t": 1, "call": {"call_uid": uid, "rev": 2}},
            {"kind": "agent.state", "t": 1, "agent": {"agent": "1001", "state": "ringing"}},
        ]

    # told: it waits, and goes by itself in the end
    rig.link.hinted({"call_uid": "a", "rev": 2})
    begun = time.monotonic()
    rig.spool.append(ring("a"))
    rig.link.facts_stored()
    await rig.until(lambda: odoo.batches == [2])
    assert time.monotonic() - begun >= 0.5
    monkeypatch.setattr(link_module, "HINTED_S", 600)
    # the same ring again is not told any more; another one never was
    for n, uid in enumerate("ab", 2):
        rig.spool.append(ring(uid))
        rig.link.facts_stored()
        await rig.until(lambda n=n: odoo.batches == [2] * n)
    # somebody answers at once
    rig.link.hinted({"call_uid": "c", "rev": 2})
    rig.spool.append(ring("c"))
    rig.link.facts_stored()
    await asyncio.sleep(0.05)
    rig.spool.append([{"kind": "call.answered", "t": 2, "call": {"call_uid": "c", "rev": 3}}])
    rig.link.facts_stored()
    await rig.until(lambda: odoo.batches == [2, 2, 2, 3])
    await rig.stop()


async def test_a_changed_health_goes_also_without_facts(odoo: FakeOdoo, tmp_path: Path) -> None:
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.link.greeted)
    rig.left_out = ["queue 'k': too short " + "x" * 300] + ["more"] * 50
    rig.link.health_changed()
    await rig.until(lambda: odoo.batches == [0])
    told = odoo.healths[0]["left_out"]
    assert told[0].startswith("queue 'k': too short") and len(told[0]) == 200 and len(told) == 20
    rig.spool.error = "disk is full"
    rig.left_out = []
    rig.link.health_changed()
    await rig.until(lambda: odoo.batches == [0, 0])
    assert odoo.healths[1]["spool_error"] == "disk is full" and "left_out" not in odoo.healths[1]
    # nothing new: nothing is sent
    rig.link.health_changed()
    rig.put(1)
    await rig.until(lambda: rig.spool.acked == 1)
    assert odoo.batches == [0, 0, 1]
    await rig.stop()


async def test_a_finished_upload_is_told_at_the_next_look(
    odoo: FakeOdoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "LOOK_EVERY_S", 0.05)
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.link.greeted)
    upload = Upload("6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b", 1, {}, "new", None, 0)
    rig.spool.put_upload(upload)
    await rig.until(lambda: [health["uploads"] for health in odoo.healths] == [1])
    rig.spool.put_upload(replace(upload, state="done"))
    await rig.until(lambda: [health["uploads"] for health in odoo.healths] == [1, 0])
    await rig.stop()


async def test_a_reply_lost_after_the_commit_doubles_nothing(
    odoo: FakeOdoo, tmp_path: Path
) -> None:
    odoo.break_next["/cc/facts"] = ["lost", 503]
    rig = Rig(odoo, tmp_path / "s")
    rig.put(1, 2, 3)
    await rig.until(lambda: rig.spool.acked == 3)
    assert numbers(odoo) == [1, 2, 3]
    await rig.stop()


async def test_another_bridges_hello_is_answered_by_a_new_one(
    odoo: FakeOdoo, tmp_path: Path
) -> None:
    rig = Rig(odoo, tmp_path / "s")
    rig.put(1)
    await rig.until(lambda: rig.spool.acked == 1)
    odoo.epoch += 1
    rig.put(2)
    await rig.until(lambda: rig.spool.acked == 2)
    assert odoo.facts[1]["epoch"] == 3 and odoo.requests.count("/cc/hello") == 2
    await rig.stop()


async def test_a_wrong_secret_is_said_clearly_and_once(
    odoo: FakeOdoo, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig = Rig(odoo, tmp_path / "s", secret="another-secret-that-is-long-enough")
    rig.put(1)
    await rig.until(lambda: odoo.requests.count("/cc/hello") >= 3)
    said = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert len(said) == 1 and "uuid or secret" in said[0].message
    assert rig.spool.waiting == 1
    await rig.stop()


async def test_a_restarted_bridge_goes_on_where_odoo_is(odoo: FakeOdoo, tmp_path: Path) -> None:
    first = Rig(odoo, tmp_path / "s")
    first.put(1, 2)
    await first.until(lambda: first.spool.acked == 2)
    await first.stop()
    second = Rig(odoo, tmp_path / "s")
    second.put(3)
    await second.until(lambda: second.spool.acked == 3)
    assert numbers(odoo) == [1, 2, 3]
    await second.stop()


async def test_a_new_spool_puts_its_facts_behind_odoos_cursor(
    odoo: FakeOdoo, tmp_path: Path
) -> None:
    odoo.seq = 100
    rig = Rig(odoo, tmp_path / "new")
    rig.put(1, 2)
    await rig.until(lambda: len(odoo.facts) == 2)
    assert [f["seq"] for f in odoo.facts] == [101, 102]
    await rig.stop()


async def test_a_restored_odoo_gets_the_kept_facts_again(odoo: FakeOdoo, tmp_path: Path) -> None:
    rig = Rig(odoo, tmp_path / "s")
    rig.put(1, 2, 3)
    await rig.until(lambda: rig.spool.acked == 3)
    with odoo.lock:
        odoo.seq, odoo.epoch = 1, odoo.epoch + 1
        odoo.facts = odoo.facts[:1]
    rig.put(4)
    await rig.until(lambda: rig.spool.acked == 4)
    assert numbers(odoo) == [1, 2, 3, 4]
    await rig.stop()


async def test_an_odoo_restored_within_the_epoch_is_noticed(odoo: FakeOdoo, tmp_path: Path) -> None:
    rig = Rig(odoo, tmp_path / "s")
    rig.put(1, 2, 3)
    await rig.until(lambda: rig.spool.acked == 3)
    with odoo.lock:
        odoo.seq = 1
        odoo.facts = odoo.facts[:1]
    rig.put(4)
    await rig.until(lambda: rig.spool.acked == 4)
    assert numbers(odoo) == [1, 2, 3, 4]
    await rig.stop()


async def test_a_bridge_that_is_not_wanted_waits_until_the_other_is_gone(
    odoo: FakeOdoo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(link_module, "TAKEN_EVERY_S", 0.02)
    odoo.taken = True
    rig = Rig(odoo, tmp_path / "s")
    served: list[bool] = []

    async def serve_pbx() -> None:
        await rig.link.admitted(0.05)
        served.append(odoo.taken)

    # an Odoo that has not answered by then would not be waited for
    await rig.until(lambda: bool(rig.spool.state("ousted")))
    asked = len(odoo.whos)
    task = asyncio.create_task(serve_pbx())
    # asked for many times as long as it would have waited for an admission
    await rig.until(lambda: len(odoo.whos) > asked + 10)
    assert not served and not rig.task.done()
    assert len([r for r in caplog.records if "hands off" in r.message]) == 1
    odoo.taken = False
    await rig.until(lambda: served == [False])
    await task
    # the second asking says that it was sent away before
    assert [who["again"] for who in odoo.whos[:2]] == [False, True]
    assert len({(who["id"], who["process"]) for who in odoo.whos}) == 1
    await rig.stop()


async def test_a_bridge_whose_place_is_taken_ends_and_gives_way_after_its_restart(
    odoo: FakeOdoo, tmp_path: Path
) -> None:
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.link.greeted)
    odoo.taken = True
    odoo.epoch += 1
    rig.put(1)
    with pytest.raises(Ousted):
        await asyncio.wait_for(rig.task, PATIENCE_S)
    rig.spool.close()
    again = Rig(odoo, tmp_path / "s")
    await again.until(lambda: len(odoo.whos) == 3)
    first, second, third = odoo.whos
    assert first["id"] == third["id"] and first["process"] != third["process"]
    assert [who["again"] for who in (first, second, third)] == [False, True, True]
    await again.stop()


async def test_a_silent_odoo_does_not_keep_the_pbx_waiting(tmp_path: Path) -> None:
    nobody = FakeOdoo()
    nobody.url = "http://127.0.0.1:9"
    rig = Rig(nobody, tmp_path / "s")
    await asyncio.wait_for(rig.link.admitted(600), PATIENCE_S)
    await rig.stop()


async def test_intent_and_commands_are_read_at_the_bell(odoo: FakeOdoo, tmp_path: Path) -> None:
    odoo.intent = {"agents": []}
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.intents == [{"agents": []}])
    odoo.intent = {"agents": [{"agent": "1"}]}
    odoo.commands = [{"id": "x"}]
    rig.link.bell("intent")
    await rig.until(
        lambda: rig.intents[1:] == [{"agents": [{"agent": "1"}]}] and bool(rig.commands)
    )
    await rig.stop()


async def test_a_command_that_the_bell_carries(odoo: FakeOdoo, tmp_path: Path) -> None:
    """It is taken without asking Odoo, unless another bridge is meant or the intent is behind."""
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: "/cc/commands" in odoo.requests)
    asked = len(odoo.requests)
    rig.link.handed(odoo.epoch, {"id": "carried"})
    await rig.until(lambda: rig.commands == [{"id": "carried"}])
    assert len(odoo.requests) == asked
    # of another bridge, or older than a restart: what Odoo has open counts
    odoo.commands = [{"id": "read"}]
    rig.link.handed(odoo.epoch - 1, {"id": "not ours"})
    await rig.until(lambda: rig.commands[1:] == [{"id": "read"}])
    # the intent has changed: it is read before any command is run
    rig.commands.clear()
    odoo.intent = {"agents": ["new"]}
    rig.link.bell("intent")
    rig.link.handed(odoo.epoch, {"id": "with it"})
    await rig.until(lambda: bool(rig.commands))
    assert rig.intents[-1] == {"agents": ["new"]} and rig.commands == [{"id": "read"}]
    await rig.stop()


async def test_odoos_clock_is_known(odoo: FakeOdoo, tmp_path: Path) -> None:
    odoo.clock_offset_us = 3_600_000_000
    rig = Rig(odoo, tmp_path / "s")
    await rig.until(lambda: rig.link.greeted)
    # behind by as long as the answer took, a small part of the hour; never ahead
    known = rig.link.odoo_now_us()
    assert 0 <= odoo.clock_us() - known < 60_000_000
    await rig.stop()


def test_the_token_is_renewed_before_it_ends(
    odoo: FakeOdoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = OdooClient(OdooSettings(odoo.url, "db", PBX, SECRET))
    now = time.time()
    monkeypatch.setattr("cc_bridge.odoo.client.time.time", lambda: now)
    first = client.token()
    monkeypatch.setattr("cc_bridge.odoo.client.time.time", lambda: now + 200)
    assert client.token() == first
    monkeypatch.setattr("cc_bridge.odoo.client.time.time", lambda: now + 245)
    assert client.token() != first
    client.close()


def test_the_session_gives_channel_and_cookie(odoo: FakeOdoo) -> None:
    client = OdooClient(OdooSettings(odoo.url, "db", PBX, SECRET))
    session = client.session()
    assert (session.channel, session.cookie) == ("cc.pbx:token", "session_id=abc")
    client.close()
