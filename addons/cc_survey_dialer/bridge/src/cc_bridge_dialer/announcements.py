# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which announcement of a network was heard: against recordings that an administrator gave, and by the special
information tone (ITU-T Q.35). Pure: sound in, a name out.

Sound is 8 kHz, 16 bit, one channel. A recording is recognised by the course of its loudness in twelve bands, so
neither level nor codec matter; another voice that says the same is another recording.
"""

import wave
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

RATE = 8000
#: A frame each 20 ms, 32 ms long.
_HOP, _FRAME = 160, 256
_PER_S = RATE // _HOP
_BANDS = np.geomspace(250, 3500, 13)
#: So much of the beginning of a recording is looked for; shorter ones tell nothing; seconds.
LONGEST_S, SHORTEST_S = 5.0, 1.6
#: Of a file no more is read than this: who uploads hours, or talks to a machine for hours, costs no memory; seconds.
MOST_S = 120
#: So much of its beginning may have gone unheard; seconds.
LATE_S = (0.0, 0.5, 1.0)
#: This part of it must have been heard: announcements of one network begin alike.
HEARD = 0.8
#: The same recording over another line reaches 0.93 and more, another text of the same voice that begins with the same
#: words 0.8; what means something else must be less like it by the margin.
ALIKE, MARGIN = 0.86, 0.04
#: The three tones, Hz from and to; each lasts about 330 ms.
_TONES = ((890, 1010), (1340, 1460), (1740, 1830))
_TONE_S, _GAP_S = 0.2, 0.1
#: Quieter than this is silence (root mean square of 32768).
_SILENT = 60.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Announcement:
    """What an administrator calls it, what it means for the number, and how it sounds: ``course`` None is the tone."""

    name: str
    outcome: str
    course: Floats | None


def samples(file: Path) -> Floats:
    """The beginning of a recording's sound. Raises OSError, EOFError, wave.Error, ValueError for another form."""
    with wave.open(str(file), "rb") as sound:
        if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (RATE, 1, 2):
            raise ValueError("not 8 kHz, 16 bit, one channel")
        data = sound.readframes(min(sound.getnframes(), MOST_S * RATE))
    return np.frombuffer(data, "<i2").astype(np.float64)


def _frames(sound: Floats) -> Floats:
    if len(sound) < _FRAME:
        return np.zeros((0, _FRAME))
    return np.asarray(sliding_window_view(sound, _FRAME)[::_HOP])


def course(sound: Floats) -> Floats:
    """Loudness by frame and band, without the silence before it."""
    frames = _frames(sound)
    loud = np.sqrt(np.mean(frames**2, axis=1)) > _SILENT
    if not loud.any():
        return np.zeros((0, len(_BANDS) - 1))
    frames = frames[int(np.argmax(loud)) :]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    hertz = np.fft.rfftfreq(_FRAME, 1 / RATE)
    bands = [
        power[:, (hertz >= low) & (hertz < high)].sum(axis=1) for low, high in pairwise(_BANDS)
    ]
    # so much noise as a line has: what is below it differs from call to call
    return np.log10(np.stack(bands, axis=1) + 1e6)


def alike(heard: Floats, wanted: Floats) -> float:
    """How like the beginning of a recording the best place of what was heard is, -1 to 1.

    Listening begins when the PBX has told of the channel: on a busy machine a little of it is gone by then.
    """
    n = min(len(wanted), int(LONGEST_S * _PER_S))
    if n < SHORTEST_S * _PER_S:
        return 0.0
    return max(_like(heard, wanted[int(late * _PER_S) : n]) for late in LATE_S)


def _like(heard: Floats, wanted: Floats) -> float:
    """How like this stretch the best place of what was heard is; 0 of a stretch that is too short to tell."""
    if len(wanted) < SHORTEST_S * _PER_S or len(heard) < HEARD * len(wanted):
        return 0.0
    n = min(len(wanted), len(heard))
    pattern = wanted[:n] - wanted[:n].mean(axis=0)
    size = float(np.sqrt((pattern**2).sum()))
    if not size:
        return 0.0
    best = 0.0
    for window in sliding_window_view(heard, n, axis=0):
        here = window.T - window.mean(axis=1)
        other = float(np.sqrt((here**2).sum()))
        if other:
            best = max(best, float((here * pattern).sum()) / (size * other))
    return best


def has_tone(sound: Floats) -> bool:
    """Whether the three tones are in it, one after the other."""
    frames = _frames(sound)
    if not len(frames):
        return False
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    hertz = np.fft.rfftfreq(_FRAME, 1 / RATE)
    whole = power.sum(axis=1) + 1.0
    loud = np.sqrt(np.mean(frames**2, axis=1)) > _SILENT
    step, run, gap = 0, 0, 0
    pure = [
        loud & (power[:, (hertz >= low - 40) & (hertz <= high + 40)].sum(axis=1) > 0.8 * whole)
        for low, high in _TONES
    ]
    for frame in range(len(frames)):
        if pure[step][frame]:
            run, gap = run + 1, 0
            if run >= _TONE_S * _PER_S and step == len(_TONES) - 1:
                return True
        elif run >= _TONE_S * _PER_S and step + 1 < len(_TONES) and pure[step + 1][frame]:
            step, run, gap = step + 1, 1, 0
        else:
            gap += 1
            if gap > _GAP_S * _PER_S:
                step = run = 0
    return False


def heard(sound: Floats, known: tuple[Announcement, ...]) -> Announcement | None:
    """The announcement that was heard: the most alike of the recordings, else the tone; None for neither."""
    mine: Any = course(sound)
    scores = [(alike(mine, one.course), one) for one in known if one.course is not None]
    best, said = max(scores, key=lambda score: score[0], default=(0.0, None))
    if said is not None and best >= ALIKE:
        others = [score for score, one in scores if one.outcome != said.outcome]
        return said if best - max(others, default=0.0) >= MARGIN else None
    tone = next((one for one in known if one.course is None), None)
    return tone if tone is not None and has_tone(sound) else None
