# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Command line: run, check, config, record, replay."""

import argparse
import json
import sys
from pathlib import Path

from . import __version__


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cc_bridge", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("run", "run the bridge until SIGTERM"),
        ("check", "say in words what is wrong; exit 0 when all is well"),
    ):
        sub = commands.add_parser(name, help=text)
        sub.add_argument("--config", type=Path, required=True, help="the bridge's toml file")
    sub = commands.add_parser("config", help="write the files that the PBX includes")
    sub.add_argument("--out", type=Path, required=True, help="folder to write to")
    sub.add_argument(
        "--intent",
        type=Path,
        help="JSON file with the intent; without it only the constant parts say anything",
    )
    for name, text in (
        ("record", "record an AMI stream to a file"),
        ("replay", "print the facts of a recorded stream"),
    ):
        commands.add_parser(name, help=text, add_help=False)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the process's exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    # these two parse their own arguments
    if arguments[:1] == ["record"]:
        from . import recorder

        return int(recorder.main(arguments[1:]) or 0)
    if arguments[:1] == ["replay"]:
        from . import replay

        return int(replay.main(arguments[1:]) or 0)
    options = _parser().parse_args(arguments)
    if options.command == "config":
        return write_config(options.out, options.intent)
    if options.command == "check":
        from .check import check

        return check(options.config)
    from .run import run

    return run(options.config)


def write_config(out: Path, intent_file: Path | None) -> int:
    """Writes the PBX's files and prints the names of those that changed."""
    from .pbx_config import generate, write

    intent = json.loads(intent_file.read_text("utf-8")) if intent_file else {}
    for name in write(out, generate(intent)):
        print(name)
    return 0
