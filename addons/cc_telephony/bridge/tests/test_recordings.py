# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recordings: two channels in one mp3, announced before they are uploaded, never lost."""

import asyncio
import hashlib
import math
import os
import struct
import subprocess
import time
from array import array
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from waiting import PATIENCE_S

from cc_bridge.audio import AudioError, Stretch, merge
from cc_bridge.clock import PbxClock
from cc_bridge.odoo.client import OdooError
from cc_bridge.outbox import Outbox
from cc_bridge.recordings import Recordings, _stretches
from cc_bridge.spool import Spool, Upload

RATE = 8000


def tone(hertz: float, seconds: float) -> array:  # type: ignore[type-arg]
    return array(
        "h",
        (
            round(12000 * math.sin(2 * math.pi * hertz * n / RATE))
            for n in range(round(RATE * seconds))
        ),
    )


def wav(path: Path, samples: array, *, length: int | None = None) -> Path:  # type: ignore[type-arg]
    """A wav; ``length`` is what its header claims, 0 as in the file of a killed PBX."""
    data = samples.tobytes()
    said = len(data) if length is None else length
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"RIFF"
        + struct.pack("<I", 36 + said)
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, RATE, RATE * 2, 2, 16)
        + b"data"
        + struct.pack("<I", said)
        + data
    )
    os.utime(path, (time.time() - 5, time.time() - 5))
    return path


def decoded(mp3: Path, folder: Path) -> array:  # type: ignore[type-arg]
    raw = folder / "back.wav"
    subprocess.run(["lame", "--quiet", "--decode", str(mp3), str(raw)], check=True)
    return array("h", raw.read_bytes()[44:])


def pitches(mp3: Path, folder: Path) -> tuple[list[float], float]:
    """Tone of the left and the right channel in hertz (crossings of zero), and seconds."""
    samples = decoded(mp3, folder)
    found = []
    for side in (samples[0::2], samples[1::2]):
        middle = side[RATE // 2 : RATE // 2 + RATE]
        crossings = sum(1 for a, b in pairwise(middle) if a < 0 <= b)
        found.append(crossings * RATE / len(middle))
    return found, len(samples) / 2 / RATE


def test_customer_left_agent_right(tmp_path: Path) -> None:
    merged = merge(
        [
            Stretch(
                wav(tmp_path / "a-in.wav", tone(440, 2)),
                wav(tmp_path / "a-out.wav", tone(1000, 2)),
            )
        ],
        tmp_path / "a.mp3",
    )
    assert merged is not None and merged.duration_ms == 2000
    assert merged.sha256 == hashlib.sha256((tmp_path / "a.mp3").read_bytes()).hexdigest()
    (left, right), seconds = pitches(merged.path, tmp_path)
    assert left == pytest.approx(440, abs=5) and right == pytest.approx(1000, abs=5)
    assert seconds == pytest.approx(2, abs=0.2)


def test_a_header_that_says_nothing_and_a_shorter_side(tmp_path: Path) -> None:
    merged = merge(
        [
            Stretch(
                wav(tmp_path / "a-in.wav", tone(440, 2), length=0),
                wav(tmp_path / "a-out.wav", tone(1000, 1)),
            )
        ],
        tmp_path / "a.mp3",
    )
    assert merged is not None and merged.duration_ms == 2000


def test_silence_is_no_recording(tmp_path: Path) -> None:
    empty = array("h")
    assert (
        merge(
            [Stretch(wav(tmp_path / "a-in.wav", empty), wav(tmp_path / "a-out.wav", empty))],
            tmp_path / "a.mp3",
        )
        is None
    )


def test_what_is_no_wav_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a-in.wav").write_bytes(b"hello")
    with pytest.raises(AudioError):
        merge(
            [Stretch(tmp_path / "a-in.wav", wav(tmp_path / "a-out.wav", tone(1, 1)))],
            tmp_path / "a.mp3",
        )


def ended(*channels: str) -> dict[str, object]:
    return {
        "call_uid": "c1",
        "answered_t": 5,
        "started_t": 1,
        "legs": [{"channels": [c], "number": None} for c in channels],
    }


class Rig:
    def __init__(self, folder: Path, is_open: Callable[[str], bool] = lambda _uid: False) -> None:
        self.spool = Spool(folder / "spool")
        self.outbox = Outbox(self.spool, lambda: None)
        self.sent: list[tuple[str, int, str, int, bytes]] = []
        self.errors: list[OdooError] = []
        self.looks = 0
        due = self.spool.due_uploads

        def due_uploads(now: float | None = None) -> list[Upload]:
            self.looks += 1
            return due(now)

        self.spool.due_uploads = due_uploads  # type: ignore[method-assign]
        self.recordings = Recordings(
            folder / "rec", self.spool, self.outbox, PbxClock(), self.upload, is_open
        )
        self.task = asyncio.create_task(self.recordings.run())

    async def upload(self, *what: object) -> int:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(what)  # type: ignore[arg-type]
        return 1

    async def until(self, done: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not done():
                self.recordings.wake()
                await asyncio.sleep(0.02)

    async def rounds(self, many: int = 3) -> None:
        """The uploads have been looked through so many times more."""
        end = self.looks + many
        await self.until(lambda: self.looks >= end)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.spool.close()


def record(folder: Path, uid: str) -> Path:
    base = folder / "rec" / "20261122" / uid
    wav(base.with_name(uid + ".wav"), tone(700, 1))
    wav(base.with_name(uid + "-in.wav"), tone(440, 1))
    wav(base.with_name(uid + "-out.wav"), tone(1000, 1))
    return base


async def test_announced_then_uploaded_once_odoo_has_the_announcement(tmp_path: Path) -> None:
    base = record(tmp_path, "pbx-1.5")
    rig = Rig(tmp_path)
    rig.recordings.call_ended(ended("pbx-1.5", "pbx-1.9"))
    await rig.until(lambda: rig.spool.batch(0))
    fact = rig.spool.batch(0)[0].body
    body = fact["recording"]
    mp3 = base.with_name("pbx-1.5.mp3")
    assert fact["kind"] == "recording.ready" and (body["call_uid"], body["part"]) == ("c1", 1)
    assert (body["duration_ms"], body["format"], body["started_t"], body["path"]) == (
        1000,
        "mp3",
        5,
        str(mp3),
    )
    await rig.rounds()
    assert rig.sent == []
    rig.spool.acknowledge(1)
    await rig.until(lambda: rig.sent)
    assert rig.sent == [("c1", 1, body["sha256"], 1000, mp3.read_bytes())]
    assert base.with_name("pbx-1.5.wav").exists()
    await rig.until(lambda: rig.spool.uploads == 0)
    await rig.stop()


async def test_consultations_are_parts_of_their_own_behind_the_calls(tmp_path: Path) -> None:
    """Known by the asking agent's channel, the leg asked and the time; the call's own recording is part 1."""
    record(tmp_path, "pbx-1.9")
    later, first = "pbx-1.5-c4-1795251700000000", "pbx-1.5-c3-1795251600000000"
    for base in (later, first, "pbx-1.5-cx-1", "pbx-1.55-c3-1"):
        folder = tmp_path / "rec" / "20261122"
        wav(folder / f"{base}-in.wav", tone(440, 1))
        wav(folder / f"{base}-out.wav", tone(1000, 1))
    rig = Rig(tmp_path)
    call = ended("pbx-1.5", "pbx-1.9")
    call["legs"] = [
        {"channels": ["pbx-1.5"], "number": "1001"},
        {"channels": ["pbx-1.9"], "number": "+86138"},
    ]
    rig.recordings.call_ended(call)
    await rig.until(lambda: len(rig.spool.batch(0)) == 3)
    bodies = sorted(
        (fact.body["recording"] for fact in rig.spool.batch(0)), key=lambda body: body["part"]
    )
    assert [(b["part"], b["kind"], b["by"], b["leg"], b["started_t"]) for b in bodies] == [
        (1, "call", None, None, 5),
        (2, "consult", "1001", 3, 1795251600000000),
        (3, "consult", "1001", 4, 1795251700000000),
    ]
    assert bodies[1]["path"].endswith(f"{first}.mp3")
    rig.spool.acknowledge(3)
    await rig.until(lambda: len(rig.sent) == 3)
    await rig.stop()


async def test_a_recording_that_rested_is_one(tmp_path: Path) -> None:
    """Silence stands for the time in between; a stretch that the PBX left unreadable costs itself only."""
    base = record(tmp_path, "pbx-1.5")
    further = base.with_name("pbx-1.5-r1795251600000000-1500")
    wav(Path(f"{further}-in.wav"), tone(600, 1))
    wav(Path(f"{further}-out.wav"), tone(800, 1))
    last = base.with_name("pbx-1.5-r1795251700000000-700")
    for side in ("in", "out"):
        wav(Path(f"{last}-{side}.wav"), array("h"))
    rig = Rig(tmp_path)
    rig.recordings.call_ended(ended("pbx-1.5"))
    await rig.until(lambda: rig.spool.batch(0))
    [fact] = [one.body["recording"] for one in rig.spool.batch(0)]
    assert (fact["part"], fact["duration_ms"]) == (1, 4200)
    left = decoded(Path(fact["path"]), tmp_path)[0::2]

    def loud(second: float) -> int:
        return max(map(abs, left[round(second * RATE) : round((second + 0.2) * RATE)]))

    assert [loud(at) > 5000 for at in (0.5, 1.3, 2.2, 3.0, 3.8)] == [
        True,
        False,
        False,
        True,
        False,
    ]
    await rig.stop()
    Path(f"{last}-in.wav").write_bytes(b"")
    assert [one.after_ms for one in _stretches(base, broken=True)] == [0, 1500, 700]
    assert [one.after_ms for one in _stretches(base, broken=False)] == [0, 1500]
    # it rested before the PBX had opened its first file
    base.with_name("pbx-1.5-in.wav").unlink()
    assert [one.after_ms for one in _stretches(base, broken=False)] == [1500]


async def test_an_upload_that_fails_is_tried_again_also_after_a_restart(tmp_path: Path) -> None:
    record(tmp_path, "pbx-1.5")
    first = Rig(tmp_path)
    first.recordings.call_ended(ended("pbx-1.5"))
    await first.until(lambda: first.spool.batch(0))
    first.errors = [OdooError("no_call", "not yet")]
    first.spool.acknowledge(1)
    await first.until(lambda: not first.errors)
    await first.stop()
    second = Rig(tmp_path)
    await second.until(lambda: second.sent)
    assert len(second.sent) == 1 and second.spool.last_seq == 1
    await second.stop()


async def test_what_odoo_will_never_take_is_given_up(tmp_path: Path) -> None:
    record(tmp_path, "pbx-1.5")
    rig = Rig(tmp_path)
    rig.errors = [OdooError("too_large", "big")]
    rig.recordings.call_ended(ended("pbx-1.5"))
    await rig.until(lambda: rig.spool.batch(0))
    rig.spool.acknowledge(1)
    await rig.until(lambda: rig.spool.uploads == 0)
    assert rig.sent == []
    await rig.stop()


@pytest.mark.parametrize("uid", ["../../etc/passwd", "a*", "", "nothing-1.1"])
async def test_strange_or_missing_channels_leave_nothing(tmp_path: Path, uid: str) -> None:
    rig = Rig(tmp_path)
    rig.recordings.call_ended(ended(uid))
    rig.outbox.flush()
    assert rig.spool.uploads == 0
    await rig.stop()


async def test_what_nobody_took_note_of_is_found(tmp_path: Path) -> None:
    """The file came after the call's end was told; a call that goes on and a channel of no call are left alone."""
    for uid in ("pbx-1.5", "pbx-2.5", "pbx-3.5", "pbx-4.5"):
        record(tmp_path, uid)
    for file in (tmp_path / "rec" / "20261122").iterdir():
        os.utime(file, (time.time() - 60, time.time() - 60))
    rig = Rig(tmp_path, lambda call_uid: call_uid == "c2")
    rig.outbox.learn("c1", ["pbx-1.5"], over=True)
    rig.outbox.learn("c2", ["pbx-2.5"])
    rig.outbox.learn("c3", ["pbx-3.5"], over=True)
    rig.outbox.flush()
    rig.recordings.call_ended({**ended("pbx-3.5"), "call_uid": "c3"})
    rig.outbox.flush()
    for _ in range(2):
        await rig.recordings._unclaimed.look()
    noted = [one for uid in ("c1", "c2", "c3") for one in rig.spool.uploads_of(uid)]
    assert [(one.call_uid, one.part, Path(one.body["base"]).name) for one in noted] == [
        ("c1", 1, "pbx-1.5"),
        ("c3", 1, "pbx-3.5"),
    ]
    await rig.until(lambda: len(rig.spool.batch(0)) == 2)
    await rig.stop()


async def test_a_file_is_read_only_a_while_after_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The PBX writes the last seconds when it closes the file: its age says nothing before."""
    # no while has passed until it has written them
    now = [time.time()]
    monkeypatch.setattr("cc_bridge.recordings.time", SimpleNamespace(time=lambda: now[0]))
    base = record(tmp_path, "pbx-1.5")
    rig = Rig(tmp_path)
    rig.recordings.call_ended(ended("pbx-1.5"))
    rig.outbox.flush()
    await rig.rounds()
    assert rig.spool.batch(0) == []
    wav(base.with_name("pbx-1.5-in.wav"), tone(440, 2))
    now[0] = time.time() + 2
    await rig.until(lambda: rig.spool.batch(0))
    assert rig.spool.batch(0)[0].body["recording"]["duration_ms"] == 2000
    await rig.stop()
