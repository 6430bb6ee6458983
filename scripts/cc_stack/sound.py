# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Sounds for phones and customers, made once: speech by espeak-ng, tones by sox, as bare G.711 µ-law."""

from __future__ import annotations

from pathlib import Path

from cc_stack.process import run
from cc_stack.settings import Settings

SPEECH = {
    "customer": (
        "en-gb",
        "Hello. I am calling about my order from last week. It has not arrived yet, and I would like to know"
        " where it is. The parcel was meant for my office, not for my home. Could you have a look, please?"
        " Yes, I can wait a moment. Thank you, that is very kind of you.",
    ),
    "customer_zh": (
        "cmn",
        "你好，我想问一下我上周的订单。还没有收到，请帮我查一下，谢谢。我可以等一下。",
    ),
    "outside": (
        "en-us",
        "Good morning. Yes, I can hear you well. Please go on, I am listening. That sounds good to me.",
    ),
}


def speech(settings: Settings, who: str) -> Path:
    """The sentences of `who` (a key of SPEECH) as 8 kHz µ-law without a header, made at the first call."""
    target = settings.cache / "sound" / f"{who}.ul"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        voice, text = SPEECH[who]
        wav = target.with_suffix(".wav")
        run(["espeak-ng", "-v", voice, "-s", "150", "-w", wav, text])
        # a second of silence at the end, since it is played in a loop
        _mu_law(wav, target, "pad", "0.3", "1")
        wav.unlink()
    return target


def tone(settings: Settings, hertz: int) -> Path:
    """Two seconds of a sine at half loudness as µ-law, to find a speaker again in a recording."""
    target = settings.cache / "sound" / f"tone-{hertz}.ul"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _mu_law("-n", target, "synth", "2", "sine", str(hertz), "vol", "0.5")
    return target


def _mu_law(source: Path | str, target: Path, *effects: str) -> None:
    """Has sox write a telephone's sound: one channel of 8 kHz, without a header."""
    run(["sox", source, "-r", "8000", "-c", "1", "-e", "mu-law", "-t", "raw", target, *effects])
