# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How loud the two channels of a recording are."""

from __future__ import annotations

import array
import math
import subprocess
from pathlib import Path


def loudness(mp3: bytes, folder: Path) -> tuple[float, float]:
    """Root mean square, 0 to 1, of the left (customer) and right (agent) channel of an mp3.

    Raises AssertionError when it isn't one with two channels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "recording.mp3"
    source.write_bytes(mp3)
    raw = subprocess.run(
        ["lame", "--quiet", "--decode", "-t", str(source), "-"], check=True, capture_output=True
    ).stdout
    samples = array.array("h", raw[: len(raw) // 4 * 4])
    assert len(samples) > 8000, "less than half a second of sound"

    def rms(channel: array.array[int]) -> float:
        return math.sqrt(sum(v * v for v in channel) / len(channel)) / 32768

    return rms(samples[0::2]), rms(samples[1::2])
