# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.phone import phone_digits
from odoo.tools import SQL

from ..utils.sms_http import SENT, UNKNOWN, WAIT, Result
from ..utils.window import UNKNOWN as NO_ZONE
from ..utils.window import is_open, next_open

_logger = logging.getLogger(__name__)

STATES = [
    ("received", "Received"),
    ("queued", "Waiting"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("failed", "Failed"),
    ("unknown", "Unknown"),
    ("refused", "Not sent: unsubscribed"),
]
# a later report never takes a message back
RANK = {
    "queued": 0,
    "sending": 1,
    "unknown": 2,
    "sent": 2,
    "failed": 3,
    "refused": 3,
    "delivered": 4,
}
FAILURES = [
    ("unsubscribed", "Unsubscribed"),
    ("wrong_number", "Wrong number"),
    ("credit", "No credit left"),
    ("refused", "Refused by the gateway"),
    ("server", "Gateway error"),
    ("not_delivered", "Not delivered"),
    ("timeout", "No answer"),
]
STUCK_MIN = 10
# requests in a row whose outcome nobody knows: then the gateway rests, and what is left waits
STALLED = 3
# at once in one run
BATCH = 500


class CcSmsMessage(models.Model):
    """Every text message, out and in: the ledger that keeps one from being sent twice.

    A row is committed as `sending` before the gateway is asked; what is found so later was cut off and is
    not sent again blindly. Odoo's own rows (sms.sms) are removed daily, these stay.
    """

    _name = "cc.sms.message"
    _description = "Text message"
    _order = "id desc"
    _rec_name = "number_display"

    uuid = fields.Char("Identifier", required=True)
    direction = fields.Selection(
        [("out", "Sent"), ("in", "Received")], required=True, default="out"
    )
    company_id = fields.Many2one("res.company", required=True)
    gateway_id = fields.Many2one("cc.sms.gateway", required=True, ondelete="restrict")
    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", index="btree_not_null", ondelete="restrict"
    )
    number_display = fields.Char("Number")
    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="set null"
    )
    text = fields.Text(help="As it was handed over; messages of a job have the job's.")
    body = fields.Text("Message", compute="_compute_body")
    segments = fields.Integer()
    commercial = fields.Boolean()
    state = fields.Selection(STATES, required=True, default="queued")
    failure = fields.Selection(FAILURES)
    failure_text = fields.Char("What the gateway said")
    ref = fields.Char("Gateway's number")
    user_id = fields.Many2one("res.users", "By", index="btree_not_null")
    agent_id = fields.Many2one("cc.agent", index="btree_not_null", ondelete="set null")
    department_id = fields.Many2one("hr.department", index="btree_not_null", ondelete="set null")
    template_id = fields.Many2one("sms.template", index="btree_not_null", ondelete="set null")
    job_id = fields.Many2one("cc.sms.job", index="btree_not_null", ondelete="cascade")
    line_no = fields.Integer("Line", aggregator=None)
    at = fields.Datetime("Time", required=True, default=fields.Datetime.now)
    not_before = fields.Datetime("Not before")
    sending_at = fields.Datetime("Handed over at")
    sent_at = fields.Datetime("Sent at")
    delivered_at = fields.Datetime("Delivered at")
    seen = fields.Boolean("Read", help="Replies that somebody has looked at.")

    _uuid_unique = models.UniqueIndex("(uuid)")
    _job_number_unique = models.UniqueIndex("(job_id, number_id) WHERE job_id IS NOT NULL")
    _queued = models.Index("(job_id, id) WHERE state = 'queued'")
    _sending = models.Index("(sending_at) WHERE state = 'sending'")
    _by_ref = models.Index("(gateway_id, ref) WHERE ref IS NOT NULL")

    @api.depends("text", "job_id.text")
    def _compute_body(self):
        for message in self:
            message.body = message.text or message.job_id.text

    # ---- handing over ----

    def _texts(self):
        """What each message says, as it leaves."""
        return {
            message.id: message.text
            or message.gateway_id._text(message.job_id.text or "", message.commercial)
            for message in self
        }

    @api.model
    def _enter(self, gateway, wanted):
        """Rows for messages of Odoo's own queue; those that are there already stay as they are.

        :param dict wanted: ``{uuid: (number as written, text)}``
        """
        known = set(self.search([("uuid", "in", list(wanted))]).mapped("uuid"))
        fresh = {uuid: what for uuid, what in wanted.items() if uuid not in known}
        if not fresh:
            return
        country = gateway.company_id.country_id.code or None
        pairs = {(number, country) for number, _text in fresh.values()}
        numbers = self.env["cc.phone.number"]._ingest(list(pairs))
        queued = self.env["sms.sms"].search([("uuid", "in", list(fresh))]).grouped("uuid")
        none = self.env["sms.sms"]
        rows = []
        for uuid, (written, text) in fresh.items():
            number = numbers[written, country]
            sms = queued.get(uuid, none)
            user = sms.cc_user_id or self.env.user
            agent = user.cc_agent_ids[:1]
            whole = gateway._text(text)
            rows.append(
                {
                    "uuid": uuid,
                    "company_id": gateway.company_id.id,
                    "gateway_id": gateway.id,
                    "number_id": number.id,
                    "number_display": number.display,
                    "partner_id": number._partners()[:1].id if number else False,
                    "text": whole,
                    "segments": gateway._count(text).segments,
                    "user_id": user.id,
                    "agent_id": agent.id,
                    "department_id": agent.department_id.id,
                    "template_id": sms.cc_template_id.id,
                    "state": "queued" if number else "failed",
                    "failure": False if number else "wrong_number",
                }
            )
        self.create(rows)

    @api.model
    def _claim(self, ids):
        """Mark waiting messages as being sent, those whose receiver unsubscribed as refused.

        To be committed before anything is handed over.

        :return: ids that are to be handed over now
        """
        stops = self.env["cc.do.not.call"]._sql_stops(
            "sms", SQL("message.number_id"), SQL("NULL::int"), SQL("message.company_id")
        )
        self.env["cc.do.not.call"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH mine AS (
                       SELECT message.id, %(stops)s AS stopped FROM cc_sms_message message
                        WHERE message.id = ANY(%(ids)s) AND message.state = 'queued'
                     ORDER BY message.id FOR UPDATE OF message SKIP LOCKED
                   )
                   UPDATE cc_sms_message message
                      SET state = CASE WHEN mine.stopped THEN 'refused' ELSE 'sending' END,
                          failure = CASE WHEN mine.stopped THEN 'unsubscribed' END,
                          sending_at = now() AT TIME ZONE 'UTC'
                     FROM mine WHERE mine.id = message.id
                RETURNING message.id, mine.stopped""",
                stops=stops,
                ids=list(ids),
            )
        )
        self.invalidate_model()
        return sorted(id_ for id_, stopped in rows if not stopped)

    def _parcels(self):
        """Requests to the gateway: messages with one text together, as many as it takes.

        :return: list of ``(ids, numbers, text, uuid)``
        """
        parcels = []
        for gateway, messages in self.grouped("gateway_id").items():
            texts = messages._texts()
            for text, same in messages.grouped(
                lambda message, texts=texts: texts[message.id]
            ).items():
                for start in range(0, len(same), gateway.batch):
                    part = same[start : start + gateway.batch]
                    numbers = [gateway._number_for(row.number_id.key or "") for row in part]
                    parcels.append((part.ids, numbers, text, part[0].uuid))
        return parcels

    @api.model
    def _settle(self, ids, result):
        """Write what the gateway said about a request."""
        messages = self.browse(ids).exists()
        now = fields.Datetime.now()
        messages.gateway_id._note_result(result)
        if result.state == SENT:
            waiting = messages.filtered(lambda row: RANK[row.state] < RANK["sent"])
            waiting.write({"state": "sent", "sent_at": now})
            messages.write({"ref": result.ref or False})
            self.env["cc.sms.report"]._catch_up(messages)
        elif result.state == WAIT:
            # nothing has left: the same message is handed over later
            messages.filtered(lambda row: row.state == "sending").write(
                {"state": "queued", "failure_text": result.text[:250]}
            )
        elif result.state == UNKNOWN:
            messages.filtered(lambda row: row.state == "sending").write(
                {"state": "unknown", "failure": "timeout", "failure_text": result.text[:250]}
            )
        else:
            messages.filtered(lambda row: row.state == "sending").write(
                {"state": "failed", "failure": result.state, "failure_text": result.text[:250]}
            )
            if result.state == "unsubscribed":
                messages._take_over_unsubscribed("provider")

    def _take_over_unsubscribed(self, source, reason=None):
        """Who has unsubscribed elsewhere gets no messages from here either."""
        for message in self.filtered("number_id"):
            self.env["cc.do.not.call"]._add(
                message.number_id,
                source=source,
                channel="sms",
                reason=reason or message.failure_text or False,
                company_id=message.company_id.id,
                proof=message.ref or message.uuid,
                user_id=self.env.uid,
            )

    @api.model
    def _hand_over(self, parcels, transport, settle, per_s):
        """Hand requests over, not more of them a second than the gateway takes, until it has to rest.

        :param settle: called with ``(ids, result)`` after each request
        """
        begun, unknown = time.monotonic(), 0
        for done, (ids, numbers, text, uuid) in enumerate(parcels):
            ahead = done / per_s - (time.monotonic() - begun)
            if ahead > 0:
                time.sleep(ahead)
            result = transport(numbers, text, uuid)
            later = [id_ for parcel in parcels[done + 1 :] for id_ in parcel[0]]
            if result.state == WAIT:
                settle([*ids, *later], result)
                return
            settle(ids, result)
            unknown = unknown + 1 if result.state == UNKNOWN else 0
            if unknown == STALLED and later:
                # slow, or answers rubbish: the rest must neither be lost to it nor hold up other gateways
                settle(later, Result(WAIT, text=result.text))
                return

    # ---- the queue ----

    @api.model
    def _cron_send(self):
        """Send what waits in running jobs; one run a gateway at a time, told to Odoo's cron as it goes."""
        self._mark_stuck()
        for gateway in self.env["cc.sms.gateway"].search([("active", "=", True)]):
            if gateway._is_paused():
                continue
            sent = self._send_some(gateway)
            if sent:
                left = self.search_count(self._waiting_domain(gateway), limit=1)
                self.env["ir.cron"]._commit_progress(sent, remaining=left)
        self.env["cc.sms.job"]._finish_done()
        # a gateway that paused is asked again when its pause is over
        paused = self.env["cc.sms.gateway"].search([("paused_until", "!=", False)])
        for gateway in paused:
            if self.search_count(self._waiting_domain(gateway), limit=1):
                self.env.ref("cc_survey_dialer.cron_sms_send")._trigger(at=gateway.paused_until)

    @api.model
    def _waiting_domain(self, gateway):
        now = fields.Datetime.now()
        return [
            ("gateway_id", "=", gateway.id),
            ("state", "=", "queued"),
            ("job_id.state", "=", "running"),
            "|",
            ("not_before", "=", False),
            ("not_before", "<=", now),
        ]

    @api.model
    def _send_some(self, gateway):
        waiting = self.search(self._waiting_domain(gateway), order="id", limit=BATCH)
        allowed = waiting._in_hours()
        ids = self._claim(allowed.ids)
        # in force before the gateway hears of it
        self._keep()
        messages = self.browse(ids)
        transport = gateway._transport()

        def settle(done, result):
            self._settle(done, result)
            self._keep()

        self._hand_over(messages._parcels(), transport, settle, gateway.per_s)
        return len(waiting)

    @api.model
    def _keep(self):
        """Commit, so that what was handed over stays known whatever comes next."""
        self.env["ir.cron"]._commit_progress(0)

    def _in_hours(self):
        """Those that may be sent now; commercial ones wait for their country's hours."""
        rules = self.env["cc.country.rule"]._by_code()
        lines = self.env["cc.customer.task.line"]
        now = fields.Datetime.now()
        allowed = self.browse()
        for place, messages in self.grouped(
            lambda row: lines._place_of(row.number_id.key or "")
        ).items():
            zones, country = place
            rule = rules.get(country)
            parts = tuple(zones.split("|")) if zones else ()
            week = [[(round(rule.sms_from * 60), round(rule.sms_to * 60))]] * 7 if rule else None
            commercial = messages.filtered("commercial")
            allowed |= messages - commercial
            if not week or not parts or parts == (NO_ZONE,) or is_open(now, parts, week):
                allowed |= commercial
            else:
                commercial.not_before = next_open(now, parts, week)
        return allowed

    @api.model
    def _mark_stuck(self):
        """What was being sent when the worker died may have left: unknown, not sent again."""
        before = fields.Datetime.now() - timedelta(minutes=STUCK_MIN)
        stuck = self.search([("state", "=", "sending"), ("sending_at", "<", before)], limit=5000)
        stuck.write({"state": "unknown", "failure": "timeout"})

    # ---- reports and replies ----

    def _apply_report(self, state, text=""):
        """A delivery report; an older one that comes later changes nothing.

        :param str state: "sent", "delivered" or "failed"
        """
        for message in self:
            before = message.state
            if before in (state, "received", "refused") or RANK[state] < RANK[before]:
                continue
            values = {"state": state}
            if state == "delivered":
                values.update(delivered_at=fields.Datetime.now(), failure=False)
            elif state == "failed":
                values.update(failure="not_delivered", failure_text=text[:250])
            message.write(values)
            message._tell_tracker()

    def _tell_tracker(self):
        """Odoo's own notification of this message follows."""
        self.ensure_one()
        tracker = self.env["sms.tracker"].search([("sms_uuid", "=", self.uuid)])
        if not tracker:
            return
        if self.state == "delivered":
            tracker._action_update_from_sms_state("sent")
        elif self.state == "failed":
            tracker.with_context(
                sms_known_failure_reason=self.failure_text
            )._action_update_from_provider_error("not_delivered")

    @api.model
    def _receive(self, gateway, number_text, text, ref):
        """A reply: whose it is, and whether it asks for an end of messages.

        :return: the message, or the one of before when it was told twice
        """
        uuid = f"in-{gateway.id}-{ref}" if ref else f"in-{gateway.id}-{time.time_ns()}"
        present = self.search([("uuid", "=", uuid)])
        if present:
            return present
        country = gateway.company_id.country_id.code or None
        numbers = self.env["cc.phone.number"]
        number = numbers._ingest([(number_text, country)])[number_text, country]
        partner = number._partners()[:1] if number else self.env["res.partner"]
        # the reply goes to whoever wrote last
        last = self.search(
            [
                ("number_id", "=", number.id),
                ("number_id", "!=", False),
                ("direction", "=", "out"),
                ("company_id", "=", gateway.company_id.id),
            ],
            limit=1,
        )
        message = self.create(
            {
                "uuid": uuid,
                "direction": "in",
                "state": "received",
                "company_id": gateway.company_id.id,
                "gateway_id": gateway.id,
                "number_id": number.id,
                "number_display": number.display,
                "partner_id": partner.id,
                "text": text,
                "ref": ref or False,
                "user_id": last.user_id.id,
                "agent_id": last.agent_id.id,
                "department_id": last.department_id.id,
            }
        )
        word = text.strip().strip(".。!！“”\"'").upper()
        keywords = {keyword.upper() for keyword in gateway._words(gateway.keywords)}
        if word in keywords:
            message._take_over_unsubscribed("sms", reason=text.strip()[:200])
        if partner:
            partner._message_log(
                body=self.env._("Text message received: %(text)s", text=text),
                author_id=partner.id,
                message_type="comment",
            )
        return message

    def action_mark_seen(self):
        """Mark replies as read."""
        self.check_access("read")
        # sudo: cc.sms.message - nobody writes messages, but who sees a reply may say so
        self.sudo().filtered(lambda row: row.direction == "in").seen = True

    def action_reply(self):
        """Answer a reply: Odoo's own composer with its number."""
        self.ensure_one()
        self.check_access("read")
        if self.partner_id:
            context = {
                "default_composition_mode": "comment",
                "default_res_model": "res.partner",
                "default_res_id": self.partner_id.id,
            }
        else:
            context = {
                "default_composition_mode": "numbers",
                "default_numbers": phone_digits(self.number_id.key),
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send SMS"),
            "res_model": "sms.composer",
            "views": [[False, "form"]],
            "target": "new",
            "context": context,
        }
