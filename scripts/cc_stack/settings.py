# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where an instance lives and which ports it uses; everything can be set from the environment."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, fields
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
BASE_PORTS = {
    "demo": 18000,
    "test-campaigns": 22000,
    "test-controls": 24000,
    "test-upgrade": 25000,
    "test-faults": 27000,
    "compose": 23000,
    "test": 28000,
    "test-addons": 29000,
}


class StackError(Exception):
    """Something of the stack cannot start or died; the text is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Ports:
    """All on 127.0.0.1. A range is its first port; CC_<INSTANCE>_<FIELD>_PORT sets one, CC_<INSTANCE>_BASE_PORT all."""

    web: int  # nginx: the address people open
    odoo: int
    gevent: int
    postgres: int
    asterisk_http: int
    ami: int
    sip: int
    trunk: int  # the outside party's contact: where Asterisk sends outbound calls
    agi: int
    callers: int  # SIP ports of simulated customers, 20 of them
    phones: int  # SIP ports of desk phones, 20 pairs (baresip takes the next one for TLS)
    phone_control: int  # their TCP controls, 20
    rtp: int  # Asterisk's, 300
    caller_rtp: int  # 200
    phone_rtp: int  # 200

    @classmethod
    def load(cls, instance: str) -> Ports:
        """The ports of `instance`: an offset from its base, unless the environment names them."""
        prefix = f"CC_{instance.upper().replace('-', '_')}"
        base = int(os.environ.get(f"{prefix}_BASE_PORT", BASE_PORTS.get(instance, 30000)))
        offsets = {
            "web": 0,
            "odoo": 1,
            "gevent": 2,
            "postgres": 3,
            "asterisk_http": 4,
            "ami": 5,
            "sip": 6,
            "trunk": 7,
            "agi": 8,
            "callers": 20,
            "phones": 40,
            "phone_control": 90,
            "rtp": 200,
            "caller_rtp": 500,
            "phone_rtp": 700,
        }
        return cls(
            **{
                f.name: int(
                    os.environ.get(f"{prefix}_{f.name.upper()}_PORT", base + offsets[f.name])
                )
                for f in fields(cls)
            }
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """One instance: its name, folders, ports and how careful its database is."""

    name: str
    run: Path
    cache: Path
    ports: Ports
    fsync: bool
    workers: int

    @classmethod
    def load(cls, name: str) -> Settings:
        """Settings of the instance `name`; CC_RUN and CC_CACHE move the folders, CC_FSYNC=0|1 and CC_WORKERS=n the rest."""
        run = Path(os.environ.get("CC_RUN", REPO / ".run")).resolve() / name
        return cls(
            name=name,
            run=run,
            cache=Path(os.environ.get("CC_CACHE", REPO / ".cache")).resolve(),
            ports=Ports.load(name),
            fsync=os.environ.get("CC_FSYNC", "0" if name.startswith("test") else "1") != "0",
            workers=int(os.environ.get("CC_WORKERS", "2")),
        )

    @property
    def url(self) -> str:
        """The address that people and browsers open."""
        return f"http://127.0.0.1:{self.ports.web}"

    @property
    def database(self) -> str:
        return f"cc_{self.name.replace('-', '_')}"

    @property
    def logs(self) -> Path:
        return self.run / "logs"

    @property
    def odoo_python(self) -> Path:
        return self.cache / "venv" / "bin" / "python"

    @property
    def bridge_python(self) -> Path:
        return self.cache / "venv-bridge" / "bin" / "python"

    @property
    def asterisk_root(self) -> Path:
        return self.cache / "asterisk"

    @property
    def data_dir(self) -> Path:
        """Odoo's data folder: filestore and sessions."""
        return self.run / "data"

    @property
    def pbx_generated(self) -> Path:
        """Where the bridge writes what Asterisk includes."""
        return self.run / "asterisk" / "etc" / "cc"

    @property
    def recordings(self) -> Path:
        return self.run / "asterisk" / "spool" / "monitor"

    def make_folders(self) -> None:
        """Creates what the parts expect to exist."""
        for folder in (self.run, self.logs, self.run / "pids", self.data_dir):
            folder.mkdir(parents=True, exist_ok=True)


def short_hash(*parts: str | bytes) -> str:
    """Twelve hex digits over all parts, for keys of what is kept."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:12]
