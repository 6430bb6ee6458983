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
    """For how long this tone sounds on the left and on the right of a file of 8 kHz, in steps of 0.1 s.

    Goertzel, -36 dB of full scale, and a third of all that sounds in the step: another tone that breaks off, as
    on a busy machine, has something of every neighbour.
    """
    samples = _decoded(mp3)
    k = 2 * math.cos(2 * math.pi * hertz / _RATE)

    def sounds(step: array.array[int]) -> bool:
        a = b = 0.0
        for value in step:
            a, b = value + k * a - b, a
        power = (a * a + b * b - k * a * b) / (len(step) / 2) ** 2
        loud = math.sqrt(sum(value * value for value in step) / len(step))
        return math.sqrt(max(power, 0.0)) > max(500, loud / 3)

    def seconds(channel: array.array[int]) -> float:
        size = _RATE // 10
        steps = (channel[n : n + size] for n in range(0, len(channel) - size, size))
        return sum(map(sounds, steps)) / 10

    return seconds(samples[0::2]), seconds(samples[1::2])
