# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What engines of transcripts share. Runs in a process of its own, without Odoo.

An engine is a program: ``engine.py AUDIO LANGUAGE MODEL_FOLDER``. It writes one JSON object to standard
output, ``{"words": [{"channel", "start", "end", "text"}]}`` with seconds, and ends with 0; otherwise the
last line of standard error says what went wrong.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "utils"))
from sound import FRAME_S, runs, speech

RATE = 16000
# what is decoded at once; a pause of this length ends a stretch
LONGEST_S, PAUSE_S, MARGIN_S = 20.0, 0.6, 0.2
Word = dict[str, object]


def stretches(path: str) -> Iterator[tuple[int, float, np.ndarray]]:
    """Speech in the file: channel, where it begins (s), samples at 16 kHz from -1 to 1."""
    data, rate = soundfile.read(path, dtype="float32", always_2d=True)
    for channel in range(data.shape[1]):
        sound = data[:, channel]
        if rate != RATE:
            at = np.arange(0, len(sound), rate / RATE)
            sound = np.interp(at, np.arange(len(sound)), sound).astype("float32")
        step = int(RATE * FRAME_S)
        whole = sound[: len(sound) // step * step].reshape(-1, step)
        if not len(whole):
            continue
        spoken = speech((whole.astype("float64") ** 2).mean(axis=1))
        for begin, end in _joined(runs(spoken)):
            first = max(int(begin * step - MARGIN_S * RATE), 0)
            last = int(end * step + MARGIN_S * RATE)
            for part in range(first, last, int(LONGEST_S * RATE)):
                cut = sound[part : min(part + int(LONGEST_S * RATE), last)]
                yield channel, part / RATE, cut


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for begin, end in spans:
        if found and (begin - found[-1][1]) * FRAME_S < PAUSE_S:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def main(words_of: Callable[[str, str, str], list[Word]]) -> None:
    """Run an engine on the command line's arguments."""
    path, language, model = [*sys.argv[1:], "", "", ""][:3]
    try:
        words = words_of(path, language, model)
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    json.dump({"words": words}, sys.stdout, ensure_ascii=False)
