# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's own messages through our gateways."""

import logging

from odoo.addons.sms.tools.sms_api import SmsApiBase

from .sms_http import WAIT, Result

_logger = logging.getLogger(__name__)

# our ledger's states in the words that `sms.sms` understands
_STATES = {"sent": "success", "delivered": "delivered", "sending": "processing"}


class SmsApiGateway(SmsApiBase):
    """Hands a company's messages to its gateway, each at most once.

    The ledger row is committed on a connection of its own before the gateway is asked: when Odoo rolls
    back and asks again, the row is found and nothing is sent twice. A message that must wait is left out
    of the answer, so that Odoo keeps it in its queue with the same identifier.
    """

    PROVIDER_TO_SMS_FAILURE_TYPE = SmsApiBase.PROVIDER_TO_SMS_FAILURE_TYPE | {
        "cc_unsubscribed": "sms_not_allowed",
        "cc_wrong_number": "sms_number_format",
        "cc_credit": "sms_credit",
        "cc_refused": "sms_rejected",
        "cc_server": "sms_server",
        "cc_timeout": "unknown",
        "cc_not_delivered": "sms_not_delivered",
    }

    def _get_sms_api_error_messages(self):
        return {
            **super()._get_sms_api_error_messages(),
            "cc_unsubscribed": self.env._("The receiver has unsubscribed."),
            "cc_wrong_number": self.env._("The gateway considers the number invalid."),
            "cc_credit": self.env._("There is no credit left at the gateway."),
            "cc_refused": self.env._("The gateway refused the message."),
            "cc_server": self.env._("The gateway answered with an error."),
            "cc_timeout": self.env._("The gateway did not answer: the message may have been sent."),
        }

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        wanted = {
            str(number["uuid"]): (number["number"], message["content"] or "")
            for message in messages
            for number in message["numbers"]
        }
        try:
            states = self._through_ledger(wanted)
        except Exception:
            # nothing of this is known to have left: Odoo's queue keeps it
            _logger.exception("SMS: the ledger could not be written, %s messages wait", len(wanted))
            return []
        results = []
        for uuid in wanted:
            state, failure, text = states.get(uuid, ("queued", None, None))
            if state == "queued":
                continue
            if state in _STATES:
                results.append({"uuid": uuid, "state": _STATES[state]})
            else:
                kind = "cc_" + (failure or ("unsubscribed" if state == "refused" else "timeout"))
                results.append({"uuid": uuid, "state": kind, "failure_reason": text or None})
        return results

    def _through_ledger(self, wanted):
        """:return: ``{uuid: (state, failure, text)}`` after the attempt"""
        registry, uid, company = self.env.registry, self.env.uid, self.company
        context = {**self.env.context, "allowed_company_ids": company.ids}

        def within(work):
            with registry.cursor() as cr:
                # never wait for the transaction that waits for us
                cr.execute("SET LOCAL lock_timeout = '4s'")
                env = self.env(cr=cr, user=uid, su=True, context=context)
                answer = work(env)
                env.flush_all()
                # a cursor of our own; the next statement is somebody else's server
                cr.commit()  # pylint: disable=invalid-commit
                return answer

        parcels, transport, per_s = within(lambda env: self._prepare(env, wanted))
        if parcels:
            # a paused gateway is not asked: nothing has left, the messages wait

            def settle(ids, result):
                within(lambda env: env["cc.sms.message"]._settle(ids, result))

            if transport:
                self.env["cc.sms.message"]._hand_over(parcels, transport, settle, per_s)
            else:
                for ids, *_rest in parcels:
                    settle(ids, Result(WAIT, text="paused", wait_s=0))
        return within(lambda env: self._states(env, wanted))

    def _prepare(self, env, wanted):
        """Write the ledger rows and claim those that have not left yet."""
        gateway = env["res.company"].browse(self.company.id)._cc_sms_gateway()
        messages = env["cc.sms.message"]
        messages._enter(gateway, wanted)
        if gateway._is_paused():
            return [], None, 1
        ids = messages.search([("uuid", "in", list(wanted)), ("state", "=", "queued")]).ids
        claimed = messages.browse(messages._claim(ids))
        return claimed._parcels(), gateway._transport(), gateway.per_s

    def _states(self, env, wanted):
        found = env["cc.sms.message"].search([("uuid", "in", list(wanted))])
        return {row.uuid: (row.state, row.failure or None, row.failure_text) for row in found}
