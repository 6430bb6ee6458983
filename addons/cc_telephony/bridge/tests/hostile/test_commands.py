# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What ``/cc/commands`` might hand over, down to the bytes that AMI gets."""

import asyncio
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fake_odoo
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from loops import in_loop
from waiting import PATIENCE_S

from cc_bridge.ami.protocol import BridgeProtocol
from cc_bridge.bridge import Bridge
from cc_bridge.controls import steering
from cc_bridge.events import Event
from cc_bridge.kernel.changes import Changes
from cc_bridge.pbx_config import generate

from .material import FUZZ, NUMBERS, texts, values
from .test_ami_frames import Wire
from .test_events import facts_of, settings_in, strings

#: All that a bridge may ask a PBX. Nothing here runs programs or writes the PBX's settings.
ACTIONS = {
    "Atxfer",
    "ChannelShow",
    "ConfbridgeKick",
    "ConfbridgeList",
    "ConfbridgeListRooms",
    "ConfbridgeMute",
    "ConfbridgeUnmute",
    "CoreSettings",
    "CoreShowChannels",
    "CoreStatus",
    "DBDelTree",
    "DBPut",
    "Getvar",
    "Hangup",
    "Originate",
    "PJSIPNotify",
    "PJSIPQualify",
    "PJSIPShowContacts",
    "Ping",
    "PlayDTMF",
    "QueueAdd",
    "QueuePause",
    "QueuePenalty",
    "QueueRemove",
    "QueueStatus",
    "Redirect",
    "Reload",
    "Setvar",
}
#: What may stand in a Dial string or an extension, by who writes it (generate.py, controls).
SAFE = {
    "Channel": re.compile(r"(PJSIP|Local)/[A-Za-z0-9_+*#@/.;-]+"),
    "Exten": re.compile(r"[A-Za-z0-9+*#_-]+"),
    "ExtraExten": re.compile(r"[A-Za-z0-9+*#_-]+"),
    "Context": re.compile(r"cc-[a-z]+"),
    "CallerID": re.compile(r"[0-9+*#]*"),
}
AGENT = "1001"
INTENT: dict[str, Any] = {
    "agents": [
        {
            "agent": AGENT,
            "session": 7,
            "device": "desk",
            "extension": "2001",
            "queues": [{"queue": "support", "penalty": 0}],
        }
    ],
    "queues": [{"queue": "support", "wrap_up_s": 5}],
    "extensions": [],
    "settings": {"trunk": "trunk"},
}


class Answering(Wire):
    """A PBX that says yes to everything."""

    def __init__(self) -> None:
        super().__init__()
        self.protocol: BridgeProtocol | None = None

    def write(self, data: Any) -> None:
        super().write(data)
        found = re.search(rb"^ActionID: (.*)\r$", bytes(data), re.MULTILINE)
        assert found and self.protocol
        answer = b"Response: Success\r\nActionID: " + found[1]
        loop = asyncio.get_running_loop()
        loop.call_soon(self.protocol.data_received, answer + b"\r\nEventList: start\r\n\r\n")
        end = b"Event: AnyComplete\r\nEventList: Complete\r\nActionID: " + found[1] + b"\r\n\r\n"
        loop.call_soon(self.protocol.data_received, end)


def frames(written: bytes) -> list[list[tuple[str, str]]]:
    """What a PBX reads: it takes a lone LF for the end of a line too."""
    text = written.decode().replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for block in text.split("\n\n") if block.strip("\n")]
    return [
        [tuple(line.partition(": ")[::2]) for line in block.strip("\n").split("\n")]  # type: ignore[misc]
        for block in blocks
    ]


async def run(
    folder: Path, rows: list[Any], intent: dict[str, Any]
) -> tuple[bytes, int, list[dict[str, Any]]]:
    """The rows through a bridge whose AMI is bytes in memory.

    :return: what AMI got, how many actions were sent, the facts
    """
    bridge = Bridge(settings_in(folder))
    wire = Answering()
    protocol = BridgeProtocol(lambda _: None, lambda: None, lambda *_: None)
    protocol.connection_made(wire)
    wire.protocol = protocol
    sent = 0
    request = protocol.request

    def counted(headers: Any, *, multi: bool) -> Any:
        nonlocal sent
        sent += 1
        return request(headers, multi=multi)

    protocol.request = counted  # type: ignore[method-assign]
    bridge.ami._protocol = protocol
    bridge.ami._logged_in = True
    bridge.queues.reset([{"Event": "QueueParams", "Queue": "support", "Calls": "0"}])
    try:
        await bridge._intent(intent)
        await bridge._commands(rows)
        await asyncio.wait_for(bridge.commands.close(), PATIENCE_S)
        bridge.outbox.flush()
        return wire.written, sent, facts_of(bridge)
    finally:
        await bridge.agents.close()
        bridge.spool.close()


def play(
    factory: pytest.TempPathFactory, rows: list[Any], intent: dict[str, Any] | None = None
) -> tuple[bytes, int, list[dict[str, Any]]]:
    """As :func:`run`, quietly and with short waits."""
    logging.disable(logging.CRITICAL)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "sleep", _no_sleep)
            # for what this PBX will never tell; its answers come, however late
            patch.setattr(Changes, "event", _short)
            patch.setattr(steering, "RING_S", _SHORT_S)
            return in_loop(run(factory.mktemp("b"), rows, INTENT if intent is None else intent))
    finally:
        logging.disable(logging.NOTSET)


_sleep = asyncio.sleep


async def _no_sleep(_seconds: float) -> None:
    await _sleep(0)


_event = Changes.event
_SHORT_S = 0.4


async def _short(changes: Changes, wanted: Callable[[Event], object], seconds: float) -> bool:
    return await _event(changes, wanted, min(seconds, _SHORT_S))


def check_wire(written: bytes, sent: int) -> None:
    """As many actions as were meant, each of those that may be, and no value that says more."""
    blocks = frames(written)
    assert len(blocks) == sent
    for block in blocks:
        assert [name for name, _ in block].count("Action") == 1
        assert dict(block)["Action"] in ACTIONS
        for name, value in block:
            assert re.fullmatch(r"[A-Za-z0-9-]+", name), name
            if name in SAFE:
                assert SAFE[name].fullmatch(value), (name, value)


def order(kind: Any, args: Any, **more: Any) -> dict[str, Any]:
    return fake_odoo.order(kind, args, **{"agent": AGENT, **more})


def kinds(folder: Path) -> list[str]:
    async def names() -> list[str]:
        bridge = Bridge(settings_in(folder))
        bridge.spool.close()
        return bridge.commands.kinds()

    return in_loop(names())


def results(facts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f["command"]["id"]: f["command"] for f in facts if f["kind"] == "command.result"}


ARGS = st.one_of(
    values,
    st.dictionaries(
        st.sampled_from(
            [
                "number",
                "to",
                "device",
                "extension",
                "session",
                "state",
                "reason",
                "on",
                "digits",
                "kind",
                "value",
                "leg",
                "of",
                "max",
                "seconds",
                "id",
            ]
        ),
        st.one_of(
            values,
            st.fixed_dictionaries(
                {
                    "kind": st.sampled_from(["agent", "queue", "ivr", "number", "x"]),
                    "value": texts,
                }
            ),
        ),
        max_size=5,
    ),
)


@FUZZ
@given(st.data())
def test_any_arguments(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    """Each command has its one result, and AMI hears nothing but the actions that were meant."""
    known = st.sampled_from(_KINDS or _KINDS.__iadd__(kinds(tmp_path_factory.mktemp("k"))))
    rows = [
        order(data.draw(known), data.draw(ARGS), call_uid=data.draw(st.one_of(st.none(), texts)))
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    written, sent, facts = play(tmp_path_factory, rows)
    check_wire(written, sent)
    told = results(facts)
    assert set(told) == {row["id"] for row in rows}
    for result in told.values():
        assert all(text.isprintable() for text in strings(result))


_KINDS: list[str] = []


@FUZZ
@given(st.lists(st.one_of(values, st.builds(order, values, values)), max_size=3), values)
@example([{"id": "\ud800"}, {"id": ["x"], "kind": 1}, 7, None, "x"], None)
def test_rows_of_any_form(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], more: Any
) -> None:
    """What is no command takes nothing from the one behind it."""
    good = order("set_state", {"state": "ready", "reason": None})
    strange = order("set_state", {}, agent=more, expires_t=more)
    written, sent, facts = play(tmp_path_factory, [*rows, strange, good])
    check_wire(written, sent)
    assert results(facts)[good["id"]]["code"] == "ok"
    assert results(facts)[strange["id"]]["ok"] is False


@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: repr(n[:20]))
def test_no_number_is_more_than_a_number(
    tmp_path_factory: pytest.TempPathFactory, number: str
) -> None:
    """TEL-04: dialling what is none is refused as such, and no call is begun."""
    one = order("dial", {"number": number})
    written, sent, facts = play(tmp_path_factory, [one])
    check_wire(written, sent)
    assert results(facts)[one["id"]]["code"] == "bad_number"
    assert b"Originate" not in written


@pytest.mark.parametrize("reason", ["\ud800", "nul\0", "x" * 10_000, "<b>\u202e", ["list"], 7])
def test_a_reason_is_text_that_every_database_takes(
    tmp_path_factory: pytest.TempPathFactory, reason: Any
) -> None:
    """The state it goes with is told all the same."""
    one = order("set_state", {"state": "break", "reason": reason})
    _written, _sent, facts = play(tmp_path_factory, [one])
    states = [f["agent"] for f in facts if f["kind"] == "agent.state"]
    assert states[-1]["state"] == "break"
    assert all(text.isprintable() and len(text) <= 256 for text in strings(states[-1]))


def test_a_number_is_dialled_as_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The other half of the pair: what may be dialled reaches AMI unchanged."""
    one = order("dial", {"number": "+8613800138000"})
    written, sent, _facts = play(tmp_path_factory, [one])
    check_wire(written, sent)
    [dialled] = [dict(block) for block in frames(written) if dict(block)["Action"] == "Originate"]
    assert (dialled["Exten"], dialled["Channel"]) == ("+8613800138000", "PJSIP/2001")


@pytest.mark.parametrize("kind", ["hangup", "mute", "answer", "reject", "check", "sign_out"])
@pytest.mark.parametrize(
    "agent",
    [None, 1001, True, ["1001"], "1001\r\nAction: Logoff", "x" * 999],
    ids=["none", "int", "true", "list", "injection", "long"],
)
def test_an_agent_of_a_wrong_form(
    tmp_path_factory: pytest.TempPathFactory, kind: str, agent: Any
) -> None:
    one = order(kind, {}, agent=agent)
    written, sent, facts = play(tmp_path_factory, [one])
    check_wire(written, sent)
    assert results(facts)[one["id"]]["ok"] is (kind == "check")


def test_the_runner_knows_what_the_fuzzer_tries(tmp_path: Path) -> None:
    """Guards this file: the kinds come from the runner itself."""
    assert {"dial", "sign_in", "set_state", "hangup"} <= set(kinds(tmp_path))


@FUZZ
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "agents": st.one_of(
                values,
                st.lists(
                    st.fixed_dictionaries(
                        {"agent": st.one_of(texts, values)},
                        optional={
                            "session": values,
                            "device": st.one_of(st.sampled_from(["desk", "mobile"]), values),
                            "extension": st.one_of(texts, values),
                            "queues": st.one_of(
                                values,
                                st.lists(st.fixed_dictionaries({"queue": texts}), max_size=2),
                            ),
                        },
                    ),
                    max_size=3,
                ),
            ),
            "queues": st.one_of(
                values,
                st.lists(
                    st.fixed_dictionaries(
                        {"queue": texts},
                        optional=dict.fromkeys(
                            ("strategy", "ring_s", "music", "weight", "max_wait_s"), values
                        ),
                    ),
                    max_size=3,
                ),
            ),
            "extensions": st.one_of(
                values,
                st.lists(
                    st.fixed_dictionaries(
                        {
                            "extension": st.one_of(texts, st.just("w1")),
                            "kind": st.one_of(st.just("desk"), values),
                            "secret": st.one_of(texts, st.just("goodsecret")),
                        },
                        optional={"name": st.one_of(texts, values), "agent": values},
                    ),
                    max_size=3,
                ),
            ),
            "settings": st.one_of(
                values,
                st.dictionaries(
                    st.sampled_from(["trunk", "dial_prefix", "caller_id", "record", "country"]),
                    values,
                ),
            ),
        },
    )
)
@example({"agents": [{"agent": "1001", "session": 1, "device": None, "extension": "2001"}]})
@example({"queues": [{"queue": "\ud800"}], "settings": {"country": "\ud800"}})
@example({"settings": {"trunk": [None]}})
@example({"queues": [{"queue": "q1", "strategy": ["ringall"], "ring_s": 1e308}]})
def test_any_intent(tmp_path_factory: pytest.TempPathFactory, intent: dict[str, Any]) -> None:
    """An intent full of mischief: the files stay files of ours, and the next start stands."""
    folder = tmp_path_factory.mktemp("i")

    async def twice() -> tuple[bytes, int]:
        written, sent, _facts = await run(folder, [], intent)
        # what was kept is read at the next start
        bridge = Bridge(settings_in(folder))
        try:
            bridge.agents.set_intent(bridge.intent)
            bridge.agents.restore(bridge.spool.states("agent:").values())
        finally:
            await bridge.agents.close()
            bridge.spool.close()
        return written, sent

    logging.disable(logging.CRITICAL)
    try:
        check_wire(*in_loop(twice()))
    finally:
        logging.disable(logging.NOTSET)
    check_files(folder / "etc")


#: Every line that a generated file may hold beside those of an empty intent.
LINES = re.compile(
    r"|".join(
        [
            r"",
            r"\[[A-Za-z0-9][A-Za-z0-9_-]*\](\([!a-z,-]+\))?",
            r"(auth|aors|username) = [A-Za-z0-9_]+",
            r"password = [A-Za-z0-9._~!@%^*()+=-]+",
            r'callerid = "[^"\\\r\n;\[\]<>&,$]*" <[A-Za-z0-9_]+>',
            r"[a-z-]+ = [A-Za-z0-9_-]+",
            r"exten => _?\+?[0-9]*X*!?,1,Return\([0-39]\)",
            r"exten => _X+,1,Gosub\(cc-level,\+[0-9]{1,3}\$\{EXTEN\},1\)",
            r" same => n,Return\(\$\{GOSUB_RETVAL\}\)",
            r"exten => [A-Za-z0-9_]+,1,NoOp\(\)",
            r"exten => [0-9]+,hint,[A-Za-z0-9/:&_]+",
            r"exten => (?P<queue>[A-Za-z0-9][A-Za-z0-9_-]+),1,Goto\(cc-queue,(?P=queue),1\)",
        ]
    )
)


def check_files(folder: Path) -> None:
    """No line that mischief could have written."""
    empty = generate({})
    for name in ("cc_pjsip.conf", "cc_queues.conf", "cc_hints.conf"):
        constant = set(empty[name].split("\n"))
        for line in (folder / name).read_text("utf-8").split("\n"):
            assert line in constant or LINES.fullmatch(line), (name, line)
