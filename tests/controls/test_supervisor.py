# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A supervisor listens, whispers, joins in, takes over: TEL-21."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from line_fixtures import KINDS, Talk, hear
from line_rig import LineRig, eventually


@pytest.mark.parametrize("kind", KINDS)
def test_from_listening_to_taking_over(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    lea = rig.desk("1004")
    one.does("whisper", "no_call", agent="1004")
    one.does("listen", agent="1004", of="1001")
    lea.answer()
    ears = {"ann": one.ann, "lea": lea, "customer": one.customer}
    both = {"ann": {"customer"}, "customer": {"ann"}}
    hear({**both, "lea": {"ann", "customer"}}, **ears)
    eventually(lambda: [x["mode"] for x in one.call["legs"]][-1] == "listen")
    one.does("whisper", agent="1004")
    hear({"ann": {"customer", "lea"}, "customer": {"ann"}, "lea": {"ann", "customer"}}, **ears)
    eventually(lambda: [x["mode"] for x in one.call["legs"]][-1] == "whisper")
    one.does("listen", agent="1004", of="1001")
    hear({**both, "lea": {"ann", "customer"}}, **ears)
    one.does("barge", agent="1004")
    hear({name: set(ears) - {name} for name in ears}, **ears)
    eventually(lambda: [x["mode"] for x in one.call["legs"]][-1] == "talk")
    one.does("takeover", agent="1004")
    hear({"lea": {"customer"}, "customer": {"lea"}}, lea=lea, customer=one.customer)
    eventually(lambda: rig.state("1001") != "on_call")
    one.hold_and_back("1004")
    hear({"lea": {"customer"}, "customer": {"lea"}}, lea=lea, customer=one.customer)
    one.does("hangup", agent="1004")
    call = one.ended()
    assert one.transfers() == [("pickup", "1004", "1004", True)]
    assert call["ended_by"] == "agent"
    assert [(x["role"], x["number"]) for x in call["legs"]][-1] == ("agent", "1004")


def test_take_over_at_once(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    lea = rig.desk("1004")
    one.does("listen", agent="1004", of="1001")
    lea.answer()
    eventually(lambda: one.parties()[-1] == ("supervisor", "1004"))
    one.does("takeover", agent="1004")
    hear({"lea": {"customer"}, "customer": {"lea"}}, lea=lea, customer=one.customer)
    one.customer.hang_up()
    one.ended()
    assert one.transfers() == [("pickup", "1004", "1004", True)]


def test_a_supervisor_leaves_unheard(rig: LineRig, talk: Callable[..., Talk]) -> None:
    one = talk("queue")
    lea = rig.desk("1004")
    one.does("listen", agent="1004", of="1001")
    lea.answer()
    eventually(lambda: one.parties()[-1] == ("supervisor", "1004"))
    lea.hang_up()
    hear({"ann": {"customer"}, "customer": {"ann"}}, ann=one.ann, customer=one.customer)
    one.does("hangup")
    call = one.ended()
    assert call["transfers"] == []
    assert all(a["target"] != "1004" for a in call["attempts"])
