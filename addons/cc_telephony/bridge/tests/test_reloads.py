# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which registrations mean that a browser's page is gone, and what is ended then."""

from typing import Any

import pytest
from loops import in_loop

from cc_bridge.calls import CallModel
from cc_bridge.phones.reloads import Reloads, page_of
from cc_bridge.tasks import Tasks

OLD = "sip:ga9d9tt1@127.0.0.1:40522;transport=WS;x-ast-orig-host=euig6nuhhupr.invalid:0"
OLD_AGAIN = "sip:ga9d9tt1@127.0.0.1:51333;transport=WS;x-ast-orig-host=euig6nuhhupr.invalid:0"
NEW = "sip:ndgp002a@127.0.0.1:59246;transport=WS;x-ast-orig-host=34n95b89ukaf.invalid:0"
DESK = "sip:2001@192.0.2.7:5060"


class Pbx:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, str]] = []

    async def action(self, message: dict[str, Any], **_kwargs: Any) -> None:
        assert message["Action"] == "Hangup"
        self.ended.append((message["Channel"], message["Cause"]))


def contact(uri: str, status: str, extension: str = "w1001") -> dict[str, str]:
    return {"Event": "ContactStatus", "URI": uri, "ContactStatus": status, "AOR": extension}


def ended_after(*events: dict[str, str]) -> list[tuple[str, str]]:
    async def run() -> list[tuple[str, str]]:
        pbx, calls = Pbx(), CallModel()
        reloads = Reloads(pbx, calls.live, Tasks())  # type: ignore[arg-type]
        for uid, name, state in (
            ("1", "PJSIP/w1001-00000001", "Up"),
            ("2", "PJSIP/w1001-00000002", "Ringing"),
            ("3", "PJSIP/w1002-00000003", "Up"),
            ("4", "PJSIP/2001-00000004", "Up"),
        ):
            calls.feed(
                {
                    "Event": "Newchannel",
                    "Uniqueid": uid,
                    "Channel": name,
                    "ChannelStateDesc": state,
                }
            )
        for event in events:
            reloads.feed(event)
        await reloads.close()
        return pbx.ended

    return in_loop(run())


def test_another_page_ends_what_the_old_one_held() -> None:
    assert ended_after(
        contact(OLD, "NonQualified"),
        contact(OLD, "Reachable"),
        contact(OLD, "Removed"),
        contact(NEW, "NonQualified"),
        contact(NEW, "Reachable"),
    ) == [("PJSIP/w1001-00000001", "44"), ("PJSIP/w1001-00000002", "27")]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([contact(NEW, "NonQualified")], id="the first that is seen"),
        pytest.param(
            [contact(OLD, "Reachable"), contact(OLD, "Removed"), contact(OLD_AGAIN, "Reachable")],
            id="the same page over a new connection",
        ),
        pytest.param([contact(OLD, "Reachable"), contact(OLD, "Removed")], id="gone, not back"),
        pytest.param(
            [contact(DESK, "Reachable", "2001"), contact(DESK + "9", "Reachable", "2001")],
            id="a desk phone at another address",
        ),
        pytest.param(
            [contact(OLD, "Reachable", "w1002"), contact(NEW, "Reachable", "w1001")],
            id="another agent's page",
        ),
        pytest.param([contact("", "Reachable"), contact("rubbish", "Reachable")], id="rubbish"),
    ],
)
def test_calls_go_on(events: list[dict[str, str]]) -> None:
    assert ended_after(*events) == []


def test_page_of_a_browser_only() -> None:
    assert page_of(OLD) == page_of(OLD_AGAIN) != page_of(NEW)
    assert page_of(DESK) is None
