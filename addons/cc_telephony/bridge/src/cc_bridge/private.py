# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What others on this machine must not read: the spool has phones' passwords in it, recordings are recordings."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

from .config import Settings

log = logging.getLogger(__name__)

#: Of the bridge's process.
UMASK = 0o077
#: What lies beside the spool: sqlite's write-ahead log and its index, and the lock.
_BESIDE = ("", "-wal", "-shm", "-journal", ".lock")


def mode_of(path: Path) -> int | None:
    """A file's permissions; None when it is not there."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def open_to_others(settings: Settings) -> Iterator[tuple[Path, int]]:
    """Files and folders that more people can read than should, and the mode that they should have."""
    for path in (settings.spool.with_name(settings.spool.name + end) for end in _BESIDE):
        mode = mode_of(path)
        if mode is not None and mode & 0o077:
            yield path, mode & ~0o077
    # Asterisk's group may have its part in the folder; what is in it nobody else reaches
    mode = mode_of(settings.recordings)
    if mode is not None and mode & 0o007:
        yield settings.recordings, mode & ~0o007


def close_off(settings: Settings) -> None:
    """What was written before is as private as what is written from now on."""
    for path, mode in open_to_others(settings):
        try:
            path.chmod(mode)
        except OSError as error:
            log.error("%s can be read by others: %s", path, error.strerror)
        else:
            log.warning("%s could be read by others; it is %04o now", path, mode)
