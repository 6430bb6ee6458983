# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bridge's settings: one toml file, read once."""

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .ami import AmiSettings


class ConfigError(Exception):
    """The file is missing, unreadable or says something impossible; the text says what."""


@dataclass(frozen=True, slots=True)
class OdooSettings:
    """Where Odoo is and who we are; ``timeout`` in seconds."""

    url: str
    database: str
    pbx: str
    secret: str = field(repr=False)
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    odoo: OdooSettings
    ami: AmiSettings
    spool: Path
    recordings: Path
    config_dir: Path | None
    log_level: str
    log_file: Path | None
    cel: Path | None = None
    queue_log: Path | None = None
    #: of each plug-in by its name: [plugins.<name>]
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load(path: Path) -> Settings:
    """Reads and checks the file. Raises ConfigError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    odoo = _section(data, "odoo", {"url": str, "database": str, "pbx": str, "secret": str})
    ami = _section(data, "ami", {"host": str, "port": int, "username": str, "secret": str})
    if urlsplit(odoo["url"]).scheme not in ("http", "https") or not urlsplit(odoo["url"]).netloc:
        raise ConfigError(f"[odoo] url: {odoo['url']!r} is not an http or https address")
    try:
        pbx = str(uuid.UUID(odoo["pbx"]))
    except ValueError:
        raise ConfigError(f"[odoo] pbx: {odoo['pbx']!r} is not a uuid") from None
    if not 0 < ami["port"] < 65536:
        raise ConfigError(f"[ami] port: {ami['port']} is no port")
    log = data.get("log") or {}
    level = str(log.get("level", "INFO")).upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ConfigError(f"[log] level: {level!r} is not DEBUG, INFO, WARNING or ERROR")
    pbx_files = data.get("pbx") or {}
    folder, cel, queue_log = (pbx_files.get(x) for x in ("config_dir", "cel", "queue_log"))
    plugins = data.get("plugins") or {}
    if not isinstance(plugins, dict) or not all(isinstance(p, dict) for p in plugins.values()):
        raise ConfigError("[plugins] holds other things than sections [plugins.<name>]")
    return Settings(
        odoo=OdooSettings(odoo["url"].rstrip("/"), odoo["database"], pbx, odoo["secret"]),
        ami=AmiSettings(ami["host"], ami["port"], ami["username"], ami["secret"]),
        spool=Path(_section(data, "spool", {"path": str})["path"]),
        recordings=Path(_section(data, "recordings", {"folder": str})["folder"]),
        config_dir=Path(folder) if folder else None,
        cel=Path(cel) if cel else None,
        queue_log=Path(queue_log) if queue_log else None,
        log_level=level,
        log_file=Path(log["file"]) if log.get("file") else None,
        plugins=plugins,
    )


def _section(data: dict[str, Any], name: str, fields: dict[str, type]) -> dict[str, Any]:
    section = data.get(name)
    if not isinstance(section, dict):
        raise ConfigError(f"section [{name}] is missing")
    for key, kind in fields.items():
        value = section.get(key)
        if not isinstance(value, kind) or isinstance(value, bool) or value == "":
            raise ConfigError(
                f"[{name}] {key} is missing or not a {'number' if kind is int else 'text'}"
            )
    return section
