# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recordings of which nobody has taken note: the file came after the end of its call was told, or something died.

The PBX opens its files a moment after the answer, in a thread of its own: a call that is over at once may
have none yet when it ends. So the folder is looked through now and then.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_SUFFIX = "-in.wav"
#: Files that changed so lately are still written, or about to be noted; seconds.
LATE_S = 20.0
#: How far the first look goes back, and how long a file waits for its call to be known; seconds.
BACK_S, WAIT_S = 86_400.0, 3600.0
# a call and its file last no longer, s
LONGEST_S = 86_400.0
# what is decided at a stretch, before events have their turn
_AT_ONCE = 100


class Unclaimed:
    """Looks through the folder of recordings; :meth:`look` is called every now and then.

    :param calls_of: unique ids of channels to call_uid, as far as they are known
    :param is_open: whether a call goes on: what belongs to it is noted at its end
    :param claim: takes note of a recording (call_uid, file without suffix) that the call does not have yet
    """

    def __init__(
        self,
        folder: Path,
        *,
        calls_of: Callable[[Sequence[str]], Mapping[str, str]],
        is_open: Callable[[str], bool],
        claim: Callable[[str, Path], None],
    ) -> None:
        self._folder = folder
        self._calls_of = calls_of
        self._is_open = is_open
        self._claim = claim
        self._seen_until = time.time() - BACK_S
        # those whose call is not known, or goes on: since when
        self._waiting: dict[Path, float] = {}

    async def look(self) -> None:
        """Decides about what has come since the last look."""
        now = time.time()
        until = now - LATE_S
        found = await asyncio.to_thread(_changed, self._folder, self._seen_until, until)
        self._seen_until = until
        for base in found:
            self._waiting.setdefault(base, now)
        for n, (base, since) in enumerate(list(self._waiting.items()), 1):
            if self._decided(base) or now - since > WAIT_S:
                del self._waiting[base]
            if n % _AT_ONCE == 0:
                await asyncio.sleep(0)

    def _decided(self, base: Path) -> bool:
        call_uid = self._calls_of([base.name]).get(base.name)
        if call_uid is None or self._is_open(call_uid):
            return False
        self._claim(call_uid, base)
        return True


def _changed(folder: Path, since: float, until: float) -> list[Path]:
    """Recordings, without suffix, whose customer's side was written last between these unix times."""
    found = []
    for day in folder.iterdir() if folder.is_dir() else ():
        # a folder changes when a file is made in it: years of recordings are not looked at one by one
        if not day.is_dir() or day.stat().st_mtime < since - LONGEST_S:
            continue
        with os.scandir(day) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(_SUFFIX) and since <= entry.stat().st_mtime < until:
                    found.append(Path(entry.path).with_name(name.removesuffix(_SUFFIX)))
    return sorted(found)
