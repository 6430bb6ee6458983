# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two one-channel wavs become one two-channel mp3. Blocking: run it in a thread."""

import hashlib
import struct
import subprocess
from array import array
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 65536
_RATE = 8000


class AudioError(Exception):
    """The files can't be made into a recording; the text says why."""


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


def merge(left: Path, right: Path, target: Path) -> Merged | None:
    """Interleaves and encodes, at low priority; None when there is no sound at all.

    The shorter side is filled with silence. Raises AudioError.
    """
    with left.open("rb") as one, right.open("rb") as two:
        one.seek(data_offset(left))
        two.seek(data_offset(right))
        samples = max(left.stat().st_size - one.tell(), right.stat().st_size - two.tell()) // 2
        if samples <= 0:
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
        try:
            written = 0
            while written < samples:
                both = array("h", bytes(2 * 2 * min(_CHUNK, samples - written)))
                both[0::2] = _samples(one.read(len(both)), len(both) // 2)
                both[1::2] = _samples(two.read(len(both)), len(both) // 2)
                encoder.stdin.write(both.tobytes())
                written += len(both) // 2
            encoder.stdin.close()
        except OSError:
            pass  # lame says why below
        said = encoder.stderr.read().decode("utf-8", "replace").strip()
        encoder.stderr.close()
        if encoder.wait() != 0:
            part.unlink(missing_ok=True)
            raise AudioError(f"lame: {said or encoder.returncode}")
    part.replace(target)
    return Merged(target, hashlib.sha256(target.read_bytes()).hexdigest(), samples * 1000 // _RATE)


def _samples(data: bytes, count: int) -> "array[int]":
    """Exactly ``count`` samples; silence at the end if there are fewer."""
    data = data[: len(data) // 2 * 2]
    return array("h", data + bytes(2 * count - len(data)))
