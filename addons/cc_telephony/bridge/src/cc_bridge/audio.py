# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two one-channel wavs become one two-channel mp3. Blocking: run it in a thread."""

import contextlib
import hashlib
import itertools
import struct
import subprocess
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

_CHUNK = 65536
_RATE = 8000


class AudioError(Exception):
    """The files can't be made into a recording; the text says why."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was recorded without a break: both sides, and how long nothing was recorded before it (ms)."""

    left: Path
    right: Path
    after_ms: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """What came out; the hash is of the mp3's bytes."""

    path: Path
    sha256: str
    duration_ms: int


def data_offset(path: Path) -> int:
    """Where the samples of a wav begin. The header's lengths are not believed: a killed PBX left them 0.

    Raises AudioError when it isn't 16 bit, one channel, 8 kHz.
    """
    with path.open("rb") as stream:
        if stream.read(12)[:4] != b"RIFF":
            raise AudioError(f"{path.name} is not a wav")
        while len(head := stream.read(8)) == 8:
            name, size = head[:4], struct.unpack("<I", head[4:])[0]
            if name == b"data":
                return stream.tell()
            body = stream.read(size + size % 2)
            if name == b"fmt ":
                _, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
                if (channels, rate, bits) != (1, _RATE, 16):
                    raise AudioError(f"{path.name}: {channels} channels, {rate} Hz, {bits} bits")
    raise AudioError(f"{path.name} holds no samples")


def merge(stretches: Sequence[Stretch], target: Path) -> Merged | None:
    """Interleaves and encodes, at low priority; None when there is no sound at all.

    The shorter side is filled with silence, and so is what lies between two stretches. Raises AudioError.
    """
    with contextlib.ExitStack() as files:
        opened = [(files.enter_context(_Pair(one)), one.after_ms) for one in stretches]
        if not any(pair.samples for pair, _ in opened):
            return None
        part = target.with_suffix(".part")
        command = [
            "nice",
            "-n",
            "15",
            "lame",
            "--quiet",
            "-r",
            "--signed",
            "--little-endian",
            "--bitwidth",
            "16",
            "-s",
            "8",
            "-m",
            "s",
            "-b",
            "32",
            "-",
            str(part),
        ]
        try:
            encoder = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            raise AudioError(f"lame can't be run: {error}") from None
        assert encoder.stdin is not None and encoder.stderr is not None
        written = 0
        try:
            for n, (pair, after_ms) in enumerate(opened):
                silence = after_ms * _RATE // 1000 if n else 0
                for block in itertools.chain(_silence(silence), pair.blocks()):
                    encoder.stdin.write(block)
                    written += len(block) // 4
            encoder.stdin.close()
        except OSError:
            pass  # lame says why below
        said = encoder.stderr.read().decode("utf-8", "replace").strip()
        encoder.stderr.close()
        if encoder.wait() != 0:
            part.unlink(missing_ok=True)
            raise AudioError(f"lame: {said or encoder.returncode}")
    part.replace(target)
    return Merged(target, hashlib.sha256(target.read_bytes()).hexdigest(), written * 1000 // _RATE)


class _Pair:
    """Both sides of a stretch, open; ``samples``: of the longer one."""

    def __init__(self, stretch: Stretch) -> None:
        self.samples = 0
        self._sides: list[BinaryIO] = []
        with contextlib.ExitStack() as files:
            for path in (stretch.left, stretch.right):
                start = data_offset(path)
                side = files.enter_context(path.open("rb"))
                side.seek(start)
                self._sides.append(side)
                self.samples = max(self.samples, (path.stat().st_size - start) // 2)
            self._files = files.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def blocks(self) -> Iterator[bytes]:
        """Samples of left and right by turns."""
        left = self.samples
        while left > 0:
            count = min(_CHUNK, left)
            both = array("h", bytes(4 * count))
            for n, side in enumerate(self._sides):
                both[n::2] = _samples(side.read(2 * count), count)
            yield both.tobytes()
            left -= count


def _silence(count: int) -> Iterator[bytes]:
    while count > 0:
        yield bytes(4 * min(_CHUNK, count))
        count -= _CHUNK


def _samples(data: bytes, count: int) -> "array[int]":
    """Exactly ``count`` samples; silence at the end if there are fewer."""
    data = data[: len(data) // 2 * 2]
    return array("h", data + bytes(2 * count - len(data)))
