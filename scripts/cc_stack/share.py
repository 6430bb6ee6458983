# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who gets the processor first while several stages of the tests run side by side.

Linux shares a processor out among sessions (autogroups), then among the processes of one: a nice value counts
within a session only, the session's own stands in ``/proc/<pid>/autogroup``. Where sessions do not count, as
in most containers, nice values do.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

# a third of an equal share
YIELDING = 5


def session(*, yields: bool) -> None:
    """Whether our own session lets others go first from now on. It can take that back."""
    _autogroup("self", YIELDING if yields else 0)


def yields(pid: int) -> None:
    """Lets others go before a program that leads a session, and before what it starts."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, YIELDING)
    _autogroup(str(pid), YIELDING)


def _autogroup(pid: str, nice: int) -> None:
    # a kernel without it, or one that does not let us: then all go on as they are
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(nice))
