# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Runs an engine of transcripts in a process of its own, and finds words in what it heard."""

import json
import math
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from odoo.addons.cc_telephony.utils.search_text import fold

ENGINES = Path(__file__).resolve().parents[1] / "engines"
# an engine may take this many times the recording's length, and this long at least (s)
SLOWEST, SHORTEST_S = 20, 120
PAUSE_S = 1.0
CHINESE = re.compile(r"[\u3400-\u9fff]")


class Engine(NamedTuple):
    """An engine: its label, and the command before ``AUDIO LANGUAGE MODEL_FOLDER``."""

    label: str
    command: Sequence[str]


class EngineFailed(Exception):
    """An engine did not end well; the text is its last word."""


def own_engine(label: str, file: str) -> Engine:
    """One of the programs beside this addon, in this Python."""
    return Engine(label, (sys.executable, str(ENGINES / file)))


def run(
    engine: Engine, audio: str, language: str, model: str, length_s: float
) -> list[dict[str, Any]]:
    """The words of a file, in order of time.

    :raise EngineFailed: it ended badly, took too long or said what is no list of words
    """
    try:
        done = subprocess.run(
            [*engine.command, audio, language, model],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=max(SHORTEST_S, SLOWEST * length_s),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineFailed("the engine took too long") from error
    except OSError as error:
        raise EngineFailed(str(error)) from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise EngineFailed(lines[-1][:300] if lines else f"ended with {done.returncode}")
    try:
        words = [_word(word) for word in json.loads(done.stdout)["words"]]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineFailed("the engine's answer is no list of words") from error
    return sorted(words, key=lambda word: (word["start"], word["channel"]))


def _word(word: dict[str, Any]) -> dict[str, Any]:
    start, end = float(word["start"]), float(word["end"])
    if not (math.isfinite(start) and math.isfinite(end)) or start < 0:
        raise ValueError("a word has a time")
    return {"channel": int(word["channel"]), "start": start, "end": end, "text": str(word["text"])}


def lines(words: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Words of one side without a long pause between them, as one line each."""
    found: list[dict[str, Any]] = []
    for word in words:
        text = word["text"].strip()
        if not text:
            continue
        last = found[-1] if found else None
        if last and last["channel"] == word["channel"] and word["start"] - last["end"] < PAUSE_S:
            gap = "" if CHINESE.search(text) and CHINESE.search(last["text"][-1:]) else " "
            last["text"] += gap + text
            last["end"] = max(last["end"], word["end"])
        else:
            found.append({**word, "text": text})
    return found


def find(words: Sequence[dict[str, Any]], phrase: str) -> list[tuple[float, int]]:
    """When a phrase was said, and on which side; whole words, of Chinese characters in a row, be they
    simplified or traditional."""
    found: list[tuple[float, int]] = []
    for channel in sorted({word["channel"] for word in words}):
        own = [word for word in words if word["channel"] == channel and word["text"].strip()]
        text, starts = "", []
        for word in own:
            piece = fold(word["text"].strip())
            gap = "" if not text or (CHINESE.search(piece) and CHINESE.search(text[-1])) else " "
            text += gap + piece
            starts += [word["start"]] * len(gap + piece)
        wanted = re.escape(fold(" ".join(phrase.split())))
        edge = "" if CHINESE.search(phrase) else r"\b"
        found += [(starts[m.start()], channel) for m in re.finditer(f"{edge}{wanted}{edge}", text)]
    return sorted(found)
