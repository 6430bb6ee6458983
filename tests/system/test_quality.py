# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From a real call to an appealed score: QUA-03 to QUA-08, QUA-13, QUA-14, TEL-27."""

from __future__ import annotations

import time
from collections.abc import Callable

from at_the_bar import conversation
from axe import assert_no_faults
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask
from playwright.sync_api import expect
from rpc import Person

from cc_stack.asterisk import Ami
from cc_stack.stack import Stack


def template(boss: Person) -> int:
    """Two sub-items, 10 and 20 points, in a template that is in use."""
    item = boss.rpc(
        "create",
        {
            "name": "Service",
            "total": 30,
            "subitem_ids": [
                (0, 0, {"name": "Greeting", "maximum": 10, "sequence": 1}),
                (0, 0, {"name": "Answer", "maximum": 20, "sequence": 2}),
            ],
        },
        model="cc.quality.item",
    )
    return int(
        boss.rpc(
            "create",
            {"name": "System test", "line_ids": [(0, 0, {"item_id": item})], "enabled": True},
            model="cc.quality.template",
        )
    )


def test_from_call_to_appeal(stack: Stack, desk: Callable[..., Desk], ami: Ami) -> None:
    """Ann serves a customer, Ivy scores the call, Ann appeals, the manager decides."""
    boss = Person(stack, "admin")
    [queue] = boss.rpc("search", [("code", "=", "support")], model="cc.queue")
    boss.rpc(
        "write",
        [queue],
        {"rating_on": True, "rating_thanks": "", "rating_wait_s": 5, "rating_tries": 1},
        model="cc.queue",
    )
    [ivy] = boss.rpc("search", [("login", "=", "ivy")], model="res.users")

    # a real call, with both talking
    begun = time.time()
    talk = conversation(stack, desk, ami, "browser")
    talk.ann.expect_sound(300)  # six seconds of both
    talk.ann.hang_up()
    # asked for a rating and gone without one; the rating is told after the end
    [[call, rating]] = eventually(
        lambda: ask(
            stack,
            f"""SELECT id, rating FROM cc_call WHERE extract(epoch FROM started_at) > {begun - 3}
                AND state = 'ended' AND agent_id IS NOT NULL AND rating IS NOT NULL""",
        )
    )
    assert rating == "hung_up"
    # talk ended when the agent left, before the customer was asked
    [[talk, stayed, asked]] = ask(
        stack,
        f"""SELECT call.talk_s,
                   extract(epoch FROM leg.left_at - greatest(leg.joined_at, call.answered_at)),
                   extract(epoch FROM call.ended_at - leg.left_at)
            FROM cc_call call JOIN cc_call_leg leg ON leg.call_id = call.id AND leg.role = 'agent'
            WHERE call.id = {call}""",
    )
    assert float(asked) > 2
    assert abs(float(talk) - float(stayed)) < 0.1
    eventually(
        lambda: ask(
            stack, f"SELECT 1 FROM cc_recording WHERE call_id = {call} AND state = 'stored'"
        )
    )
    # measured in the background: both spoke
    [[agent_share, state]] = eventually(
        lambda: ask(
            stack,
            f"""SELECT m.agent_share, m.state FROM cc_recording_measure m
                JOIN cc_recording r ON r.id = m.recording_id WHERE r.call_id = {call}""",
        ),
        3 * PATIENCE_S,
    )
    assert state == "done"
    assert float(agent_share) > 5

    # drawn in the background
    listed = int(
        boss.rpc(
            "create",
            {
                "name": "System test",
                "template_id": template(boss),
                "rule": "per_agent",
                "count": 1,
                "date_from": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(begun)),
                "date_to": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(begun + 3600)),
            },
            model="cc.quality.list",
        )
    )
    boss.rpc("action_generate", [listed], model="cc.quality.list")
    eventually(
        lambda: ask(stack, f"SELECT state FROM cc_quality_list WHERE id = {listed}")
        == [["generated"]],
        3 * PATIENCE_S,
    )
    [[sheet, drawn]] = ask(
        stack, f"SELECT id, call_id FROM cc_quality_sheet WHERE list_id = {listed}"
    )
    assert drawn == call
    handout = boss.rpc(
        "create",
        {"list_id": listed, "inspector_ids": [(6, 0, [ivy])]},
        model="cc.quality.handout",
    )
    boss.rpc("action_hand_out", [handout], model="cc.quality.handout")

    # scored by somebody who hears it
    ivys = desk("ivy")
    ivys.page.goto(f"{stack.settings.url}/odoo/action-cc_quality.cc_quality_sheet_action_mine")
    ivys.page.locator(".o_data_row .o_data_cell").first.click()
    expect(ivys.page.locator(".o_cc_quality_player")).to_be_visible()
    ivys.page.locator(".o_cc_quality_play").click()
    ivys.page.wait_for_function(
        "() => { const a = document.querySelector('audio'); return a && a.currentTime > 0.5; }",
    )
    ivys.page.locator(".o_cc_quality_mark").click()
    expect(ivys.page.locator(".o_cc_quality_marks li")).to_have_count(1)
    ivys.page.locator("input[data-index='0']").fill("4")
    ivys.page.locator("input[data-index='1']").fill("20")
    expect(ivys.page.locator(".o_cc_quality_result")).to_have_text("80.0 %")
    assert_no_faults(ivys, ".o_cc_quality_player", ".o_cc_quality_score")
    ivys.page.keyboard.press("Control+Enter")
    eventually(
        lambda: ask(stack, f"SELECT state, percent FROM cc_quality_sheet WHERE id = {sheet}")
        == [["done", "80.00"]]
    )
    assert not ivys.errors
    [[heard]] = ask(
        stack,
        f"""SELECT count(*) FROM cc_recording_listen l JOIN cc_recording r ON r.id = l.recording_id
            WHERE r.call_id = {call} AND l.user_id = {ivy}""",
    )
    assert int(heard) == 1

    # the agent appeals, somebody else decides
    ann = Person(stack, "ann")
    appeal = ann.rpc("action_appeal", [int(sheet)], model="cc.quality.sheet")["res_id"]
    ann.rpc("write", [appeal], {"reason": "Listen again"}, model="cc.quality.appeal")
    ann.rpc("action_send", [appeal], model="cc.quality.appeal")
    lines = boss.rpc(
        "search", [("appeal_id", "=", appeal)], order="id", model="cc.quality.appeal.line"
    )
    boss.rpc("write", [lines[0]], {"changed": True, "points": 10}, model="cc.quality.appeal.line")
    boss.rpc("write", [appeal], {"decision": "Right"}, model="cc.quality.appeal")
    boss.rpc("action_decide", [appeal], model="cc.quality.appeal")
    assert ask(
        stack, f"SELECT percent, first_percent FROM cc_quality_sheet WHERE id = {sheet}"
    ) == [["100.00", "80.00"]]
    # a colleague sees nothing of it
    ben = Person(stack, "ben")
    assert ben.rpc("search", [("id", "=", int(sheet))], model="cc.quality.sheet") == []
