# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
import random
import uuid
from datetime import timedelta

from odoo import api, fields, models

#: What became of a number that was dialled, of a hundred.
OUTCOMES = {
    "person": 46,
    "no_answer": 26,
    "busy": 8,
    "machine": 6,
    "off": 5,
    "hung_up": 4,
    "empty": 3,
    "rejected": 1,
    "abandoned": 1,
}
#: What agents said of a hundred persons.
SAID = {
    "interested": 34,
    "not_interested": 46,
    "retry": 8,
    "wrong_number": 6,
    "do_not_call": 6,
}
NOTES = {
    "interested": ("Wants the price list by mail", "Send the offer for the service plan", False),
    "not_interested": ("Has a contract elsewhere", False, False),
    "do_not_call": ("Please stop calling",),
}
WRONG = ("Parcel came two days late", "One cup was cracked", "Nobody had told us the time")
TEMPLATES = {
    "Delivery tomorrow": "Your delivery comes tomorrow between 9:00 and 12:00.",
    "Ticket closed": "Your request has been dealt with. Thank you for your patience.",
    "Price list": "Our new price list: https://example.com/prices. Any questions? Call 021 5555 0100.",
}
#: How a hundred messages stand.
STATES = {"delivered": 80, "sent": 8, "failed": 7, "unknown": 3, "refused": 2}
FAILURES = ("wrong_number", "not_delivered", "credit")
REPLIES = ("Thanks, that suits me.", "Can you come after 14:00?", "R", "Who is this?", "OK")
WEEKS = 3


class CcDemo(models.AbstractModel):
    """Weeks of campaigns and text messages for the demo: what their lists and statistics are looked at with."""

    _inherit = "cc.demo"

    @api.model
    def _make_history(self, pbx_xmlid="cc_telephony.pbx_main"):
        result = super()._make_history(pbx_xmlid)
        self._make_campaigns()
        return result

    @api.model
    def _make_campaigns(self):
        """A campaign that is over, calls and call-backs of the one that runs, and text messages.

        Once, where the demo data is; `CC_DEMO_CALLS=0` leaves it out: tests count their own.
        """
        running = self.env.ref("cc_survey_dialer.demo_campaign", raise_if_not_found=False)
        if not running or os.environ.get("CC_DEMO_CALLS") == "0" or running.entry_ids.attempt_ids:
            return
        chance = random.Random(12)
        self._promise(running)
        over = self._make_over(running, chance)
        self._make_requests(over)
        gateway = self._make_gateway(running.company_id)
        self._make_jobs(gateway, over, chance)
        self._make_messages(gateway, chance)
        self._make_replies(gateway)
        # nobody is there to be told
        self.env.cr.precommit.data.get("bus.bus.values", []).clear()

    def _days_ago(self, days, hour):
        """:param hour: of the day in Shanghai"""
        morning = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return morning - timedelta(days=days) + timedelta(hours=hour - 8)

    # ---- calls ----

    def _promise(self, campaign):
        """Calls of yesterday in the campaign that runs: some done, call-backs overdue and to come."""
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        at = self._days_ago(1, 10)
        ann, ben = campaign.agent_ids.sorted("number")[:2]
        yesterday = (
            (ann, "interested", False),
            (ben, "not_interested", False),
            (ann, "callback", now - timedelta(minutes=50)),
            (ann, "callback", now + timedelta(hours=3)),
            (ben, "callback", now + timedelta(days=1)),
            (ben, None, False),
        )
        for entry, (agent, said, when) in zip(campaign.entry_ids, yesterday, strict=False):
            at += timedelta(minutes=7)
            attempt = self._make_attempt(entry, at, "person" if said else "no_answer", agent)
            if when:
                self._make_result(attempt, "callback", callback_at=when, callback_agent_id=agent.id)
            elif said:
                self._make_result(attempt, said)
        campaign._derive_entries()

    def _make_over(self, running, chance):
        """A predictive campaign of last week, with what customers answered."""
        queue = self.env.ref("cc_telephony.queue_sales")
        task = self.env["cc.customer.task"].create(
            {
                "name": "Customers of last year",
                "partner_domain": "[('country_id.code', '=', 'CN'), ('city', '!=', 'Nanjing')]",
                "department_id": queue.department_id.id,
            }
        )
        task.action_start()
        campaign = self.env["cc.campaign"].create(
            {
                "name": "Spring service offer",
                "task_id": task.id,
                "pbx_id": running.pbx_id.id,
                "department_id": queue.department_id.id,
                "mode": "predictive",
                "queue_id": queue.id,
                "amd": True,
                "tz": running.tz,
                "survey_id": running.survey_id.id,
                "script": "<p>Good morning, this is ___. You bought from us last year …</p>",
                "message_text": "This is the contact centre. Sorry that nobody could speak with you.",
                "line_ids": [(0, 0, {"trunk_id": self.env.ref("cc_telephony.trunk_main").id})],
            }
        )
        campaign._take_in()
        agents, begun = queue.member_ids.agent_id, self._days_ago(8, 9)
        log = [{"campaign_id": campaign.id, "at": begun, "text": self.env._("Started")}]
        left = campaign.entry_ids
        for round_h in (0, 2.5, 5.5):
            for number, entry in enumerate(left):
                at = begun + timedelta(hours=round_h, seconds=55 * number)
                [outcome] = chance.choices(list(OUTCOMES), OUTCOMES.values())
                attempt = self._make_attempt(
                    entry, at, outcome, chance.choice(agents), holder="demo", chance=chance
                )
                if outcome == "person":
                    self._say(attempt, chance)
                if outcome in ("person", "empty", "abandoned"):
                    left -= entry
        campaign._derive_entries()
        campaign.state = "done"
        ended = max(campaign.entry_ids.attempt_ids.mapped("ended_at"))
        log.append({"campaign_id": campaign.id, "at": ended, "text": self.env._("Finished")})
        campaign.log_ids.unlink()
        self.env["cc.campaign.log"].create(log)
        return campaign

    def _make_attempt(self, entry, at, outcome, agent, holder=False, chance=None):
        """A try that is over, told by its times."""
        campaign = entry.campaign_id
        reached = outcome in ("person", "abandoned", "machine", "hung_up")
        rang = chance.uniform(3, 14) if chance else 9.0
        rang = rang if reached else {"no_answer": 25.0, "off": 2.0}.get(outcome, 1.0)
        answered = at + timedelta(seconds=rang) if reached else False
        served = outcome == "person"
        waited = chance.uniform(0.1, 1.2) if chance and served else 0.0
        talk = (chance.uniform(40, 240) if chance else 95.0) if served else 3.0 if reached else 0.0
        return self.env["cc.campaign.attempt"].create(
            {
                "campaign_id": campaign.id,
                "company_id": campaign.company_id.id,
                "department_id": campaign.department_id.id,
                "entry_id": entry.id,
                "number_id": entry.number_id.id,
                "number_display": entry.number_display,
                "partner_id": entry.partner_id.id,
                "pbx_id": campaign.pbx_id.id,
                "mode": campaign.mode,
                "holder": holder,
                "state": "ended",
                "outcome": outcome,
                "counts": True,
                "abandoned": outcome == "abandoned",
                "leased_at": at,
                "until_at": at + timedelta(minutes=1),
                "dialled_at": at,
                "ring_at": at + timedelta(seconds=1) if outcome not in ("empty", "off") else False,
                "answered_at": answered,
                "agent_at": answered + timedelta(seconds=waited) if served else False,
                "waited_s": 2.0 if outcome == "abandoned" else waited,
                "ring_s": rang,
                "ended_at": at + timedelta(seconds=rang + waited + talk),
                "agent_id": agent.id if served or not holder else False,
                "line": "trunk" if holder else False,
                "script_version": campaign.script_version,
            }
        )

    def _make_result(self, attempt, said, **more):
        """What the agent said, on the day of the call; on the customer's timeline too."""
        agent, at = attempt.agent_id, attempt.ended_at
        self.env["cc.campaign.result"].create(
            {
                "entry_id": attempt.entry_id.id,
                "attempt_id": attempt.id,
                "disposition_id": self.env.ref(f"cc_survey_dialer.disposition_{said}").id,
                "agent_id": agent.id,
                "department_id": agent.department_id.id,
                "at": at,
                **more,
            }
        )
        asked = self.env["cc.do.not.call"].search([("attempt_id", "=", attempt.id)])
        asked.with_context(cc_lifting=True).asked_at = at
        record = attempt.entry_id.lead_id or attempt.partner_id
        record.message_ids.sorted("id")[-1:].date = at

    def _say(self, attempt, chance):
        """What an agent said of a person, and the questionnaire of most who listened."""
        [said] = chance.choices(list(SAID), SAID.values())
        later = attempt.ended_at + timedelta(days=1) if said == "retry" else False
        note = chance.choice(NOTES.get(said, (False,)))
        self._make_result(attempt, said, note=note, retry_at=later)
        if said not in ("interested", "not_interested") or chance.random() < 0.2:
            return
        sheet = attempt._survey_input()
        asked = {row.question_type: row for row in sheet.survey_id.question_ids}
        yes, no = asked["simple_choice"].suggested_answer_ids[:2]
        happy = chance.random() < 0.75
        sheet._save_lines(asked["simple_choice"], str((yes if happy else no).id))
        if not happy:
            sheet._save_lines(asked["text_box"], chance.choice(WRONG))
        sheet._mark_in_progress()
        if chance.random() < 0.85:
            score = chance.randrange(6, 11) if happy else chance.randrange(0, 7)
            sheet._save_lines(asked["scale"], str(score))
            sheet.write({"state": "done", "end_datetime": attempt.ended_at})
        sheet.start_datetime = attempt.agent_at

    def _make_requests(self, campaign):
        """Do-not-call entries besides those that agents heard: by hand, and one that was lifted."""
        requests = self.env["cc.do.not.call"]
        free = campaign.entry_ids.filtered(lambda row: not row.result_ids).number_id[:3]
        more = (
            {"source": "register", "channel": "call", "proof": "Register of 1 March"},
            {"source": "web", "channel": "sms", "reason": "Form on our website"},
            {"source": "manual", "reason": "Letter to the management"},
        )
        for number, values in zip(free, more, strict=False):
            requests.create({"number_id": number.id, **values})
        lifted = requests.search([("source", "=", "manual")], limit=1)
        lifted.with_user(self.env.ref("base.user_admin")).lift("Asked for an offer again")

    # ---- messages ----

    def _make_gateway(self, company):
        """An example: its address leads nowhere, what is sent by hand keeps waiting."""
        return self.env["cc.sms.gateway"].create(
            {
                "name": "Example gateway",
                "company_id": company.id,
                "url": "http://127.0.0.1:9/sms",
                "signature": "Example",
                "tail": "Reply R to unsubscribe",
            }
        )

    def _make_messages(self, gateway, chance):
        """What agents sent to their customers in the last weeks, with and without a template."""
        templates = self.env["sms.template"].create(
            [
                {"name": name, "model_id": self.env.ref("base.model_res_partner").id, "body": text}
                for name, text in TEMPLATES.items()
            ]
        )
        agents = self.env["cc.agent"].search([("user_id.active", "=", True)], order="number")
        links = self.env["cc.phone.link"].search(
            [("partner_id.country_id.code", "=", "CN"), ("number_id.key", "=like", "+%")],
            order="id",
            limit=60,
        )
        rows = []
        for _message in range(WEEKS * 30):
            agent, template = chance.choice(agents), chance.choice([*templates, None])
            body = template.body if template else "We tried to reach you. Please call us back."
            at = self._days_ago(chance.randrange(1, WEEKS * 7), chance.uniform(9, 18))
            rows.append(
                {
                    "text": gateway._text(body),
                    "segments": gateway._count(body).segments,
                    "user_id": agent.user_id.id,
                    "agent_id": agent.id,
                    "department_id": agent.department_id.id,
                    "template_id": template.id if template else False,
                    **self._sent(gateway, chance.choice(links), at, chance),
                }
            )
        self.env["cc.sms.message"].create(sorted(rows, key=lambda row: row["at"]))

    def _sent(self, gateway, link, at, chance):
        """Values of a message that was handed over, with what the reports said."""
        [state] = chance.choices(list(STATES), STATES.values())
        failed = {
            "failed": chance.choice(FAILURES),
            "unknown": "timeout",
            "refused": "unsubscribed",
        }
        gone = state in ("sent", "delivered")
        return {
            "uuid": uuid.UUID(int=chance.getrandbits(128)).hex,
            "company_id": gateway.company_id.id,
            "gateway_id": gateway.id,
            "number_id": link.number_id.id,
            "number_display": link.number_id.display,
            "partner_id": link.partner_id.id,
            "state": state,
            "failure": failed.get(state, False),
            "ref": str(chance.randrange(10**8, 10**9)) if gone else False,
            "at": at,
            "sending_at": at,
            "sent_at": at if gone else False,
            "delivered_at": at + timedelta(seconds=4) if state == "delivered" else False,
        }

    def _make_jobs(self, gateway, campaign, chance):
        """Advertising to those customers, sent last week; and one that waits to be started."""
        jobs = self.env["cc.sms.job"].create(
            [
                {
                    "name": name,
                    "gateway_id": gateway.id,
                    "text": text,
                    "source": "campaign",
                    "campaign_id": campaign.id,
                    "department_id": campaign.department_id.id,
                }
                for name, text in (
                    ("Spring fair", "Our stand at the spring fair is B12. See you there!"),
                    ("Summer opening hours", "In July and August we are there from 8:00 to 16:00."),
                )
            ]
        )
        job, at = jobs[0], self._days_ago(6, 10)
        job._take_customers()
        for message in self.env["cc.sms.message"].search([("job_id", "=", job.id)]):
            values = self._sent(gateway, message, at, chance)
            message.write({name: values[name] for name in values if name != "uuid"})
        job.state = "done"

    def _make_replies(self, gateway):
        """Replies to messages; who answers with the keyword gets none any more."""
        messages = self.env["cc.sms.message"]
        sent = messages.search([("state", "=", "delivered"), ("agent_id", "!=", False)], limit=20)
        # each number's newest, the oldest of these first
        last_of = {number: own[0] for number, own in sent.grouped("number_id").items()}
        newest = sorted(last_of.items(), key=lambda item: item[1].at)[-len(REPLIES) :]
        for (number, last), text in zip(newest, REPLIES, strict=True):
            reply = messages._receive(gateway, number.key, text, f"demo-{last.id}")
            reply.write(
                {"at": last.at + timedelta(minutes=3), "seen": last.at < self._days_ago(3, 0)}
            )
            last.partner_id.message_ids.sorted("id")[-1:].date = reply.at
