# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge run``: logging, signals, the loop."""

import asyncio
import fcntl
import logging
import logging.handlers
import os
import signal
import sys
from pathlib import Path
from typing import IO

from .bridge import Bridge
from .config import ConfigError, Settings, load
from .odoo.link import Ousted
from .private import UMASK, close_off

log = logging.getLogger(__name__)


def set_up_logging(settings: Settings) -> None:
    """To the file of the settings, else to stderr. panoramisk's own chatter stays out."""
    handler: logging.Handler = (
        logging.handlers.WatchedFileHandler(settings.log_file, encoding="utf-8")
        if settings.log_file
        else logging.StreamHandler(sys.stderr)
    )
    logging.basicConfig(
        level=settings.log_level,
        handlers=[handler],
        force=True,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for name in ("panoramisk", "urllib3", "websocket"):
        logging.getLogger(name).setLevel(logging.WARNING)


def run(config: Path) -> int:
    """Runs until SIGTERM or SIGINT; returns the exit code."""
    try:
        settings = load(config)
        os.umask(UMASK)
        set_up_logging(settings)
        close_off(settings)
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"cc_bridge: {error}\n")
        return 2
    try:
        lock = _lock(settings.spool)
    except BlockingIOError:
        log.critical("another bridge works with the spool %s; this one ends", settings.spool)
        sys.stderr.write(f"cc_bridge: another bridge works with the spool {settings.spool}\n")
        return 3
    except OSError as error:
        sys.stderr.write(f"cc_bridge: {error}\n")
        return 2
    with lock:
        return asyncio.run(_main(settings))


def _lock(spool: Path) -> IO[str]:
    """Holds the spool for this process alone. Raises BlockingIOError when another one has it."""
    file = spool.with_name(spool.name + ".lock").open("w")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


async def _main(settings: Settings) -> int:
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    bridge = asyncio.create_task(Bridge(settings).run(), name="bridge")
    stop = asyncio.create_task(ending.wait(), name="signal")
    await asyncio.wait({bridge, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if bridge.done() and not bridge.cancelled() and isinstance(bridge.exception(), Ousted):
        log.critical("%s; this one ends", bridge.exception())
        return 4
    if bridge.done() and not bridge.cancelled() and bridge.exception() is not None:
        log.critical("the bridge ends on an error", exc_info=bridge.exception())
        return 1
    log.info("ending")
    bridge.cancel()
    await asyncio.gather(bridge, return_exceptions=True)
    return 0
