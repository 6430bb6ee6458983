# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What survives, and what a full disk does."""

import sqlite3
import time
from pathlib import Path

import pytest

from cc_bridge.spool import KEEP_S, MARGIN_S, UPLOADS_AT_ONCE, Spool, Upload


def fact(n: int) -> dict[str, object]:
    return {"kind": "pbx.state", "t": n, "pbx_state": {}}


def test_facts_and_states_survive_together(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    assert spool.append([fact(1), fact(2)], states={"calls": {"a": 1}}) == [1, 2]
    # no close: the process was killed
    again = Spool(tmp_path / "s")
    assert [f.seq for f in again.batch(0)] == [1, 2] and again.state("calls") == {"a": 1}
    assert (again.last_seq, again.waiting) == (2, 2)


def test_a_family_of_states_is_read_together_and_none_removes_one(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    spool = Spool(path)
    spool.append([], states={"call:b": {"n": 1}, "calls": {}, "call:a": {"n": 2}})
    spool.append([], states={"call:b": {"n": 3}})
    assert list(spool.states("call:").items()) == [("call:b", {"n": 3}), ("call:a", {"n": 2})]
    spool.append([], states={"call:b": None})
    spool.close()
    assert Spool(path).states("call:") == {"call:a": {"n": 2}}


def test_until_when_the_pbx_was_heard(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    assert spool.last_t() is None
    call: dict[str, object] = {"call": {}}
    spool.append(
        [
            {"kind": "call.started", "t": 7, **call},
            {"kind": "call.ended", "t": 9, **call},
            {"kind": "call.started", "t": 8, **call},
            # by CEL, and by the bridge's own clock: nobody heard the PBX then
            {"kind": "call.corrected", "t": 500, **call},
            fact(600),
        ]
    )
    assert spool.last_t() == 9


def test_numbers_are_never_used_twice(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.append([fact(1), fact(2)])
    spool.acknowledge(2)
    spool.prune(time.time() + KEEP_S + 10)
    spool.close()
    again = Spool(tmp_path / "s")
    assert again.batch(0) == [] and again.append([fact(3)]) == [3]


def test_pruning_spares_what_odoo_has_not_got(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.append([fact(1), fact(2)])
    spool.acknowledge(1)
    assert spool.prune() == 0
    assert spool.prune(time.time() + KEEP_S + 10) == 1
    assert [f.seq for f in spool.batch(0)] == [2]


def test_a_full_disk_keeps_facts_in_memory_and_says_so(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.append([fact(1)])
    pages = spool._db.execute("PRAGMA page_count").fetchone()[0]
    spool._db.execute(f"PRAGMA max_page_count = {pages}")
    big = {**fact(2), "pbx_state": {"x": "y" * 200_000}}
    assert spool.append([big], states={"agents": [1]}) == [2]
    assert spool.error is not None and "full" in spool.error
    assert [f.seq for f in spool.batch(0)] == [1, 2] and spool.state("agents") == [1]
    # Odoo may take them from there
    assert [f.seq for f in spool.batch(1, 1)] == [2]
    spool._db.execute("PRAGMA max_page_count = 100000")
    spool.retry()
    assert spool.error is None and spool.append([fact(3)]) == [3]
    again = Spool(tmp_path / "s")
    assert [f.seq for f in again.batch(0)] == [1, 2, 3] and again.state("agents") == [1]


def test_a_command_is_stored_before_it_runs_and_runs_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    assert spool.command_is_new("a") and not spool.command_is_new("a")
    again = Spool(tmp_path / "s")
    assert not again.command_is_new("a") and again.unfinished_commands() == ["a"]
    again.append([fact(1)], commands_done=["a"])
    assert again.unfinished_commands() == []


def test_a_command_that_cannot_be_stored_is_an_error(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool._db.execute("PRAGMA query_only = 1")
    with pytest.raises(sqlite3.OperationalError):
        spool.command_is_new("a")


def test_an_upload_waits_for_its_fact(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.append([fact(1)], uploads=[Upload("c", 1, {"p": 1}, "ready", 1, 0)])
    later = time.time() + 1
    assert spool.due_uploads(later) == [] and spool.uploads == 1
    spool.acknowledge(1)
    assert [u.call_uid for u in spool.due_uploads(later)] == ["c"]
    spool.put_upload(Upload("c", 1, {"p": 1}, "done", 1, 0))
    assert spool.due_uploads(later) == [] and spool.uploads == 0


@pytest.mark.parametrize(
    "acked,last,cursor,expected",
    [
        (2, 2, 2, []),  # all is well
        (2, 4, 2, [3, 4]),  # two are waiting
        (2, 4, 3, [4]),  # a reply was lost
        (4, 4, 1, [2, 3, 4]),  # Odoo was restored
        (2, 4, 10, [11, 12]),  # our file was restored
    ],
)
def test_hello_aligns_the_numbers(
    tmp_path: Path, acked: int, last: int, cursor: int, expected: list[int]
) -> None:
    spool = Spool(tmp_path / "s")
    spool.align(0)
    spool.append([fact(n) for n in range(last)])
    spool.acknowledge(acked)
    spool.align(cursor)
    assert [f.seq for f in spool.batch(spool.acked)] == expected
    assert spool.append([fact(99)]) == [max(last, *expected, cursor) + 1]


def test_a_restored_odoo_gets_the_recordings_of_the_lost_time_again(tmp_path: Path) -> None:
    """Those told of before the backup may have been stored after it; long ago ones are there."""
    spool = Spool(tmp_path / "s")
    spool.align(0)
    old, near, new = (
        Upload(name, 1, {}, "done", seq, 3) for seq, name in enumerate(("old", "near", "new"), 1)
    )
    spool.append([fact(n) for n in range(3)])
    spool.acknowledge(3)
    now = time.time()
    spool.put_upload(old, due=now - 3 * MARGIN_S)
    spool.put_upload(near, due=now)
    spool.put_upload(new, due=now + 0.5)
    spool.align(2)
    assert [(u.call_uid, u.tries) for u in spool.due_uploads(now + 1)] == [("near", 0)]
    spool.acknowledge(3)
    assert [u.call_uid for u in spool.due_uploads(now + 1)] == ["new", "near"]


def test_a_new_recording_does_not_wait_behind_thousands(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.align(0)
    spool.append([fact(1)])
    spool.acknowledge(1)
    now = time.time()
    for n in range(3 * UPLOADS_AT_ONCE):
        spool.put_upload(Upload(f"old{n}", 1, {}, "ready", 1, 0), due=now - 100 + n)
    spool.put_upload(Upload("now", 1, {}, "new", None, 0), due=now)
    due = spool.due_uploads(now + 1)
    assert due[0].call_uid == "now" and len(due) == UPLOADS_AT_ONCE
    # with a full disk those that wait in memory hide none behind them
    spool._memory_uploads = {(u.call_uid, u.part): (u, now) for u in due}
    others = spool.due_uploads(now + 1)
    assert len(others) == UPLOADS_AT_ONCE and not {u.call_uid for u in others} & {
        u.call_uid for u in due
    }


def test_a_full_disk_loses_no_recording_and_no_command_s_end(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.append([fact(1)])
    assert spool.command_is_new("c")
    [[pages]] = spool._db.execute("PRAGMA page_count")
    spool._db.execute(f"PRAGMA max_page_count = {pages}")
    big = {"kind": "pbx.state", "t": 2, "pbx_state": {"text": "x" * 100_000}}
    first, second = Upload("a", 1, {}, "new", None, 0), Upload("b", 1, {}, "new", None, 0)
    spool.append([big], commands_done=["c"], uploads=[first])
    assert spool.error and spool.uploads == 1 and spool.due_uploads() == []
    # its next state fits no more than the first one did
    spool.put_upload(second)
    spool.put_upload(Upload("b", 1, {}, "new", None, 1))
    assert spool.uploads == 2
    spool._db.execute("PRAGMA max_page_count = 100000")
    spool.retry()
    assert spool.error is None and spool.unfinished_commands() == []
    assert {(u.call_uid, u.tries) for u in spool.due_uploads(time.time() + 1)} == {
        ("a", 0),
        ("b", 1),
    }


def test_states_under_their_old_names(tmp_path: Path) -> None:
    """A spool of 19.0.1.0.0: its unsettled calls are found under today's name, once and for all."""
    spool = Spool(tmp_path / "spool")
    spool.append([], states={"doubt:u-1": {"call_uid": "u-1"}, "doubtful": 1})
    spool.close()
    for _ in range(2):
        spool = Spool(tmp_path / "spool")
        assert spool.states("unsettled:") == {"unsettled:u-1": {"call_uid": "u-1"}}
        assert spool.states("doubt") == {"doubtful": 1}
        spool.close()
