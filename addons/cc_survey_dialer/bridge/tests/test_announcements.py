# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Announcements of networks: recognised over another line, told apart from each other, from ringing and silence."""

import subprocess
import wave
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from cc_bridge_dialer.announcements import (
    MOST_S,
    RATE,
    Announcement,
    course,
    has_tone,
    heard,
    samples,
)
from cc_bridge_dialer.plans import Sound
from cc_bridge_dialer.sounds import make

EMPTY = "您好，您拨打的号码是空号，请核对后再拨。"
OFF = "您好，您拨打的用户已关机，请稍后再拨。"
SUSPENDED = "您好，您拨打的号码已停机。"


@cache
def spoken(text: str, speed: int = 150) -> np.ndarray:
    """A text as a network's machine says it, from espeak-ng."""
    raw = subprocess.run(
        ["espeak-ng", "-v", "cmn", "-s", str(speed), "--stdout", "--stdin"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    out = subprocess.run(
        [
            "sox",
            "-t",
            "wav",
            "-",
            "-r",
            str(RATE),
            "-c",
            "1",
            "-b",
            "16",
            "-e",
            "signed",
            "-t",
            "raw",
            "-",
        ],
        input=raw,
        capture_output=True,
        check=True,
    ).stdout
    return np.frombuffer(out, "<i2").astype(np.float64)


def over_the_line(sound: np.ndarray, *, level: float = 0.3, seed: int = 1) -> np.ndarray:
    """Quieter, through µ-law, with noise and a second and a half of silence before it."""
    dice = np.random.default_rng(seed)
    quiet = np.concatenate([np.zeros(12_345), sound * level]) / 32768
    packed = np.round(np.sign(quiet) * np.log1p(255 * np.abs(quiet)) / np.log(256) * 127) / 127
    back = np.sign(packed) * ((256 ** np.abs(packed)) - 1) / 255 * 32768
    return back + dice.normal(0, 20, len(back))


def tone(hertz: float, seconds: float) -> np.ndarray:
    return 6000 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def ringing() -> np.ndarray:
    return np.concatenate([tone(450, 1.0), np.zeros(4 * RATE), tone(450, 1.0), np.zeros(2 * RATE)])


@pytest.fixture(scope="module")
def known() -> tuple[Announcement, ...]:
    return (
        Announcement("空号", "empty", course(spoken(EMPTY))),
        Announcement("关机", "off", course(spoken(OFF))),
        Announcement("停机", "suspended", course(spoken(SUSPENDED))),
        Announcement("SIT", "empty", None),
    )


@pytest.mark.parametrize(
    ("text", "outcome"), [(EMPTY, "empty"), (OFF, "off"), (SUSPENDED, "suspended")]
)
@pytest.mark.parametrize("level", [0.1, 0.4])
def test_recognised(known: tuple[Announcement, ...], text: str, outcome: str, level: float) -> None:
    found = heard(over_the_line(spoken(text), level=level), known)
    assert found is not None and found.outcome == outcome


@pytest.mark.parametrize("late", [0.3, 0.7])
def test_listened_to_late(known: tuple[Announcement, ...], late: float) -> None:
    """The PBX was busy: it had begun to speak before anybody listened."""
    found = heard(over_the_line(spoken(SUSPENDED))[12_345 + int(late * RATE) :], known)
    assert found is not None and found.outcome == "suspended"


def test_cut_off_after_two_seconds(known: tuple[Announcement, ...]) -> None:
    """The caller let go while it spoke: what they share at the beginning tells nothing."""
    assert heard(over_the_line(spoken(OFF)[: int(1.8 * RATE)]), known) is None


def test_only_one_is_known(known: tuple[Announcement, ...]) -> None:
    """Others of the same voice, which begin with the same words, are not it."""
    for text in (OFF, SUSPENDED):
        assert heard(over_the_line(spoken(text)), known[:1]) is None


@pytest.mark.parametrize(
    "sound",
    [
        ringing(),
        np.zeros(8 * RATE),
        np.random.default_rng(3).normal(0, 400, 6 * RATE),
        over_the_line(spoken("欢迎致电本公司，请直拨分机号，查号请拨零。")),
        over_the_line(spoken("Good morning, this is the front desk, how may I help you today?")),
    ],
    ids=["ringing", "silence", "noise", "another text", "English"],
)
def test_not_taken_for_one(known: tuple[Announcement, ...], sound: np.ndarray) -> None:
    assert heard(sound, known) is None


def test_special_information_tone(known: tuple[Announcement, ...]) -> None:
    """950, 1400 and 1800 Hz, a third of a second each (ITU-T Q.35); in another order it is none."""
    rising = [tone(950, 0.33), tone(1400, 0.33), tone(1800, 0.33)]
    assert has_tone(over_the_line(np.concatenate(rising)))
    assert not has_tone(over_the_line(np.concatenate(rising[::-1])))
    assert not has_tone(over_the_line(np.concatenate([rising[0], rising[1]])))
    found = heard(
        over_the_line(np.concatenate([*rising, spoken("The number is not in service.")])), known
    )
    assert found is not None and found.name == "SIT"


def test_another_form_of_file(tmp_path: Path) -> None:
    file = tmp_path / "x.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"\0\0" * 100)
    with pytest.raises(ValueError, match="8 kHz"):
        samples(file)


def test_hours_cost_no_memory(tmp_path: Path) -> None:
    """Only the beginning of a long file is read."""
    file = tmp_path / "x.wav"
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(bytes(2 * RATE * (MOST_S + 60)))
    assert len(samples(file)) == MOST_S * RATE


def test_small_file_with_hours_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed silence does not fill the PBX's disk."""
    monkeypatch.setattr("cc_bridge_dialer.sounds.LONGEST_S", 2)
    small = tmp_path / "small.flac"
    subprocess.run(
        ["sox", "-n", "-r", "8000", "-c", "1", "-b", "16", small, "trim", "0", "600"], check=True
    )
    file = tmp_path / "sounds" / "x.wav"
    make(Sound("play", "0" * 64, "en"), small.read_bytes(), file)
    with wave.open(str(file)) as made:
        assert made.getnframes() == 2 * RATE
