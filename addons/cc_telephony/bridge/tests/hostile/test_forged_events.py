# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``sip:1%0d%0aEvent%3a%20…@`` as a caller's address: Asterisk 22 writes its line breaks into AMI events.

What such a stranger writes stays in the number; no event and no header is his. The bytes are those of a real
Asterisk 22.10 that was called so (whole-system test: tests/system/test_hostile.py).
"""

import re
from typing import Any

import pytest
from calls import streams
from hypothesis import given
from hypothesis import strategies as st

from .material import FUZZ
from .test_ami_frames import Line

#: Asterisk keeps so much of a number (AST_CHANNEL_NAME less one).
LONGEST_NUMBER = 79
SNAPSHOT = (
    "Channel: PJSIP/trunk-00000003\r\nChannelState: 4\r\nChannelStateDesc: Ring\r\n"
    "CallerIDNum: {number}\r\nCallerIDName: ok\r\nConnectedLineNum: {other}\r\n"
    "ConnectedLineName: <unknown>\r\nLanguage: en\r\nAccountCode: \r\nContext: from-pstn\r\n"
    "Exten: 100\r\nPriority: 1\r\nUniqueid: hst-1.3\r\nLinkedid: hst-1.3\r\n\r\n"
)
EVENT = (
    "Event: {kind}\r\nPrivilege: call,all\r\nTimestamp: 1795318848.648113\r\nSystemName: hst\r\n"
    + SNAPSHOT
)
FORGED = [
    "1\r\nInjected: yes",
    "1\r\n\r\nEvent: Forged\r\nUniqueid: 1",
    "1\r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nUniqueid: hst-1795318523.1",
    "1\r\nUniqueid: hst-9.9\r\nLinkedid: hst-9.9",
    "1\r\n\r\nEvent: Hangup\r\nUniqueid: hst-9.9\r\nCallerIDNum: ",
    "1\r\nCallerIDName: \r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nCallerIDNum: ",
    "1\r\n\r\nResponse: Success\r\nActionID: x",
    "1\n\nEvent: X",
    "\r\n\r\n",
    "1\r",
    "CallerIDNum: 2\r\nCallerIDName: 3",
]
AFTER = "Event: Sentinel\r\nPrivilege: call,all\r\nN: 1\r\n\r\n"


def check(number: str, other: str, cuts: list[int]) -> None:
    line = Line()
    whole = EVENT.format(kind="Newchannel", number=number, other=other)
    line.hear((whole + AFTER).encode(), cuts)
    first, last = line.events
    assert last == {"Event": "Sentinel", "Privilege": "call,all", "N": "1"}
    expected = EVENT.format(
        kind="Newchannel",
        number=re.sub(r"[\r\n]+", " ", number),
        other=re.sub(r"[\r\n]+", " ", other),
    )
    headers = dict(h.partition(": ")[::2] for h in expected.strip().split("\r\n"))
    assert first == headers


@pytest.mark.parametrize("number", FORGED)
@pytest.mark.parametrize("cuts", [[], [150, 190, 200]])
def test_a_callers_number_forges_nothing(number: str, cuts: list[int]) -> None:
    assert len(number) <= LONGEST_NUMBER
    check(number, "<unknown>", cuts)


@pytest.mark.parametrize("number", FORGED)
def test_nor_in_the_events_of_the_other_side(number: str) -> None:
    """The agent's channel names the caller as the connected line."""
    check("1001", number, [])
    check(number, number, [])


def test_the_longest_imitation_hurts_its_author_only() -> None:
    """Headers that look like those behind the number: his own name is lost, no event or id is his."""
    number = (
        "1\r\nCallerIDName: \r\nConnectedLineNum: \r\nConnectedLineName: \r\nLanguage: \r\n\r\n"
    )
    assert len(number) <= LONGEST_NUMBER
    line = Line()
    text = EVENT.format(kind="Newchannel", number=number, other="<unknown>") + AFTER
    line.hear(text.encode(), [])
    assert [e["Event"] for e in line.events] == ["Newchannel", "Sentinel"]
    assert line.events[0]["Uniqueid"] == line.events[0]["Linkedid"] == "hst-1.3"


@FUZZ
@given(
    st.lists(
        st.sampled_from(
            ["\r\n", "\r\n\r\n", "\n", "Event: X", "Uniqueid: 1", "CallerIDNum: ", "1"]
        ),
        max_size=14,
    ).map(lambda parts: "".join(parts)[:LONGEST_NUMBER]),
    st.lists(st.integers(0, 700), max_size=4),
)
def test_whatever_it_is_made_of(number: str, cuts: list[int]) -> None:
    check(number.strip("\r\n"), "<unknown>", cuts)


@pytest.mark.parametrize("name", ["CallerIDNum: ", "x CallerIDNum: 1", "Event: Hangup"])
def test_a_name_that_looks_like_a_header_holds_nothing_up(name: str) -> None:
    """A display name may hold any words, but no line break."""
    line = Line()
    text = EVENT.format(kind="Newchannel", number="1", other="2").replace(": ok", f": {name}")
    line.hear((text + AFTER).encode(), [])
    assert [e["Event"] for e in line.events] == ["Newchannel", "Sentinel"]
    assert line.events[0]["CallerIDName"] == name


def _bytes(event: dict[str, Any]) -> str:
    lines = []
    for name, value in event.items():
        lines += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value])]
    return "\r\n".join(lines) + "\r\n\r\n"


@pytest.mark.parametrize("name", streams.names())
def test_what_asterisk_writes_is_taken_at_once(name: str) -> None:
    """No event of a recorded call is changed or waited for: all kinds there are pass the same check."""
    line = Line()
    for event in streams.events(name):
        # blanks at a value's end are no one's: the parser strips them
        event = {
            k: v.rstrip(" ") if isinstance(v, str) else v
            for k, v in event.items()
            if not k.startswith("_")
        }
        if any("\n" in str(v) for v in event.values()) or event.get("content"):
            continue
        event.pop("content", None)
        line.events.clear()
        line.protocol.data_received(_bytes(event).encode())
        assert len(line.events) == 1, event["Event"]
        # of the last header the parser takes blanks at its end away, and the header when it is empty
        heard, last = line.events[0], list(event)[-1]
        assert heard.get(last, "") == (
            event[last].rstrip() if isinstance(event[last], str) else event[last]
        )
        assert {**event, **heard, last: event[last]} == event
