# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Any bytes, cut anywhere, through the protocol that the bridge uses: nothing raises, what follows is read."""

import asyncio
import itertools
import logging
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from loops import in_loop

from cc_bridge.ami.protocol import LONGEST, BridgeProtocol

from .material import FUZZ, NAMES, texts

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.ended = False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.ended

    def close(self) -> None:
        self.ended = True

    def abort(self) -> None:
        self.ended = True


class Line:
    """A protocol on such a transport, its events kept."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.wire = Wire()
        self.protocol = BridgeProtocol(self._event, lambda: None, lambda *_: None)
        self.protocol.connection_made(self.wire)
        self.protocol.data_received(BANNER)

    def _event(self, event: dict[str, Any]) -> None:
        # the parser's own addition, empty for events
        self.events.append({k: v for k, v in event.items() if k != "content"})

    def hear(self, data: bytes, cuts: list[int]) -> None:
        """The data in pieces, cut at these places."""
        places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
        for begin, end in itertools.pairwise(places):
            if end > begin:
                self.protocol.data_received(data[begin:end])


headers = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(
                ["Event", "Response", "ActionID", "EventList", "Uniqueid", "Message", "Result"]
            ),
            st.text(st.characters(codec="utf-8", exclude_characters="\r\n:"), max_size=10),
        ),
        texts,
    ),
    max_size=8,
)


@FUZZ
@given(st.binary(max_size=400), st.lists(st.integers(0, 500), max_size=6))
@example(b"\xff\xfe\xc3", [1, 2])
@example(b"\r\n\r\n\r\n\r\n: \r\n\r\nEvent\r\n\r\n", [])
@example(b"Response: Follows\r\n\r\n", [])
def test_any_bytes_in_any_pieces(data: bytes, cuts: list[int]) -> None:
    """After whatever came, the next whole message is read."""
    line = Line()
    line.hear(data, cuts)
    line.hear(b"\r\n\r\nEvent: Sentinel\r\nN: 1\r\n\r\n", cuts)
    assert line.events[-1] == {"Event": "Sentinel", "N": "1"}
    assert not line.wire.ended


@FUZZ
@given(headers, st.lists(st.integers(0, 2000), max_size=6))
@example([("ActionID", "1"), ("ActionID", "2"), ("Event", "X")], [])
@example([("Event", "A"), ("Event", "B"), ("ActionID", "@")], [])
@example([("Response", "Success"), ("ActionID", "@"), ("ActionID", "@")], [])
def test_any_headers(pairs: list[tuple[str, str]], cuts: list[int]) -> None:
    """Headers doubled, missing or nonsense; "@" names the action that waits."""

    async def play() -> None:
        line = Line()
        line.protocol.request({"Action": "QueueStatus"}, multi=True)
        name = next(iter(line.protocol.responses))
        block = "".join(f"{key}: {name if value == '@' else value}\r\n" for key, value in pairs)
        line.hear(block.encode(errors="surrogatepass") + b"\r\n", cuts)
        line.hear(b"\r\n\r\nEvent: Sentinel\r\nN: 1\r\n\r\n", cuts)
        assert line.events[-1] == {"Event": "Sentinel", "N": "1"}

    in_loop(play())


@pytest.mark.parametrize("name", [n for n in NAMES if "\r" not in n], ids=lambda n: repr(n[:20]))
def test_a_name_stays_in_its_header(name: str) -> None:
    """What has no line break of its own makes no header of its own."""
    line = Line()
    line.hear(f"Event: Newchannel\r\nCallerIDName: {name}\r\nUniqueid: 1.2\r\n\r\n".encode(), [])
    [event] = line.events
    assert (event["CallerIDName"], event["Uniqueid"]) == (name, "1.2")


def test_broken_utf8_shows() -> None:
    """A name in Latin-1: its letters are not lost without a trace, the header behind it is whole."""
    line = Line()
    line.hear(b"Event: X\r\nCallerIDName: Jos\xe9 \xff\r\nUniqueid: 1.2\r\n\r\n", [25, 26])
    assert line.events == [{"Event": "X", "CallerIDName": "Jos\ufffd \ufffd", "Uniqueid": "1.2"}]


def test_a_message_without_an_end_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    """It may cost the connection, which is made anew, but never the bridge's memory."""
    line = Line()
    with caplog.at_level(logging.ERROR):
        line.protocol.data_received(b"x" * (LONGEST - 1000))
        assert not line.wire.ended
        line.protocol.data_received(b"x" * 1001)
    assert line.wire.ended
    assert "no end" in caplog.text
