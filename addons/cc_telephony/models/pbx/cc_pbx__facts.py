# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from ...ingest import agent, call, dial, form, phone, queue, result
from ...ingest.kinds import FactKind, Turn
from ...utils.contract import facts


class CcPbx(models.Model):
    """What sorts of facts a PBX's bridge may send, and who takes them."""

    _inherit = "cc.pbx"

    @api.model
    def _cc_fact_kinds(self):
        """Every kind of fact that this Odoo understands. Addons add theirs.

        The kinds that are applied together are so in the order in which they stand here.

        :return: `{kind: FactKind}`
        """
        calls = FactKind("call", form.check_call, "_cc_apply_calls", Turn.TOGETHER)
        return {
            **dict.fromkeys(facts.CALL_KINDS, calls),
            "agent.state": FactKind(
                "agent", form.check_agent, "_cc_apply_agent_states", Turn.TOGETHER
            ),
            "queue.changed": FactKind("queue", form.check_queue, "_cc_apply_queues", Turn.TOGETHER),
            "phone.changed": FactKind("phone", form.check_phone, "_cc_apply_phones", Turn.TOGETHER),
            "command.result": FactKind(
                "command", form.check_result, "_cc_apply_command_result", Turn.AFTER
            ),
            "pbx.state": FactKind(
                "pbx_state", form.check_pbx_state, "_cc_apply_pbx_state", Turn.AFTER
            ),
            "dial.alarm": FactKind("dial", form.check_dial, "_cc_apply_dial_alarm", Turn.AFTER),
            "recording.ready": FactKind(
                "recording", form.check_nothing, "_cc_apply_recording", Turn.AFTER
            ),
            # told by bridges already; taken by nobody yet
            "voicemail.left": FactKind("voicemail", form.check_nothing, None, Turn.AFTER),
            "fax.received": FactKind("fax", form.check_nothing, None, Turn.AFTER),
        }

    def _cc_apply_calls(self, batch, facts):
        call.apply_calls(batch, facts)

    def _cc_apply_agent_states(self, batch, facts):
        agent.apply_agent_states(batch, facts)

    def _cc_apply_queues(self, batch, facts):
        queue.apply_queues(batch, facts)

    def _cc_apply_phones(self, batch, facts):
        phone.apply_phones(batch, facts)

    def _cc_apply_command_result(self, batch, fact):
        result.apply_result(batch, fact)

    def _cc_apply_dial_alarm(self, batch, fact):
        dial.apply_alarm(batch, fact)

    def _cc_apply_pbx_state(self, batch, fact):
        result.apply_pbx_state(batch, fact)
