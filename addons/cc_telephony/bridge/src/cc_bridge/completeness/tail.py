# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Following a log file across rotation, truncation and our own absence: every line once, none twice."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

log = logging.getLogger(__name__)

#: A line longer than this is no line of ours (bytes).
LONGEST = 1 << 20
_HEAD = 256


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file: everything before ``offset`` is read.

    ``inode`` and ``head`` (hash of the first whole line, at most 256 bytes of it) say which file it
    is: inode numbers are given out again, and a copied or compressed file has another one.
    """

    inode: int = 0
    offset: int = 0
    head: str = ""

    def dump(self) -> dict[str, Any]:
        """For the spool."""
        return asdict(self)

    @staticmethod
    def load(saved: Mapping[str, Any] | None) -> Mark | None:
        """From the spool; None stays None."""
        if not saved:
            return None
        return Mark(int(saved["inode"]), int(saved["offset"]), str(saved["head"]))


@dataclass(frozen=True, slots=True)
class Line:
    """One whole line without its end; ``before`` is where it began, ``after`` where the next one does."""

    text: str
    before: Mark
    after: Mark


class Tail:
    """Reads on from a mark. A missing file is waited for and then read from its beginning.

    :param path: the file that is being written
    :param mark: where to go on; None starts at the end of what is there now (history is not ours)
    """

    def __init__(self, path: Path, mark: Mark | None = None) -> None:
        self.path = path
        self.mark = mark if mark is not None else self._end()
        # in the middle of a line that is none
        self._skipping = False

    @property
    def missing(self) -> bool:
        """Whether there is no such file now."""
        return not self.path.exists()

    def read(self, limit: int = 1 << 18) -> list[Line]:
        """The next whole lines, about ``limit`` bytes of them; an empty list when there are none now."""
        for _ in range(100):
            source = self._find()
            if source is None:
                return []
            lines = self._lines(source, limit)
            if lines:
                return lines
            following = self._after(source)
            if following is None:
                return []
            self.mark, self._skipping = following, False
        return []

    def _end(self) -> Mark:
        """Behind everything that is there now."""
        for path in (self.path, *self._siblings()):
            if path.suffix != ".gz" and path.exists():
                return _end_of(path)
        return Mark()

    # -- which file -----------------------------------------------------------------------------

    def _find(self) -> Path | None:
        """The file that the mark is in; when that is gone, the oldest there is."""
        if self._is(self.path):
            return self.path
        for other in self._siblings():
            if self._is(other):
                return other
        # either there was no file at all: whatever there is now is news. Or ours is gone: then all
        # others are read, for a line that is read twice does no harm, one that is not read does
        for path in [*reversed(self._siblings()), self.path]:
            if path.exists():
                if self.mark.inode:
                    log.warning("%s: what was read last is gone; on with %s", self.path, path.name)
                self.mark, self._skipping = _start_of(path), False
                return path
        return None

    def _is(self, path: Path) -> bool:
        mark = self.mark
        try:
            inode, size = path.stat().st_ino, _size(path)
        except OSError:
            return False
        if size < mark.offset:
            return False
        if mark.head:
            return _head(path) == mark.head
        return inode == mark.inode and inode != 0

    def _siblings(self) -> list[Path]:
        """Rotated files beside ours, the newest first (``x.1``, ``x-20260101``, ``x.2.gz``)."""
        try:
            found = [
                (entry.stat().st_mtime_ns, Path(entry.path))
                for entry in os.scandir(self.path.parent)
                if entry.name.startswith(self.path.name) and entry.name != self.path.name
            ]
        except OSError:
            return []
        return [path for _, path in sorted(found, reverse=True)]

    def _after(self, source: Path) -> Mark | None:
        """Where to go on when ``source`` is read to its end; None while it is the newest."""
        if source == self.path:
            return None
        older = self._siblings()
        at = next((n for n, path in enumerate(older) if path == source), 0)
        # what is newer than it, the oldest of them first; a copy of the same file is passed over
        for path in [*reversed(older[:at]), self.path]:
            if path.exists() and (_head(path) != self.mark.head or not self.mark.head):
                return _start_of(path)
        return None

    # -- lines ----------------------------------------------------------------------------------

    def _lines(self, source: Path, limit: int) -> list[Line]:
        try:
            with _open(source) as stream:
                stream.seek(self.mark.offset)
                data = stream.read(limit)
                if data and b"\n" not in data:
                    data += stream.read(LONGEST)
        except (OSError, EOFError) as error:
            log.warning("%s can't be read: %s", source, error)
            return []
        if len(data) > LONGEST and b"\n" not in data:
            # no line of ours: passed over piece by piece until it ends
            self._skipping = True
            self.mark = Mark(self.mark.inode, self.mark.offset + len(data), self._name(source))
            return self._lines(source, limit)
        whole, newline, _rest = data.rpartition(b"\n")
        if not newline:
            return []
        head, lines = self._name(source), []
        here = Mark(self.mark.inode, self.mark.offset, head)
        for raw in whole.split(b"\n"):
            there = Mark(here.inode, here.offset + len(raw) + 1, head)
            if not self._skipping:
                text = raw.decode("utf-8", "replace").rstrip("\r")
                lines.append(Line(text, here, there))
            self._skipping = False
            here = there
        self.mark = here
        return lines or self._lines(source, limit)

    def _name(self, source: Path) -> str:
        return self.mark.head or _head(source)


def _open(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def _size(path: Path) -> int:
    """Bytes of text; of a compressed file nobody knows before reading."""
    return 1 << 62 if path.suffix == ".gz" else path.stat().st_size


def _head(path: Path) -> str:
    """Which file this is, by its first line; empty as long as it has none."""
    try:
        with _open(path) as stream:
            data = stream.read(_HEAD)
    except (OSError, EOFError):
        return ""
    line, newline, _ = data.partition(b"\n")
    if not newline and len(data) < _HEAD:
        return ""
    return hashlib.sha256(line).hexdigest()[:16]


def _start_of(path: Path) -> Mark:
    try:
        return Mark(path.stat().st_ino, 0, _head(path))
    except OSError:
        return Mark()


def _end_of(path: Path) -> Mark:
    """Behind the last whole line."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            back = max(0, size - LONGEST)
            stream.seek(back)
            data = stream.read(size - back)
            found = data.rfind(b"\n")
            return Mark(path.stat().st_ino, back + found + 1 if found >= 0 else 0, _head(path))
    except OSError:
        return Mark()
