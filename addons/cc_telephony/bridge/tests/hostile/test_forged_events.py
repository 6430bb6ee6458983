# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``sip:1%0d%0aEvent%3a%20…@`` as a caller's or a dialled address: Asterisk 22 writes its line breaks into AMI events.

What such a stranger writes stays in its header; no event and no header is theirs. The bytes are those of a real
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
    "CallerIDNum: {number}\r\nCallerIDName: {name}\r\nConnectedLineNum: {other}\r\n"
    "ConnectedLineName: {other_name}\r\nLanguage: en\r\nAccountCode: \r\nContext: from-pstn\r\n"
    "Exten: {exten}\r\nPriority: 1\r\nUniqueid: hst-1.3\r\nLinkedid: hst-1.3\r\n\r\n"
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


QUIET = {
    "number": "10086",
    "name": "ok",
    "other": "<unknown>",
    "other_name": "<unknown>",
    "exten": "100",
}


def check(values: dict[str, str], cuts: list[int], event: str = EVENT) -> None:
    """The event is heard as it was meant, with blanks for line breaks, and the next one after it."""
    line = Line()
    values = {**QUIET, **values}
    whole = event.format(kind="Newchannel", **values)
    line.hear((whole + AFTER).encode(), cuts)
    assert [e["Event"] for e in line.events] == ["Newchannel", "Sentinel"]
    first, last = line.events
    assert last == {"Event": "Sentinel", "Privilege": "call,all", "N": "1"}
    calm = {name: re.sub(r"[\r\n]+", " ", value) for name, value in values.items()}
    expected = event.format(kind="Newchannel", **calm)
    assert first == dict(h.partition(": ")[::2] for h in expected.strip().split("\r\n"))


@pytest.mark.parametrize("number", FORGED)
@pytest.mark.parametrize("cuts", [[], [150, 190, 200]])
def test_a_callers_number_forges_nothing(number: str, cuts: list[int]) -> None:
    assert len(number) <= LONGEST_NUMBER
    check({"number": number}, cuts)


@pytest.mark.parametrize("number", FORGED)
def test_nor_in_the_events_of_the_other_side(number: str) -> None:
    """The agent's channel names the caller as the connected line."""
    check({"number": "1001", "other": number}, [])
    check({"number": number, "other": number}, [])


def test_the_longest_imitation_hurts_its_author_only() -> None:
    """Headers that look like those behind the number: their own name is lost, no event or id is theirs."""
    number = (
        "1\r\nCallerIDName: \r\nConnectedLineNum: \r\nConnectedLineName: \r\nLanguage: \r\n\r\n"
    )
    assert len(number) <= LONGEST_NUMBER
    line = Line()
    text = EVENT.format(kind="Newchannel", **{**QUIET, "number": number}) + AFTER
    line.hear(text.encode(), [])
    assert [e["Event"] for e in line.events] == ["Newchannel", "Sentinel"]
    assert line.events[0]["Uniqueid"] == line.events[0]["Linkedid"] == "hst-1.3"


#: events that say whom somebody is sent to, as Asterisk 22 writes them
HEAD = EVENT.removesuffix("\r\n")
DEST = "".join(f"Dest{line}\r\n" for line in SNAPSHOT.strip().split("\r\n"))
SENT_ON = {
    "DialEnd": f"{HEAD}{DEST}Forward: {{sent}}\r\nDialStatus: CANCEL\r\n\r\n",
    "BlindTransfer": HEAD
    + "BridgeUniqueid: b1\r\nIsExternal: Yes\r\nContext: from-pstn\r\nExtension: {sent}\r\n\r\n",
}
FORGED_END = "9\r\nDialStatus: X\r\n\r\nEvent: Hangup\r\nUniqueid: hst-9.9"


@pytest.mark.parametrize("kind", SENT_ON)
@pytest.mark.parametrize("sent", [*FORGED, FORGED_END, "1002", "9" * 79])
@pytest.mark.parametrize("cuts", [[], [150, 190, 600]])
def test_whom_somebody_is_sent_to_forges_nothing(kind: str, sent: str, cuts: list[int]) -> None:
    """A 302 with ``Contact: <sip:9%0d%0a%0d%0aEvent%3a%20Hangup…>``, or a REFER, from a phone or from the line."""
    line = Line()
    # no event of a PBX is shorter than a number can be
    after = AFTER.replace("N: 1", f"Timestamp: 1795318848.648113\r\nSystemName: hst\r\nN: {1:030}")
    line.hear((SENT_ON[kind].format(kind=kind, sent=sent, **QUIET) + after).encode(), cuts)
    assert [e["Event"] for e in line.events] == [kind, "Sentinel"]
    said = line.events[0].get("Forward" if kind == "DialEnd" else "Extension", "")
    assert str(said).split() == sent.split()
    assert line.events[0]["Uniqueid"] == "hst-1.3" and int(str(line.events[1]["N"])) == 1


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
    check({"number": number.strip("\r\n")}, cuts)


@pytest.mark.parametrize("name", ["CallerIDNum: ", "x CallerIDNum: 1", "Event: Hangup"])
def test_a_name_that_looks_like_a_header_holds_nothing_up(name: str) -> None:
    """A display name may hold any words, but no line break."""
    line = Line()
    text = EVENT.format(kind="Newchannel", **{**QUIET, "name": name})
    line.hear((text + AFTER).encode(), [])
    assert [e["Event"] for e in line.events] == ["Newchannel", "Sentinel"]
    assert line.events[0]["CallerIDName"] == name


#: What the number dialled may hold beside: it stands nearer to the event's end, so less must be imitated.
DIALLED = [
    *FORGED,
    "9\r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nUniqueid: hst-1795318523.1",
    "9\r\nPriority: 1\r\nUniqueid: hst-9.9\r\nLinkedid: hst-9.9",
    "9\r\nPriority: 1\r\nUniqueid: hst-9.9\r\nLinkedid: hst-9.9\r\n\r\nEvent: Hangup",
    "9\r\nPriority: 1\r\nUniqueid: 1\r\nPriority: 2\r\nUniqueid: 2",
    "9\r\nExten: 1\r\nPriority: 1",
]


@pytest.mark.parametrize("exten", DIALLED)
@pytest.mark.parametrize("cuts", [[], [300], [330, 360, 380]])
def test_the_number_dialled_forges_nothing(exten: str, cuts: list[int]) -> None:
    """``INVITE sip:9%0d%0a%0d%0aEvent%3a%20Hangup…`` ended a live call and left a ghost."""
    assert len(exten) <= LONGEST_NUMBER
    check({"exten": exten}, cuts)
    check({"exten": exten, "number": exten, "other": exten}, cuts)


@pytest.mark.parametrize("words", [*FORGED, "x\r\nConnectedLineNum: 1\r\n\r\nEvent: Hangup"])
@pytest.mark.parametrize("header", ["name", "other_name"])
def test_names_forge_nothing(header: str, words: str) -> None:
    """Where a name imitates its own header nobody can say which words are the number's: both are the stranger's."""
    line = Line()
    line.hear((EVENT.format(kind="Newchannel", **{**QUIET, header: words}) + AFTER).encode(), [])
    assert [e["Event"] for e in line.events] == ["Newchannel", "Sentinel"]
    quiet = EVENT.format(kind="Newchannel", **QUIET)
    expected = dict(h.partition(": ")[::2] for h in quiet.strip().split("\r\n"))
    theirs = {"CallerIDNum", "CallerIDName", "ConnectedLineNum", "ConnectedLineName"}
    told = line.events[0]
    assert {k: v for k, v in told.items() if k not in theirs} == {
        k: v for k, v in expected.items() if k not in theirs
    }
    assert all(isinstance(told[name], str) for name in theirs)
    assert not re.search(r"[\r\n]", "".join(told[name] for name in theirs))


@pytest.mark.parametrize("part", ["Dest", "LocalTwo", "Transferee", "OrigTransferer"])
@pytest.mark.parametrize("header", ["number", "name", "other", "other_name", "exten"])
def test_nor_in_events_of_two_channels(part: str, header: str) -> None:
    """Each channel in an event has its own headers; both sides are a stranger's."""
    other = "".join(f"{part}{line}\r\n" for line in SNAPSHOT.strip().split("\r\n"))
    head, blank, _ = EVENT.rpartition("\r\n")
    event = head + other.replace("{", "{").replace("hst-1.3", "hst-1.4") + blank
    for words in ("1\r\n\r\nEvent: Hangup\r\nUniqueid: hst-9.9", "9\r\nPriority: 1\r\nX: y"):
        check({header: words}, [], event)


@pytest.mark.parametrize("number", FORGED)
def test_nor_in_the_rows_of_a_queue(number: str) -> None:
    """What QueueStatus lists after a login."""
    row = (
        "Event: {kind}\r\nActionID: 7\r\nQueue: support\r\nPosition: 1\r\nChannel: PJSIP/trunk-1\r\n"
        "Uniqueid: hst-1.3\r\nCallerIDNum: {number}\r\nCallerIDName: {name}\r\n"
        "ConnectedLineNum: {other}\r\nConnectedLineName: {other_name}\r\nWait: 3\r\nPriority: 0\r\n\r\n"
    )
    check({"number": number}, [], row)


@FUZZ
@given(
    st.fixed_dictionaries(
        dict.fromkeys(
            QUIET,
            st.lists(
                st.sampled_from(
                    [
                        *("\r\n", "\r\n\r\n", "\n", "1", "Event: Hangup", "Uniqueid: hst-9.9"),
                        *("Priority: 1", "Exten: 1", "CallerIDName: x", "Linkedid: hst-9.9"),
                    ]
                ),
                max_size=9,
            ).map(lambda parts: "".join(parts)[:LONGEST_NUMBER].strip("\r\n")),
        )
    )
)
def test_whatever_all_of_them_are_made_of(values: dict[str, str]) -> None:
    """No event but the PBX's own, and no channel but the true one."""
    line = Line()
    line.hear((EVENT.format(kind="Newchannel", **values) + AFTER).encode(), [])
    assert [e["Event"] for e in line.events] == ["Newchannel", "Sentinel"]
    assert line.events[0]["Uniqueid"] == line.events[0]["Linkedid"] == "hst-1.3"


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
