# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Starting, watching and ending programs by their process id."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from cc_stack.settings import StackError

HOST = "127.0.0.1"
#: Seconds that anything may take on a machine on which everything takes long, and may stand still: whoever waits
#: longer waits in vain.
PATIENCE_S = 120.0


def tail(path: Path, lines: int = 30) -> str:
    """The last lines of a log, or a word about its absence."""
    if not path.exists():
        return f"(no log at {path})"
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def port_open(port: int) -> bool:
    """True when something listens on 127.0.0.1:port over TCP."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def free_port(first: int, count: int, kind: int = socket.SOCK_DGRAM) -> int:
    """The first port of the range that can be bound; raises StackError when all are taken."""
    for port in range(first, first + count):
        with socket.socket(type=kind) as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise StackError(f"no free port from {first} to {first + count - 1}")


def wait_until(check: Callable[[], bool], seconds: float, what: str, every: float = 0.1) -> None:
    """Polls `check`; raises StackError naming `what` when the time is over."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            raise StackError(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)


def _start_ticks(pid: int) -> str | None:
    """The kernel's start time of a process, None if it is gone or a zombie: with the pid it names one process for ever.

    A first thread that has ended while others still do is a zombie too, but the process holds its sockets
    and files until the last is gone.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    after_name = stat.rpartition(")")[2].split()
    state, threads, ticks = after_name[0], int(after_name[17]), after_name[19]
    return None if state == "X" or (state == "Z" and threads <= 1) else ticks


class Part:
    """One long-running program of an instance: found again by its pid file from any other process.

    It gets a session of its own, so that Ctrl-C reaches only the program that runs the stack, and so that
    its children (workers) can be ended with it.
    """

    def __init__(
        self,
        name: str,
        run: Path,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_seconds: float = 15,
        keep_output: bool = True,
    ) -> None:
        self.name = name
        self.argv = [str(arg) for arg in argv]
        self.env = env
        self.cwd = cwd or run
        self.user = user
        self.stop_signal = stop_signal
        self.stop_seconds = stop_seconds
        self.keep_output = keep_output
        self.log = run / "logs" / f"{name}.log"
        self.pid_file = run / "pids" / name

    @property
    def pid(self) -> int | None:
        """The pid, while the program lives."""
        try:
            pid, ticks = self.pid_file.read_text().split()
        except (OSError, ValueError):
            return None
        return int(pid) if _start_ticks(int(pid)) == ticks else None

    @property
    def alive(self) -> bool:
        return self.pid is not None

    def start(self) -> None:
        """Starts the program unless it runs already; its output is appended to its log."""
        if self.alive:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log if self.keep_output else subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, **(self.env or {})},
                cwd=self.cwd,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
            )
        ticks = _start_ticks(child.pid)
        self.pid_file.write_text(f"{child.pid} {ticks or 0}")
        # reaped here when it ends while we live; when we end first it goes to init
        _children.append(child)

    def ready_when(self, check: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        """Waits until `check` holds; a program that dies meanwhile is reported with the tail of its log."""

        def step() -> bool:
            self.require_alive()
            return check()

        try:
            wait_until(step, seconds, self.name, every=0.2)
        except StackError as error:
            raise StackError(f"{error}\n{tail(self.log)}") from None

    def require_alive(self) -> None:
        """Raises StackError with the tail of the log if the program is gone."""
        reap()
        if not self.alive:
            raise StackError(
                f"{self.name} has ended; its log ({self.log}) says at the end:\n{tail(self.log)}"
            )

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the program, if it lives."""
        if pid := self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """kill -9 of the program with all its children: no word of farewell.

        PostgreSQL's children have sessions of their own: one that outlived the others would write on
        beside the next start's.
        """
        if pid := self.pid:
            # stopped first, so that it makes no child while they are counted
            self.signal(signal.SIGSTOP)
            children = self.children()
            ticks = {child: _start_ticks(child) for child in children}
            for one in (pid, *children):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL) if one == pid else os.kill(one, signal.SIGKILL)
            wait_until(self._gone, PATIENCE_S, f"the end of {self.name}")
            wait_until(
                lambda: all(t is None or _start_ticks(c) != t for c, t in ticks.items()),
                PATIENCE_S,
                f"the end of {self.name}'s children",
            )
        self.pid_file.unlink(missing_ok=True)

    def _gone(self) -> bool:
        reap()
        return not self.alive

    def children(self) -> list[int]:
        """Pids of what the program has started itself."""
        pid = self.pid
        if pid is None:
            return []
        try:
            return [
                int(child)
                for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:
            return []

    def stop(self) -> None:
        """Ends the program and whatever is left of its process group."""
        pid = self.pid
        if pid is not None:
            self.signal(self.stop_signal)
            end = time.monotonic() + self.stop_seconds
            while self.alive and time.monotonic() < end:
                reap()
                time.sleep(0.05)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            reap()
        self.pid_file.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(file: Path, busy: str | None = None) -> Iterator[None]:
    """Holds a lock that only one process has; waits for it, or raises StackError with `busy` if that is given."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            raise StackError(busy or "") from None
        yield


_children: list[subprocess.Popen[bytes]] = []


def reap() -> None:
    """Collects ended children, so that none stays as a zombie."""
    _children[:] = [child for child in _children if child.poll() is None]


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    text: str | None = None,
) -> str:
    """Runs a short program and gives its output; raises StackError with its error text when it fails."""
    done = subprocess.run(
        [str(arg) for arg in argv],
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        check=False,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
    if done.returncode:
        raise StackError(
            f"{' '.join(str(a) for a in argv[:4])} … failed: {(done.stderr or done.stdout)[-3000:]}"
        )
    return done.stdout
