# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Mischief end to end, on the real PBX and in the real browser: text, a refusal, and the rest goes on."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, recordings
from playwright.sync_api import expect
from stranger import Stranger
from tap import Tap

from cc_stack.customers import Customer
from cc_stack.stack import Stack

MARKS = "\u202e\u200f"
# Asterisk keeps 79 bytes of a name
NAME = "<script>ccHostile=1</script><img src=x onerror=ccHostile=2>\"' {{7*7}}"


def test_a_hostile_name_is_text(stack: Stack, desk: Callable[..., Desk]) -> None:
    """CRM-01: scripts, quotes and right-to-left marks in a caller's name, from SIP to card, page and log."""
    ann = desk("ann")
    dialogs: list[str] = []
    ann.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    ann.sign_in("browser")
    ann.choose_state("ready")
    began = time.time()
    # nobody whom an earlier run made known
    number = f"+86138{int(began) % 100_000_000:08d}"
    customer = Customer(stack.settings, number, "100")
    # as it stands in the SIP header: quotes and backslashes are escaped there
    customer.display = MARKS + NAME.replace('"', r"\"")
    customer.call()
    ann.expect_card(NAME)
    ann.answer()
    ann.expect_talking()
    ann.expect_sound()
    ann.hang_up()
    ann.expect_state("wrap_up")
    customer.wait_end(PATIENCE_S)
    [call] = eventually(lambda: [c for c in calls(stack, number, began) if c.state == "ended"])
    [[kept]] = ask(stack, f"SELECT caller_name FROM cc_call WHERE id = {call.id}")
    # marks that turn the text around are taken out: nobody shall read a name backwards
    assert kept == NAME
    eventually(lambda: [r for r in recordings(stack, call.id) if r["state"] == "stored"])

    ann.page.goto(f"{stack.settings.url}/odoo/cc.call/{call.id}")
    expect(ann.page.locator(".o_form_view")).to_contain_text("<script>ccHostile=1</script>")
    ann.page.goto(f"{stack.settings.url}/odoo/action-cc_telephony.cc_call_action")
    expect(ann.page.locator(".o_list_view")).to_be_visible()
    assert ann.page.evaluate("window.ccHostile") is None
    assert dialogs == []
    assert not ann.errors


@pytest.fixture
def tap(stack: Stack) -> Iterator[Tap]:
    """The bridge speaks to its PBX through us."""
    one = Tap(stack.settings.ports.ami)
    stack.bridge.stop()
    stack.bridge.ami_port = one.port
    stack.bridge.up()
    yield one
    stack.bridge.stop()
    stack.bridge.ami_port = stack.settings.ports.ami
    stack.bridge.up()
    one.close()


def test_no_number_says_more_than_a_number(
    stack: Stack, ben: Desk, tap: Tap, query: Callable[[str], list[list[str]]]
) -> None:
    """TEL-04: commands that nobody checked, put straight into Odoo's table, as a broken Odoo would hand them over.

    Neither AMI nor the dialplan does anything but what a number can ask for.
    """
    canary = stack.settings.run / "canary"
    canary.unlink(missing_ok=True)
    numbers = [
        f"1\r\n\r\nAction: Originate\r\nChannel: Local/100@from-pstn\r\nApplication: System\r\nData: touch {canary}",
        "1\nAction: Command\nCommand: core stop now",
        f"100,1,System(touch {canary})",
        f"${{SHELL(touch {canary})}}",
        f"1&Local/${{SHELL(touch {canary})}}@cc-phone",
        "PJSIP/2001",
        "100@cc-phone",
        "1;exten => s,1,Hangup()",
        "٣٤٥",
        "1" * 500,
        "",
    ]
    [[agent, pbx, user]] = query(
        "SELECT a.id, a.pbx_id, a.user_id FROM cc_agent a JOIN res_users u ON u.id = a.user_id"
        " WHERE u.login = 'ben'"
    )
    before = len(tap.actions())
    began = time.time()
    ids = []
    # no bell tells of them: they must last until the bridge looks by itself
    for number in numbers:
        for kind, args in (
            ("dial", {"number": number}),
            ("sign_in", {"device": "mobile", "extension": number, "session": 1}),
            ("set_state", {"state": number, "reason": number}),
        ):
            ids.append(str(uuid.uuid4()))
            text = json.dumps(args).replace("'", "''")
            query(
                "INSERT INTO cc_command (uuid, kind, args, pbx_id, agent_id, user_id, state, asked_at, expires_at)"
                f" VALUES ('{ids[-1]}', '{kind}', '{text}', {pbx}, {agent}, {user}, 'open',"
                " now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '600 s') RETURNING id"
            )
    listed = "', '".join(ids)
    done = eventually(
        lambda: (
            rows
            if len(
                rows := query(
                    f"SELECT kind, state, code FROM cc_command WHERE uuid IN ('{listed}') AND state <> 'open'"
                )
            )
            == len(ids)
            else None
        ),
        3 * PATIENCE_S,
    )
    assert {row[1] for row in done} == {"failed"}
    assert {row[2] for row in done if row[0] == "dial"} == {"bad_number"}
    asked = tap.actions()[before:]
    assert not [a for a in asked if a["Action"] in ("Originate", "Command", "Redirect")]
    assert not [a for a in asked if "SHELL" in str(a) or "System" in str(a)]
    assert not canary.exists()
    assert stack.asterisk.alive
    # what is a number is dialled, the same way
    ben.rpc("cc.agent", "command", "dial", {"number": "13800005812"}, None)
    eventually(lambda: [a for a in tap.actions()[before:] if a["Action"] == "Originate"])
    # asked for, it is not there yet
    eventually(lambda: "PJSIP/2001-" in stack.asterisk.cli("core show channels concise"))
    stack.asterisk.cli("channel request hangup all")
    eventually(lambda: [c for c in calls(stack, "+8613800005812", began) if c.state == "ended"])


def test_an_intent_writes_no_lines_of_its_own(
    stack: Stack, tap: Tap, query: Callable[[str], list[list[str]]]
) -> None:
    """Names and secrets past Odoo's own rules: left out, named on the PBX's page, and the others' phones work."""
    canary = stack.settings.run / "canary"
    canary.unlink(missing_ok=True)
    evil = f"x\n#exec touch {canary}\n[evil]\ntype=endpoint"
    [[extension, secret]] = query("SELECT id, secret FROM cc_extension WHERE code = '2002'")
    try:
        query(
            "INSERT INTO cc_queue SELECT (jsonb_populate_record(q, jsonb_build_object("
            f"'id', nextval('cc_queue_id_seq'), 'code', '{evil}'))).*"
            " FROM cc_queue q WHERE code = 'support' RETURNING id"
        )
        query(f"UPDATE cc_extension SET secret = '{evil}' WHERE id = {extension} RETURNING id")
        stack.bridge.stop()
        stack.bridge.up()
        eventually(
            lambda: query(
                "SELECT 1 FROM cc_pbx_cursor WHERE left_out LIKE '%2002%' AND left_out LIKE '%queue%'"
            )
        )
        for name in ("cc_pjsip.conf", "cc_queues.conf", "cc_hints.conf"):
            assert "evil" not in (stack.settings.pbx_generated / name).read_text(), name
        assert "2001" in stack.asterisk.cli("pjsip show endpoints")
        assert "evil" not in stack.asterisk.cli("pjsip show endpoints")
        assert "support" in stack.asterisk.cli("queue show support")
        assert not canary.exists()
    finally:
        query("DELETE FROM cc_queue WHERE code LIKE 'x%evil%' RETURNING id")
        query(f"UPDATE cc_extension SET secret = '{secret}' WHERE id = {extension} RETURNING id")


def test_a_strangers_address_forges_nothing(
    stack: Stack, query: Callable[[str], list[list[str]]]
) -> None:
    """Line breaks in the caller's number, function calls in it, broken UTF-8 in the name.

    Each call is in the log from its beginning to its end, and no event that the stranger wrote was believed.
    """
    canary = stack.settings.run / "canary"
    canary.unlink(missing_ok=True)
    [[last]] = query("SELECT coalesce(max(id), 0) FROM cc_call")
    victim = stack.customer("+8613911113333", "100")
    [[victims_call]] = eventually(
        lambda: query(f"SELECT id FROM cc_call WHERE id > {last} AND number_display <> ''")
    )
    [[channel]] = query(f"SELECT channels FROM cc_call_leg WHERE call_id = {victims_call} LIMIT 1")
    sip = stack.settings.ports.sip
    end = f"1%0d%0a%0d%0aEvent%3a%20Hangup%0d%0aUniqueid%3a%20{channel}"
    strangers = [
        Stranger(sip, end),
        Stranger(sip, "1%0d%0aUniqueid%3a%20" + channel),
        Stranger(sip, "1390000%24%7BSHELL(touch%20x)%7D"),
        Stranger(sip, "13900001111", name='"\\"</script> %00"'),
    ]
    for one in strangers:
        one.call()
    # what is no number reaches nobody (tests/controls/test_strangers.py)
    odd = Stranger(sip, "13900001111", to="100%24%7BSHELL(touch%20x)%7D")
    assert odd.call() == 404
    odd.socket.close()
    ids = eventually(
        lambda: (
            rows
            if len(rows := query(f"SELECT id FROM cc_call WHERE id > {victims_call}")) >= 4
            else None
        )
    )
    # the one whose end was forged is still waiting
    assert query(f"SELECT state FROM cc_call WHERE id = {victims_call}") == [["queued"]]
    for one in strangers:
        one.hang_up()
    victim.hang_up()
    victim.wait_end(PATIENCE_S)
    listed = ", ".join(row[0] for row in [[victims_call], *ids])
    eventually(
        lambda: not query(f"SELECT 1 FROM cc_call WHERE id IN ({listed}) AND state <> 'ended'")
    )
    log = stack.asterisk.queue_log.read_text(errors="replace")
    assert not [line for line in log.splitlines() if line.startswith(("Event", "Uniqueid"))]
    assert not canary.exists()
