# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Results of commands and the state of the link between bridge and PBX."""

import logging

from ..utils.times import from_us

_logger = logging.getLogger(__name__)

# what a refused sign-in leaves the agent with: no phone, so no session
SIGN_IN_REFUSED = {"not_registered", "refused", "no_agent", "failed"}


def apply_result(batch, fact):
    """Note how a command ended. A result told again changes nothing.

    That of an unknown command neither: an Odoo that was restored from a backup gets the results of all
    that people asked for since, which it never heard of.
    """
    body = fact["command"]
    command = batch.env["cc.command"].search(
        [("uuid", "=", body["id"]), ("pbx_id", "=", batch.pbx.id)]
    )
    if not command:
        _logger.info("No command %s of PBX %s is known", body["id"], batch.pbx.code)
        return
    if command.state not in ("open", "expired"):
        return
    state = "done" if body["ok"] else "expired" if body["code"] == "expired" else "failed"
    command._set_result(state, body["code"], body["message"])
    batch.after_send.append(command._tell_result)
    if body.get("call_uid") and not command.call_uid:
        command.call_uid = body["call_uid"]
    if command.kind == "confirm_number" and body["ok"]:
        agent = command.user_id.cc_agent_ids.filtered(
            lambda one: (one.pbx_id, one.number) == (batch.pbx, (command.args or {}).get("of"))
        )
        # none: they have another number by now
        if agent:
            agent._phone_confirmed(command.number_id)
    if command.kind == "sign_in" and body["code"] in SIGN_IN_REFUSED and not body["ok"]:
        session = command.agent_id._open_session()
        if session and session.id == (command.args or {}).get("session"):
            session.write({"ended_at": command.done_at, "end_reason": "failed"})
            batch.tell(
                batch.agent_by_number(command.agent_id.number),
                "cc.agent/session",
                {"session_id": session.id, "ended": "failed"},
            )
            batch.after_send.append(lambda: batch.pbx._cc_ring("intent"))


def apply_pbx_state(batch, fact):
    """Keep for the cursor row how the bridge's link to the PBX is."""
    body = fact["pbx_state"]
    cursor = batch.pbx.cursor_ids
    was = batch.cursor_vals.get("connected", cursor.connected)
    vals = {
        "connected": body["connected"],
        "asterisk_version": body["asterisk"] or cursor.asterisk_version,
        "boot_at": from_us(body["boot_t"]) or cursor.boot_at,
        "error": body["error"],
        "message": body["message"],
    }
    if body["connected"] != was:
        vals["connected_since"] = from_us(fact["t"]) if body["connected"] else False
        payload = {
            "pbx_id": batch.pbx.id,
            "connected": body["connected"],
            "message": body["message"],
        }
        for agent in batch.agents():
            batch.tell(agent, "cc.pbx/state", payload)
    batch.cursor_vals.update(vals)
