# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recordings and spoken texts as files that the PBX plays: 8 kHz, 16 bit, one channel."""

import asyncio
import base64
import hashlib
import logging
import os
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from .plans import Sound

log = logging.getLogger(__name__)

#: espeak-ng's names of languages where they are others.
VOICES = {"zh": "cmn", "zh_CN": "cmn", "zh_TW": "cmn", "zh_HK": "yue"}
TRY_AGAIN_S = 30.0
#: Of a recording so much is kept: a small file can hold days of silence; seconds.
LONGEST_S = 3600
_TOOL_S = 60


class Sounds:
    """The folder. :meth:`path` is None until a file is there; it is being made meanwhile.

    :param post: asks Odoo for a recording
    :param spawn: runs the making
    """

    def __init__(
        self,
        folder: Path,
        post: Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]],
        spawn: Callable[[Any, str], None],
        clock: Callable[[], float],
    ) -> None:
        self.folder = folder
        self._post, self._spawn, self._clock = post, spawn, clock
        self._under_way: set[Path] = set()
        self._not_before: dict[Path, float] = {}
        #: what went wrong, by file
        self.errors: dict[Path, str] = {}

    def file(self, sound: Sound) -> Path:
        """Where it lies; the name follows from what it says."""
        what = f"{sound.kind}\0{sound.language if sound.kind == 'say' else ''}\0{sound.value}"
        return self.folder / f"{hashlib.sha256(what.encode()).hexdigest()[:40]}.wav"

    def path(self, sound: Sound) -> str | None:
        """For Playback(): without its ending. None while it is not there."""
        file = self.file(sound)
        if file.exists():
            return str(file.with_suffix(""))
        if file not in self._under_way and self._clock() >= self._not_before.get(file, 0.0):
            self._under_way.add(file)
            self._spawn(self._make(sound, file), "sound")
        return None

    async def _make(self, sound: Sound, file: Path) -> None:
        try:
            data = b""
            if sound.kind == "play":
                answer = await self._post("/cc/dialer/sound", {"sound": sound.value})
                data = base64.b64decode(answer["data"], validate=True)
                if hashlib.sha256(data).hexdigest() != sound.value:
                    raise ValueError("the recording is another than was asked for")
            await asyncio.to_thread(make, sound, data, file)
            self.errors.pop(file, None)
        except Exception as error:  # whatever it was: tried again later, and told
            log.error("a recording can't be made ready: %s", error)
            self.errors[file] = str(error)[:200]
            self._not_before[file] = self._clock() + TRY_AGAIN_S
        finally:
            self._under_way.discard(file)


def make(sound: Sound, data: bytes, file: Path) -> None:
    """Writes the file at once or not at all. Raises OSError, ValueError, subprocess errors."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        source = Path(folder) / "source.wav"
        if sound.kind == "say":
            voice = VOICES.get(sound.language, sound.language.replace("_", "-").lower())
            _tool(
                ["espeak-ng", "-v", voice, "-b", "1", "-s", "150", "-w", source, "--stdin"],
                sound.value,
            )
        elif data[:4] in (b"RIFF", b"OggS", b"fLaC"):
            source = source.with_suffix({b"R": ".wav", b"O": ".ogg", b"f": ".flac"}[data[:1]])
            source.write_bytes(data)
        else:
            compressed = Path(folder) / "source.mp3"
            compressed.write_bytes(data)
            _tool(["lame", "--quiet", "--decode", compressed, source])
        ready = Path(folder) / "ready.wav"
        form = ["-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer"]
        _tool(["sox", source, *form, ready, "trim", "0", str(LONGEST_S)])
        if ready.stat().st_size < 1000:
            raise ValueError("there is nothing to be heard in it")
        ready.chmod(0o644)
        os.replace(ready, file)


def _tool(argv: list[str | Path], text: str | None = None) -> None:
    done = subprocess.run(
        argv,
        input=None if text is None else text.encode(),
        stdin=subprocess.DEVNULL if text is None else None,
        capture_output=True,
        timeout=_TOOL_S,
        check=False,
    )
    if done.returncode:
        raise ValueError(f"{argv[0]}: {done.stderr.decode(errors='replace').strip()[-150:]}")
