# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""python -m cc_stack: an instance up, down, its state; a customer's call; a desk phone's keys."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from types import FrameType

from cc_stack.demo import desk_phones, greeting, run_demo, watch
from cc_stack.process import Part
from cc_stack.settings import REPO, StackError
from cc_stack.stack import Stack
from cc_stack.templates import TemplateStore


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cc_stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text)
        sub.add_argument("instance", nargs="?", default="demo", help="demo, test or another name")
        return sub

    demo = add("demo", "everything in the foreground with customers who call, until Ctrl-C")
    demo.add_argument("--fresh", action="store_true", help="begin with an empty call log")
    up = add("up", "start an instance and leave it running")
    up.add_argument("--fresh", action="store_true")
    up.add_argument("--no-bridge", action="store_true")
    up.add_argument(
        "--callers", action="store_true", help="with desk phones and customers who call"
    )
    add("down", "end everything of an instance")
    add("status", "which parts run, and where")
    add("clear", "end an instance and remove its data")
    add("templates", "build the database templates that are missing")
    add("callers", "the customers' loop alone")
    call = add("call", "one customer calls")
    call.add_argument("--from", dest="number", default="+8613800138000")
    call.add_argument("--to", default="100")
    call.add_argument("--name", default="")
    call.add_argument("--seconds", type=float, default=20, help="how long he talks once answered")
    call.add_argument(
        "--patience", type=float, default=180, help="how long he waits and talks at most"
    )
    phone = add("phone", "a desk phone: answer, hangup, dial, or (re)start it")
    phone.add_argument("extension")
    phone.add_argument("do", choices=["answer", "hangup", "dial", "start", "stop"])
    phone.add_argument("number", nargs="?", default="")
    phone.add_argument("--auto", action="store_true", help="with start: it answers by itself")
    return parser


def _status(stack: Stack) -> None:
    for part in [*stack.core, *stack.strays()]:
        state = f"pid {part.pid}" if part.alive else ("died" if part.pid_file.exists() else "down")
        print(f"{part.name:<20} {state:<12} {part.log}")
    print(f"{'address':<20} {stack.settings.url}")


def _phone(stack: Stack, options: argparse.Namespace) -> None:
    if options.do == "start":
        stack.phone(options.extension, answer="auto" if options.auto else "manual")
        return
    from cc_stack.phones import Phone

    phone = Phone(stack.settings, options.extension, "")
    if options.do == "stop":
        phone.stop()
    elif options.do == "answer":
        phone.answer()
    elif options.do == "hangup":
        phone.hang_up()
    else:
        phone.dial(options.number)


def _up(stack: Stack, options: argparse.Namespace) -> None:
    stack.up(fresh=options.fresh, with_bridge=not options.no_bridge)
    if options.callers:
        desk_phones(stack)
        Part(
            "callers",
            stack.settings.run,
            [sys.executable, "-m", "cc_stack", "callers", stack.settings.name],
            env={"PYTHONPATH": str(REPO / "scripts"), "PYTHONUNBUFFERED": "1"},
        ).start()
        print(greeting(stack))


def _end(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C, once: what follows (make passes a signal on a second time) must not stop the tidying up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Runs one command; what goes wrong is told in words, exit code 1."""
    options = _parser().parse_args()
    # also where a shell's background job starts with SIGINT ignored; make and CI end us by SIGTERM
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    try:
        stack = Stack(options.instance)
        match options.command:
            case "demo":
                run_demo(stack, fresh=options.fresh)
            case "up":
                _up(stack, options)
            case "down":
                stack.down()
            case "clear":
                stack.down()
                stack.clear()
            case "status":
                _status(stack)
            case "templates":
                TemplateStore(stack.settings).with_addons()
            case "callers":
                watch(stack)
            case "call":
                customer = stack.customer(
                    options.number, options.to, name=options.name, patience=options.patience
                )
                begun = time.monotonic()
                served = customer.talk(stack.asterisk, options.seconds)
                print(
                    f"{'served' if served else 'not answered'}, {time.monotonic() - begun:.0f} s in all"
                )
            case "phone":
                _phone(stack, options)
    except StackError as error:
        print(f"cc_stack: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
