# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Writes generated files: whole or not at all, and only when they differ."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

# Secrets stand in this one, so only its owner and group read it.
_MODES = {"cc_pjsip.conf": 0o640}

#: What Asterisk must read again when a file has changed.
RELOADS = {
    "cc_extensions.conf": "pbx_config",
    "cc_hints.conf": "pbx_config",
    "cc_confbridge.conf": "app_confbridge",
    "cc_pjsip.conf": "res_pjsip",
    "cc_queues.conf": "app_queue",
}


def write(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Writes what differs and returns its names. Raises OSError when the folder can't be written."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in files.items():
        target = folder / name
        data = text.encode()
        if target.is_file() and target.read_bytes() == data:
            continue
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, _MODES.get(name, 0o644))
            os.replace(temporary, target)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        changed.append(name)
    return changed
