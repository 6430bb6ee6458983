# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The main job, from the customer's dialling to the recording played: TEL-01, TEL-05, TEL-13, TEL-14, TEL-46, CRM-01."""

from __future__ import annotations

import time
from collections.abc import Callable

from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer, recordings
from playwright.sync_api import expect
from sound_of import loudness

from cc_stack.stack import Stack


def test_known_customer_browser_phone(stack: Stack, desk: Callable[..., Desk]) -> None:
    who = known_customer(stack)
    ann = desk("ann")
    ann.sign_in("browser")
    ann.choose_state("ready")

    dialled = time.time()
    customer = stack.customer(who.key, "100")
    ann.expect_card(who.name)
    # the customer's page is there while it rings; how soon, bench/pop.py measures
    eventually(lambda: who.name in ann.form_name())
    shown = time.time()
    ann.expect_state("ringing")

    clicked = time.time()
    ann.answer()
    ann.expect_talking()
    answered = time.time()
    ann.expect_sound(50)
    heard = time.time()
    ann.expect_sound(100)

    leaves = time.time()
    ann.hang_up()
    ann.expect_state("wrap_up")
    customer.wait_end(PATIENCE_S)

    [call] = eventually(lambda: [c for c in calls(stack, who.key, dialled) if c.state == "ended"])
    told = time.time()
    assert (call.direction, call.partner, call.agent, call.queue) == (
        "inbound",
        who.name,
        "1001",
        "support",
    )
    assert call.attempts == [("1001", "answered")]
    assert sorted(call.legs) == ["agent", "customer"]
    assert call.ended_by == "agent"
    # each between what was done here and what was seen of it; odoo's datetimes have whole seconds
    assert dialled - 1 <= call.started <= shown + 1
    assert clicked - 1 <= call.answered <= answered + 1
    assert leaves - 1 <= call.ended <= told + 1
    assert leaves - heard - 1 <= call.talk_s <= call.ended - call.answered + 1

    [recording] = eventually(
        lambda: [r for r in recordings(stack, call.id) if r["state"] == "stored"]
    )
    # more than two seconds of sound were waited for; a PBX that stands still records nothing meanwhile
    assert 1 < float(recording["duration_ms"]) / 1000 < call.ended - call.started + 1
    url = f"{stack.settings.url}/cc/recording/{recording['id']}/audio"
    sound = ann.context.request.get(url)
    assert sound.status == 200
    left, right = loudness(sound.body(), stack.settings.run / "sound")
    assert left > 0.005, "the customer's channel is silent"
    assert right > 0.005, "the agent's channel is silent"

    # it plays in the log, with a bar to seek
    ann.choose_state("ready")
    ann.choose_state("busy")
    ann.page.goto(f"{stack.settings.url}/odoo/cc.call/{call.id}")
    player = ann.page.locator(".o_cc_player").first
    expect(player).to_be_visible()
    player.locator("button").first.click()
    playing = (
        "() => { const a = document.querySelector('audio'); return a && a.currentTime > 0.3; }"
    )
    ann.page.wait_for_function(playing)
    seek = player.locator("input[type=range]")
    expect(seek).to_be_visible()
    seek.evaluate(
        """(bar) => { bar.value = Number(bar.max) * 0.7;
           bar.dispatchEvent(new Event("input", {bubbles: true}));
           bar.dispatchEvent(new Event("change", {bubbles: true})); }"""
    )
    ann.page.wait_for_function(
        "() => { const a = document.querySelector('audio'); return a.currentTime > a.duration * 0.6; }",
    )
    part = ann.context.request.get(url, headers={"Range": "bytes=100-299"})
    assert part.status == 206
    assert len(part.body()) == 200
    [[listened]] = ask(
        stack, f"SELECT count(*) FROM cc_recording_listen WHERE recording_id = {recording['id']}"
    )
    assert int(listened) >= 1
    assert not ann.errors
