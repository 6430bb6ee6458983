# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge run`` as a program: started twice by mistake, or over files that others can read."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from fake_odoo import PBX, SECRET, FakeOdoo, serve
from waiting import PATIENCE_S, until

from cc_bridge import check as check_module


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
        "odoo": {
            "url": odoo.url or "http://127.0.0.1:9",
            "database": "db",
            "pbx": PBX,
            "secret": SECRET,
        },
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
            await until(lambda: len(odoo.whos) == 1)
            second = start(config)
            _, said = second.communicate(timeout=PATIENCE_S)
            assert second.returncode == 3 and "another bridge works with the spool" in said
            assert len(odoo.whos) == 1 and first.poll() is None
        finally:
            first.send_signal(signal.SIGTERM)
            first.communicate(timeout=PATIENCE_S)
        assert first.returncode == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_nobody_else_reads_spool_and_recordings(config: Path) -> None:
    """ALL-07: what is written is private, also where the process was given no umask and files are older."""
    folder = config.parent
    with serve(FakeOdoo()) as odoo:
        write(config, odoo)
        folder.chmod(0o755)
        spool = folder / "spool.sqlite"
        spool.touch()
        spool.chmod(0o644)
        before = os.umask(0)
        try:
            bridge = start(config)
        finally:
            os.umask(before)
        try:
            # the hello has put something into the write-ahead log
            await until(lambda: len(odoo.whos) == 1 and (folder / "spool.sqlite-wal").exists())
            spools = list(folder.glob("spool.sqlite*"))
            assert {p.name for p in spools} >= {"spool.sqlite", "spool.sqlite-wal"}
            assert {p.name: mode(p) for p in spools} == dict.fromkeys(
                (p.name for p in spools), 0o600
            )
            # Asterisk's group may have its part in the folder
            assert mode(folder) == 0o750
        finally:
            bridge.send_signal(signal.SIGTERM)
            _, said = bridge.communicate(timeout=PATIENCE_S)
        assert "spool.sqlite could be read by others; it is 0600 now" in said


def test_check_says_what_others_can_read(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # neither PBX nor Odoo is asked
    monkeypatch.setattr(check_module, "findings", check_module.local)
    write(config, FakeOdoo())
    spool = config.parent / "spool.sqlite"
    spool.touch()
    for path, open_to in ((config, 0o644), (spool, 0o640), (config.parent, 0o755)):
        path.chmod(open_to)
    check_module.check(config)
    said = capsys.readouterr().out
    assert f"config      {config} has secrets in it and can be read by others" in said
    assert f"{spool} can be read by others: it should have the mode 0600" in said
    assert f"{config.parent} can be read by others: it should have the mode 0750" in said
    config.chmod(0o600)
    spool.chmod(0o600)
    config.parent.chmod(0o750)
    check_module.check(config)
    assert "read by others" not in capsys.readouterr().out
