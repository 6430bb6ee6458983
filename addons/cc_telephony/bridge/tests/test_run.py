# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge run`` as a program: started twice by mistake."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fake_odoo import PBX, SECRET, FakeOdoo, serve
from waiting import until


def start(config: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "cc_bridge", "run", "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "bridge.toml"
    file.write_text("")
    return file


def write(config: Path, odoo: FakeOdoo, spool: str = "spool.sqlite") -> None:
    folder = config.parent
    values = {
        "odoo": {"url": odoo.url, "database": "db", "pbx": PBX, "secret": SECRET},
        # nobody listens there
        "ami": {"host": "127.0.0.1", "port": 9, "username": "x", "secret": "x"},
        "spool": {"path": str(folder / spool)},
        "recordings": {"folder": str(folder)},
    }
    config.write_text(
        "\n".join(
            f"[{section}]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in pairs.items())
            for section, pairs in values.items()
        )
    )


async def test_a_second_bridge_with_the_same_spool_ends_at_once(config: Path) -> None:
    with serve(FakeOdoo()) as odoo:
        write(config, odoo)
        first = start(config)
        try:
            await until(lambda: len(odoo.whos) == 1, 15)
            second = start(config)
            _, said = second.communicate(timeout=20)
            assert second.returncode == 3 and "another bridge works with the spool" in said
            assert len(odoo.whos) == 1 and first.poll() is None
        finally:
            first.send_signal(signal.SIGTERM)
            first.communicate(timeout=20)
        assert first.returncode == 0
