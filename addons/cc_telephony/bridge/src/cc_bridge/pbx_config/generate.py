# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Configuration text from the intent. Pure: no files, no PBX.

Every value passes the encoder; an entry that is refused is left out and named in ``left_out``, so one
bad name never takes the others' phones away.
"""

import logging
from collections.abc import Mapping
from functools import partial
from importlib import resources
from typing import Any

from .. import encoder
from ..destinations import Destinations, level_of
from ..dialling import DialRules, typed
from .inbound import LONGEST, inbound

log = logging.getLogger(__name__)

_HEAD = "; Written by cc_bridge from Odoo's settings. Changes made here are lost.\n"
_STRATEGIES = frozenset(
    {
        "ringall",
        "leastrecent",
        "fewestcalls",
        "random",
        "rrmemory",
        "rrordered",
        "linear",
        "wrandom",
    }
)

_TEMPLATES = """\
[cc-endpoint](!)
type = endpoint
context = cc-phone
; a text message (MESSAGE) would run the dialplan like a call: there is no such context, so it is refused
message_context = cc-none
disallow = all
allow = ulaw,alaw
direct_media = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
dtmf_mode = rfc4733
language = en
moh_suggest = default
allow_subscribe = no
send_connected_line = yes
trust_id_inbound = no
rtp_timeout = 20
rtp_timeout_hold = 600
; a site's own lines for every phone (media_address and the like); the file may be missing
#tryinclude cc_pjsip_site.conf

[cc-browser](!,cc-endpoint)
allow = !all,opus,ulaw,alaw
webrtc = yes
max_audio_streams = 1
; a browser sends sound all the time, also muted: a page that died is noticed soon and called back
rtp_timeout = 5

[cc-auth](!)
type = auth
auth_type = digest

[cc-aor](!)
type = aor
max_contacts = 1
remove_existing = yes
qualify_frequency = 30
default_expiration = 300
support_path = no
"""


def generate(
    intent: Mapping[str, Any],
    devices: Mapping[str, str] | None = None,
    left_out: list[str] | None = None,
) -> dict[str, str]:
    """File name to text.

    :param intent: as in docs/architecture/http.md; missing lists count as empty
    :param devices: agent number to Asterisk device (``PJSIP/w1001``) as signed in right now; wins
        over the extension that the intent names
    :param left_out: gets a line for each entry that was refused
    """
    left_out = [] if left_out is None else left_out
    data = resources.files(__package__) / "data"
    return {
        "cc_extensions.conf": (data / "cc_extensions.conf").read_text("utf-8"),
        "cc_confbridge.conf": (data / "cc_confbridge.conf").read_text("utf-8"),
        "cc_pjsip.conf": pjsip(intent, left_out),
        "cc_queues.conf": queues(intent, left_out),
        "cc_hints.conf": hints(intent, devices or {}, left_out),
    }


def refuse(left_out: list[str], what: str, error: Exception) -> None:
    """Notes an entry that is left out, and why."""
    why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    log.error("left out: %s: %s", what, why)
    left_out.append(f"{what}: {why}")


def pjsip(intent: Mapping[str, Any], left_out: list[str]) -> str:
    """SIP endpoints: browsers and desk phones."""
    parts = [_HEAD, _TEMPLATES]
    for row in intent.get("extensions") or ():
        try:
            name = encoder.extension(row["extension"])
            secret = encoder.secret(row["secret"])
            kind = encoder.choice(row["kind"], frozenset({"browser", "desk"}))
            # a desk phone is whose is signed in there: cc-dialled says so, this would go on saying it
            own = kind == "browser" and row.get("agent")
            shown = encoder.agent(row["agent"]) if own else name
        except (encoder.Refused, KeyError) as error:
            refuse(left_out, f"phone {row.get('extension')!r}", error)
            continue
        template = "cc-browser" if kind == "browser" else "cc-endpoint"
        label = encoder.display(row.get("name") or name)
        parts.append(
            f"[{name}]({template})\nauth = {name}\naors = {name}\n"
            f'callerid = "{label}" <{shown}>\n'
            f"[{name}](cc-auth)\nusername = {name}\npassword = {secret}\n"
            f"[{name}](cc-aor)\n"
        )
    return "\n".join(parts)


def queues(intent: Mapping[str, Any], left_out: list[str]) -> str:
    """Queues without members: agents are added when they sign in."""
    parts = [_HEAD]
    for row in intent.get("queues") or ():
        try:
            parts.append(_queue(row))
        except (encoder.Refused, KeyError) as error:
            refuse(left_out, f"queue {row.get('queue')!r}", error)
    return "\n".join(parts)


def _queue(row: Mapping[str, Any]) -> str:
    seconds = encoder.seconds
    values: dict[str, object] = {
        "strategy": encoder.choice(row.get("strategy") or "rrmemory", _STRATEGIES),
        "musicclass": encoder.code(row.get("music") or "default"),
        "timeout": seconds(row.get("ring_s", 15), low=1, high=600),
        "retry": 1,
        # the bridge times the wrap-up by pausing, so that an agent can end it early
        "wrapuptime": 0,
        "maxlen": seconds(row.get("max_waiting") or 0),
        "weight": seconds(row.get("weight") or 0),
        "servicelevel": seconds(row.get("service_level_s") or 0),
        "ringinuse": "no",
        "autofill": "yes",
        "autopause": "no",
        "joinempty": "yes",
        "leavewhenempty": "no",
        "announce-position": "yes" if row.get("announce_position") else "no",
        "announce-frequency": seconds(row.get("announce_every_s") or 0)
        if row.get("announce_position")
        else 0,
        "announce-holdtime": "no",
        "setinterfacevar": "yes",
        "setqueuevar": "yes",
        "setqueueentryvar": "yes",
    }
    return f"[{encoder.code(row['queue'])}]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())


def hints(intent: Mapping[str, Any], devices: Mapping[str, str], left_out: list[str]) -> str:
    """One hint an agent: their device and the two marks that the dialplan sets while a call holds them.

    And the dialling rules and inbound routes, as dialplan.
    """
    settings = intent.get("settings") or {}
    rules = DialRules(settings, left_out)
    known = {str(row.get("agent")): device_of(row, rules) for row in intent.get("agents") or ()}
    known.update(devices)
    lines = [_HEAD, "[cc-hint]"]
    for number, device in sorted(known.items()):
        try:
            number = encoder.agent(number)
        except encoder.Refused as error:
            refuse(left_out, f"agent {number!r}", error)
            continue
        # what goes out by the trunk has no state of its own
        watched = [f"Custom:am{number}" if "@" in device else device] if device else []
        watched += [f"Custom:ag{number}", f"Custom:al{number}"]
        lines.append(f"exten => {number},hint,{'&'.join(watched)}")
    lines += ["", *rules.dialplan(), "", *typed(settings.get("country"))]
    lines += ["", *inbound(intent.get("routes") or (), partial(refuse, left_out))]
    lines += ["", *_digits(), "", *_names(intent)]
    lines += ["", *Destinations(settings, left_out).dialplan(), "", *_who(intent)]
    return "\n".join(lines) + "\n"


def _who(intent: Mapping[str, Any]) -> list[str]:
    """Who may call where: an agent's level, and the phones that are ours."""
    lines = ["[cc-role]"]
    for row in intent.get("agents") or ():
        try:
            number = encoder.agent(row["agent"])
        except (encoder.Refused, KeyError):
            continue  # named by the hints
        lines.append(f"exten => {number},1,Return({level_of(row.get('may', 'agent'))})")
    lines += ["exten => s,1,Return(0)", "exten => _X!,1,Return(0)", "", "[cc-own]"]
    for row in intent.get("extensions") or ():
        try:
            lines.append(f"exten => {encoder.extension(row['extension'])},1,NoOp()")
        except (encoder.Refused, KeyError):
            continue  # named by the phones
    return lines


def _digits() -> list[str]:
    """What a phone may dial as a number, a pattern for each length: only so nothing but these signs fits."""
    return [
        "[cc-digits]",
        *(
            f"exten => _[0-9+*#]{'[0-9*#]' * more},1,Goto(cc-dialled,${{EXTEN}},1)"
            for more in range(1, LONGEST)
        ),
    ]


def _names(intent: Mapping[str, Any]) -> list[str]:
    """The queues that a phone may dial by their names; those that are refused are named elsewhere."""
    found = []
    for row in intent.get("queues") or ():
        try:
            code = encoder.code(row["queue"])
        except (encoder.Refused, KeyError):
            continue
        if not code.isdigit():
            found.append(f"exten => {code},1,Goto(cc-queue,{code},1)")
    return ["[cc-names]", *sorted(set(found))]


def device_of(row: Mapping[str, Any], rules: DialRules | None = None) -> str:
    """The Asterisk device that an agent's row of the intent means, or an empty string.

    A mobile is reached through a line by its number and the dialling rules; everything else is a SIP endpoint.
    """
    extension = row.get("extension")
    if not extension:
        return ""
    try:
        if row.get("device") == "mobile":
            return (rules or DialRules({})).outside(extension).device
        return f"PJSIP/{encoder.extension(extension)}"
    except encoder.Refused as error:
        log.error("device left out: %s", error)
        return ""
