# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who speaks when, from a recording with the customer on the left and the agent on the right.

Works in blocks, so that two hours take no more memory than two minutes.
"""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import soundfile

FRAME_S = 0.02
# quieter is never speech; louder always is, whatever the noise of the line
QUIET_DB, LOUD_DB = -50.0, -30.0
ABOVE_NOISE_DB = 12.0
# a pause within a word, and a crackle
GAP_S, CLICK_S = 0.2, 0.06
PEAKS = 1000
NOTHING_DB = -120.0


@dataclass(frozen=True, slots=True)
class Measures:
    """Seconds, and shares of the whole length in percent. Of one channel only the peaks are known."""

    channels: int
    length_s: float
    peaks: list[list[float]]
    customer_share: float = 0.0
    agent_share: float = 0.0
    overtalk: float = 0.0
    silence: float = 0.0
    longest_silence_s: float = 0.0
    first_word_s: float = -1.0


def measure(file: BinaryIO | str) -> Measures:
    """Measure a recording.

    :param file: anything that libsndfile reads: wav, mp3 …
    :raise soundfile.LibsndfileError: it cannot
    """
    with soundfile.SoundFile(file) as sound:
        rate, channels = sound.samplerate, sound.channels
        step = max(int(rate * FRAME_S), 1)
        energies, tops, frames = [], [], 0
        for block in sound.blocks(blocksize=step * 500, dtype="float32", always_2d=True):
            frames += len(block)
            whole = len(block) - len(block) % step
            for part, width in ((block[:whole], step), (block[whole:], len(block) - whole)):
                if not len(part):
                    continue
                cut = part.reshape(-1, width, channels)
                energies.append((cut.astype("float64") ** 2).mean(axis=1))
                tops.append(np.abs(cut).max(axis=1))
    length = frames / rate
    if not frames:
        return Measures(channels, 0.0, [[] for _one in range(channels)])
    energy, top = np.concatenate(energies), np.concatenate(tops)
    peaks = [_peaks(top[:, channel]) for channel in range(channels)]
    if channels != 2:
        return Measures(channels, length, peaks)
    customer, agent = (speech(energy[:, channel]) for channel in (0, 1))
    neither = ~(customer | agent)
    said = np.flatnonzero(agent)
    return Measures(
        channels,
        length,
        peaks,
        customer_share=100.0 * float(customer.mean()),
        agent_share=100.0 * float(agent.mean()),
        overtalk=100.0 * float((customer & agent).mean()),
        silence=100.0 * float(neither.mean()),
        longest_silence_s=max((end - begin for begin, end in runs(neither)), default=0) * FRAME_S,
        first_word_s=float(said[0]) * FRAME_S if len(said) else -1.0,
    )


def speech(energy: np.ndarray) -> np.ndarray:
    """Frames in which somebody speaks.

    :param energy: mean square of each frame
    """
    level = 10 * np.log10(np.maximum(energy, 10 ** (NOTHING_DB / 10)))
    sounding = level[level > NOTHING_DB + 1]
    noise = float(np.percentile(sounding, 10)) if len(sounding) else NOTHING_DB
    # who speaks all the time is not noise
    limit = min(max(QUIET_DB, noise + ABOVE_NOISE_DB), LOUD_DB)
    spoken = level > limit
    for begin, end in runs(~spoken):
        if begin > 0 and end < len(spoken) and (end - begin) * FRAME_S < GAP_S:
            spoken[begin:end] = True
    for begin, end in runs(spoken):
        if (end - begin) * FRAME_S < CLICK_S:
            spoken[begin:end] = False
    return spoken


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of true frames as (first, after the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def _peaks(top: np.ndarray) -> list[float]:
    parts = np.array_split(top, min(PEAKS, len(top)))
    return [round(float(part.max()), 3) for part in parts]
