# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How loud the two channels of a recording are."""

from __future__ import annotations

import array
import math
import subprocess
from pathlib import Path

_RATE = 8000


def loudness(mp3: bytes, folder: Path) -> tuple[float, float]:
    """Root mean square, 0 to 1, of the left (customer) and right (agent) channel of an mp3.

    Raises AssertionError when it isn't one with two channels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "recording.mp3"
    source.write_bytes(mp3)
    samples = _decoded(source)
    assert len(samples) > 8000, "less than half a second of sound"

    def rms(channel: array.array[int]) -> float:
        return math.sqrt(sum(v * v for v in channel) / len(channel)) / 32768

    return rms(samples[0::2]), rms(samples[1::2])


def _decoded(mp3: Path) -> array.array[int]:
    raw = subprocess.run(
        ["lame", "--quiet", "--decode", "-t", str(mp3), "-"], check=True, capture_output=True
    ).stdout
    return array.array("h", raw[: len(raw) // 4 * 4])


def seconds_of_tone(mp3: Path, hertz: int) -> tuple[float, float]:
    """For how long this tone sounds on the left and on the right of a file of 8 kHz, in steps of 0.1 s."""
    steps = tones_by_step(mp3, hertz)
    return sum(bool(left) for left, _ in steps) / 10, sum(bool(right) for _, right in steps) / 10


def tones_by_step(mp3: Path, *hertz: int) -> list[tuple[set[int], set[int]]]:
    """Which of these tones sound on the left and on the right of a file of 8 kHz, by steps of 0.1 s.

    Goertzel, -36 dB of full scale, and a third of all that sounds in the step: another tone that breaks off, as
    on a busy machine, has something of every neighbour.
    """
    samples, size = _decoded(mp3), _RATE // 10

    def sounding(step: array.array[int]) -> set[int]:
        loud = math.sqrt(sum(value * value for value in step) / len(step))
        return {one for one in hertz if _amplitude(step, one) > max(500, loud / 3)}

    def steps(channel: array.array[int]) -> list[set[int]]:
        return [sounding(channel[n : n + size]) for n in range(0, len(channel) - size, size)]

    return list(zip(steps(samples[0::2]), steps(samples[1::2]), strict=True))


def _amplitude(step: array.array[int], hertz: int) -> float:
    k = 2 * math.cos(2 * math.pi * hertz / _RATE)
    a = b = 0.0
    for value in step:
        a, b = value + k * a - b, a
    power = (a * a + b * b - k * a * b) / (len(step) / 2) ** 2
    return math.sqrt(max(power, 0.0))
