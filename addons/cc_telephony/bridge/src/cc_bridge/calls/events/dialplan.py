# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the dialplan tells on purpose: variables, keys, user events. The model works without."""

from __future__ import annotations

from cc_contract.causes import Cause
from cc_contract.facts import words

from ...events import Event, clean
from ..channels import Channel
from ..records import MOST, Call
from ..world import World
from . import controls
from .bridge import to_music
from .channel import left_alone
from .dial import spy_mode

_RATED = {"1": "satisfied", "2": "neutral", "3": "dissatisfied"}
_SCORED = {
    "5": "satisfied",
    "4": "satisfied",
    "3": "neutral",
    "2": "dissatisfied",
    "1": "dissatisfied",
}
_OUTCOMES = words("call", "rating", "outcome")


# Applications in which a phone's call stays: what it dialled is not a person.
_MACHINES = frozenset(
    [
        "echo",
        "playback",
        "background",
        "backgrounddetect",
        "read",
        "record",
        "wait",
        "waitexten",
        "musiconhold",
        "milliwatt",
        "voicemail",
        "voicemailmain",
        "directory",
        "saydigits",
        "saynumber",
        "saytime",
        "dictate",
    ]
)


def newexten(w: World, e: Event) -> None:
    """A step of the dialplan: only what a supervisor's leg does, and life after a queue."""
    step = e.value("Extension", "Exten")
    ch = w.reg.find(e, create=step != "h")
    if ch is None:
        return
    if ch.in_progress and ch.incoming and not ch.nobody and w.reg.is_trunk(ch) and not w.over(ch):
        # its beginning was not told
        w.begin_from(ch)
    app = (e.value("Application") or "").lower()
    if app in ("chanspy", "extenspy"):
        ch.spy = spy_mode(e.value("AppData") or "")
    call = w.call(ch)
    if call is None and ch.incoming and app in _MACHINES and ch.uid in w.waiting:
        # a phone that talks to a machine; on its second line that is about the call it is in
        call = w.begin_from(ch)
    if call is None or ch.uid != call.customer:
        return
    if step == "h":
        ch.hung_up = True
        if not call.serving():
            # what the dialplan still does afterwards is no presence of theirs
            w.finish(call, cause=int(Cause.NORMAL_CLEARING))
        return
    if ch.asked:
        return
    if app == "queue":
        call.wants, call.wants_t = (
            (e.value("AppData") or "").partition(",")[0] or None,
            w.stamp(call),
        )
    elif call.wants and call.queue is None and not call.answered:
        # on with the dialplan: the queue did not take them
        call.queue, call.wants = call.wants, None
    left_alone(w, ch)


def varset(w: World, e: Event) -> None:
    """Variables that say whose a channel is."""
    name = (e.value("Variable") or "").lstrip("_").upper()
    if name not in _VARIABLES:
        return
    ch = w.reg.find(e, create=False)
    value = e.value("Value")
    if ch is None or value is None:
        return
    _VARIABLES[name](w, ch, value)


def _agent(w: World, ch: Channel, value: str) -> None:
    if ch.incoming and ch.agent is None and not ch.local and not w.reg.is_trunk(ch):
        # a phone that dials: first of all its own agent
        ch.agent = value
    # only a hint: an Originate for another party is given the acting agent's number too
    ch.agent_hint = value


def _room(w: World, ch: Channel, value: str) -> None:
    ch.room = value
    call = w.call(ch)
    if call is not None:
        if ch.uid in (call.root, call.customer) and call.room is None:
            call.room = value
            w.rooms[value] = call.call_uid
        return
    # an Originate into a call's room
    known = w.calls.get(w.rooms.get(value, ""))
    if known is not None and not known.ended and not ch.incoming:
        w.attach(known, ch)


def _call(w: World, ch: Channel, value: str) -> None:
    known = w.calls.get(value)
    if known is not None and not known.ended and w.call(ch) is None and not ch.nobody:
        w.attach(known, ch)


def _line(w: World, ch: Channel, value: str) -> None:
    ch.line = value
    call = w.call(ch)
    if call is not None and ch.uid in (call.root, call.customer) and call.line != value:
        call.line = value
        w.touch(call)


def _did(w: World, ch: Channel, value: str) -> None:
    call = w.call(ch)
    if call is not None and ch.uid == call.root and call.direction == "inbound":
        call.to_number = value
        w.touch(call)


def _queue_status(w: World, ch: Channel, value: str) -> None:
    call = w.call(ch)
    if call is None or ch.uid != call.customer or call.answered:
        return
    if value.upper() in _GIVEN_UP:
        call.in_queue = False
        call.overflow = True
        call.queue = call.queue or call.wants


_GIVEN_UP = frozenset(["TIMEOUT", "FULL", "JOINEMPTY", "LEAVEEMPTY", "JOINUNAVAIL", "LEAVEUNAVAIL"])
_VARIABLES = {
    "AGENT": _agent,
    "ROOM": _room,
    "CC_CALL": _call,
    "CC_LINE": _line,
    "CC_DID": _did,
    "QUEUESTATUS": _queue_status,
}


def key(w: World, e: Event) -> None:
    """A key pressed by the customer; before a human answers it steers the menu."""
    ch = w.reg.find(e, create=False)
    digit = e.value("Digit")
    call = w.call(ch)
    if call is None or ch is None or digit is None or ch.uid != call.customer:
        return
    if (e.value("Direction") or "Received").lower() != "received":
        return
    t = w.stamp(call)
    if call.rating_told:
        return
    if call.rating_open:
        _rate(w, call, digit[:1], _RATED.get(digit[:1], "wrong_key"))
    elif call.answered:
        call.after_key = digit[:1] if not call.serving() else None
        served = bool(call.serving())
        if len(call.ivr) < MOST and (served or (call.node is not None and not call.in_queue)):
            node = call.node if not served else "collect" if call.collecting else "talk"
            call.ivr.append({"t": t, "node": node, "key": digit[:1]})
            w.touch(call, "call.dtmf")
    elif call.direction != "outbound" and len(call.ivr) < MOST:
        left_alone(w, ch)
        call.ivr.append({"t": t, "node": call.node, "key": digit[:1]})
        call.key_t = t
        w.touch(call, "call.dtmf")


def user_event(w: World, e: Event) -> None:
    """``UserEvent`` of our dialplan, or of one that speaks likewise."""
    name = (e.value("UserEvent") or "").lower()
    handler = _USER.get(name.removeprefix("cc"))
    if handler is not None:
        ch = w.reg.find(e, create=False) or w.reg.by_name(e.value("Chan"))
        if ch is not None:
            handler(w, ch, e)


def _ivr(w: World, ch: Channel, e: Event) -> None:
    call = w.call(ch)
    if call is None or ch.uid != call.customer or len(call.ivr) >= MOST:
        return
    node, digit = e.value("Node", "Menu"), e.value("Key", "Digit")
    t = w.stamp(call)
    call.node = node or call.node
    last = call.ivr[-1] if call.ivr else None
    near = call.key_t is None or t is None or t - call.key_t < 2_000_000
    if digit is not None and last is not None and last["key"] == digit and near:
        # the key itself was heard already; the menu tells where it leads
        last["node"] = node or last["node"]
    else:
        call.ivr.append({"t": t, "node": node, "key": clean(digit)})
    call.key_t = None
    w.touch(call, "call.dtmf")


def _held(w: World, ch: Channel, e: Event) -> None:
    chan = w.reg.by_name(e.value("Chan")) or ch
    to_music(w, chan)


def _rating(w: World, ch: Channel, e: Event) -> None:
    call = w.call(ch)
    if call is None or ch.uid != call.customer:
        return
    digit = e.value("Key", "Score", "Digit")
    call.rating_told = call.rating_told or bool(e.value("Told"))
    told = (e.value("Outcome") or "").lower()
    if told in _OUTCOMES:
        _rate(w, call, digit, told)
    elif digit is not None:
        scale = _SCORED if e.value("Score") else _RATED
        _rate(w, call, digit, scale.get(digit, "wrong_key"))
    elif (
        call.after_key
        and not call.rating_told
        and "score" not in (e.value("UserEvent") or "").lower()
    ):
        _rate(w, call, call.after_key, _RATED.get(call.after_key, "wrong_key"))
    else:
        call.rating_open = True


def _rate(w: World, call: Call, digit: str | None, outcome: str) -> None:
    call.rating_open = False
    call.rating = {"outcome": outcome, "key": digit}
    w.stamp(call)
    w.touch(call, "call.rated")


def _after_queue(w: World, ch: Channel, e: Event) -> None:
    call = w.call(ch)
    if call is None:
        return
    call.in_queue = False
    if (e.value("Status") or "").upper() in _GIVEN_UP and not call.answered:
        call.overflow = True
        call.queue = call.queue or e.value("Queue")
    w.touch(call)


def _told(w: World, ch: Channel, e: Event) -> None:
    """What our dialplan says of a call as it begins, for streams without variables."""
    if line := e.value("Line"):
        _line(w, ch, line)
    if did := e.value("DID"):
        _did(w, ch, did)
    name, agent = (e.value("UserEvent") or "").lower(), e.value("Agent")
    ch.confirm = bool(e.value("Confirm"))
    if name == "ccout" and (number := e.value("Number")):
        # what was typed at the phone, as a number
        ch.exten = ch.wanted = number
        call = w.call(ch)
        if call is not None and ch.uid == call.root and not call.answered:
            call.to_number = number
    call = w.call(ch)
    if name == "ccqueue" and call is not None and ch.uid == call.customer and e.value("Rates"):
        call.rating_due = True
    if name in ("ccdirect", "ccfirst") and agent:
        ch.agent_hint = agent
    if name == "ccout" and agent and ch.agent is None and not ch.local:
        ch.agent = agent
    if room := e.value("Room"):
        _room(w, ch, room)


def _in_room(w: World, ch: Channel, e: Event) -> None:
    """An agent's leg goes into a call's room."""
    agent = e.value("Agent")
    if agent and not ch.local and ch.agent is None and not ch.incoming:
        ch.agent = agent
    if room := e.value("Room"):
        _room(w, ch, room)


def _out_of_hours(w: World, ch: Channel, e: Event) -> None:
    call = w.call(ch)
    if call is not None:
        call.out_of_hours = True


_USER = {
    "ivr": _ivr,
    "held": _held,
    "hold": _held,
    "rating": _rating,
    "satisfaction": _rating,
    "afterqueue": _after_queue,
    "outofhours": _out_of_hours,
    "queue": _told,
    "direct": _told,
    "out": _told,
    "first": _told,
    "room": _in_room,
    "closed": _out_of_hours,
    **controls.USER,
}

HANDLERS = {
    "Newexten": newexten,
    "VarSet": varset,
    "DTMFEnd": key,
    "UserEvent": user_event,
}
