# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.times import to_us
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

LAST_CALLS = 5
LAST_DEALS = 5
FOLLOW_UPS = {"call": "mail.mail_activity_data_call", "todo": "mail.mail_activity_data_todo"}


class CcCall(models.Model):
    """What a call brings to the agent's screen."""

    _inherit = "cc.call"

    lead_id = fields.Many2one(
        "crm.lead",
        index="btree_not_null",
        ondelete="set null",
        help="Saved from this call for a caller who was not a contact yet.",
    )

    def _cc_card(self, agent, view=None):
        card = super()._cc_card(agent, view)
        pop = card["pop"] = self._cc_pop()
        if pop and pop["id"] and not card["caller"]["partner_id"]:
            # a lead is somebody known too
            card["caller"]["name"] = pop["name"]
        return card

    def _cc_pop(self):
        """Decide which page this call brings up.

        :return: ``{kind: "record"|"lead"|"choose", model, id, name, count}``; a lead's id is False for one
            that is to be made. None for internal calls, withheld numbers and unknown numbers that we dialled.
        """
        self.ensure_one()
        if self.direction == "internal":
            return None
        chosen = self.partner_id
        number = self.number_id
        partners = number._partners() if number else chosen
        if chosen:
            return self._pop_of("record", chosen, max(len(partners), 1))
        if len(partners) == 1:
            return self._pop_of("record", partners, 1)
        if partners:
            return {**self._pop_of("choose", partners[:0], len(partners)), "name": number.mask}
        leads = number._leads() if number else self.env["crm.lead"]
        if leads:
            return self._pop_of("lead", leads[0], len(leads))
        if number and self.direction == "inbound":
            return {
                "kind": "lead",
                "model": "crm.lead",
                "id": False,
                "name": number.mask,
                "count": 0,
            }
        return None

    def _pop_of(self, kind, record, count):
        return {
            "kind": kind,
            "model": record._name,
            "id": record.id,
            "name": record.display_name if record else None,
            "count": count,
        }

    def _cc_owner_agent(self):
        """Of a lead without a contact its salesperson."""
        found = super()._cc_owner_agent()
        if found or self.partner_id or not self.number_id:
            return found
        # sudo: crm.lead - the salesperson's name is no secret of the lead's
        owner = self.number_id.sudo()._leads()[:1].user_id
        domain = [("user_id", "=", owner.id or 0), ("pbx_id", "=", self.pbx_id.id)]
        return found.search(domain, limit=1)

    def _cc_mine(self):
        """:return: this call as superuser
        :raise AccessError: unless the user may read it
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.call - whoever has the call sees whose number it is, as the card showed already
        return self.sudo()

    @api.readonly
    def cc_still_rings(self):
        """Ask whether this call still rings at the asking agent: its message may be a replay.

        :return: the pop as it is now, or False
        """
        call_sudo = self._cc_mine()
        rings = call_sudo.attempt_ids.filtered(
            lambda attempt: attempt.agent_id.user_id == self.env.user
            and not attempt.end_at
            and not attempt.outcome
        )
        return call_sudo._cc_pop() or False if rings and call_sudo.state != "ended" else False

    @api.readonly
    def cc_pop_choices(self):
        """Who this number may be, the likeliest first.

        :return: ``[{id, name, company, owner, last_contact (µs) or None, deals, main}]``
        """
        number_sudo = self._cc_mine().number_id
        partners_sudo = number_sudo._partners() if number_sudo else self.env["res.partner"]
        partners = partners_sudo.with_env(self.env)._filtered_access("read")
        last = partners._cc_last_contact()
        main = number_sudo.link_ids.filtered("main").partner_id
        return [
            {
                "id": partner.id,
                "name": partner.name,
                "company": partner.parent_id.name or partner.company_name or "",
                "owner": partner._cc_owner().name or "",
                "last_contact": to_us(last.get(partner.id)),
                "deals": self.env["crm.lead"].search_count(self._deals_domain(partner)),
                "main": partner.id == main.id,
            }
            for partner in partners
        ]

    def cc_pop_choose(self, partner_id, main=False):
        """Say which customer this call is with; known to the call from now on.

        :param int partner_id: a customer; the caller's number becomes one of theirs
        :param bool main: this customer comes first at the next call from this number
        :return: the pop
        """
        call_sudo = self._cc_mine()
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("read")
        self._cc_choose({"partner_id": partner.id})
        if call_sudo.number_id:
            link = call_sudo.number_id.link_ids.filtered(lambda row: row.partner_id == partner)
            if not link:
                link = link.create({"number_id": call_sudo.number_id.id, "partner_id": partner.id})
            if main:
                link.main = True
        return call_sudo._cc_pop()

    def cc_follow_up(self, model, res_id, kind, day, summary=""):
        """Agree on an activity for the agent with the customer or lead of this call (CRM-35).

        :param str model: ``res.partner`` or ``crm.lead``
        :param str kind: "call" or "todo"
        :param str day: the due date, ISO
        :return: ``{id, summary, deadline}``
        :raise AccessError: the user may not write to the customer or lead, or not read the call
        """
        self._cc_mine()
        if model not in ("res.partner", "crm.lead"):
            raise AccessError(self.env._("Calls are shown only on contacts and leads."))
        if kind not in FOLLOW_UPS:
            raise UserError(self.env._("This is not a type of follow-up."))
        record = self.env[model].browse(res_id)
        record.check_access("read")
        activity = record.activity_schedule(
            FOLLOW_UPS[kind],
            date_deadline=fields.Date.to_date(day),
            summary=summary or False,
            user_id=self.env.uid,
        )
        return {
            "id": activity.id,
            "summary": activity.summary or activity.activity_type_id.name,
            "deadline": fields.Date.to_string(activity.date_deadline),
        }

    @api.model
    def _deals_domain(self, partner):
        return [
            ("partner_id", "child_of", partner.commercial_partner_id.id),
            ("won_status", "=", "pending"),
        ]

    @api.readonly
    def cc_banner(self, model, res_id):
        """What the banner on the popped page shows of the call and the customer.

        :param str model: ``res.partner`` or ``crm.lead``
        :param int|False res_id: False on a lead that isn't saved yet
        :return: dict; times in µs since 1970
        """
        call_sudo = self._cc_mine()
        if model not in ("res.partner", "crm.lead"):
            raise AccessError(self.env._("Calls are shown only on contacts and leads."))
        record = self.env[model].browse(res_id or ())
        record.check_access("read")
        number_sudo = call_sudo.number_id
        partner = record if model == "res.partner" else record.partner_id
        deals = self.env["crm.lead"]
        if partner:
            domain = self._deals_domain(partner)
            deals = deals.search(domain, limit=LAST_DEALS, order="write_date desc, id desc")
        calls_sudo = self._cc_history_sudo(record)
        readable = calls_sudo.with_env(self.env)._filtered_access("read")
        return {
            "number": number_sudo.display or self.env._("anonymous"),
            "region": number_sudo.region or "",
            "dialled": call_sudo.dialled_display or "",
            "queue": call_sudo.queue_id.name or "",
            "direction": call_sudo.direction,
            "started_t": to_us(call_sudo.started_at),
            "owner": (partner._cc_owner() if partner else record.user_id).name or "",
            "count": len(number_sudo._partners()) if number_sudo else 0,
            "deals": [
                {
                    "id": deal.id,
                    "name": deal.name,
                    "stage": deal.stage_id.name or "",
                    "type": deal.type,
                }
                for deal in deals
                if deal != record
            ],
            "calls": [
                {
                    "id": call.id,
                    "open": call.id in readable.ids,
                    "t": to_us(call.started_at),
                    "direction": call.direction,
                    "agent": call.agent_id.name or "",
                    "talk_s": call.talk_s,
                    "loss": call.loss or False,
                    "note": call.note or "",
                    "recordings": [
                        {
                            "id": recording.id,
                            "url": recording.audio_url,
                            "duration": recording.duration_s,
                            "part": recording.part,
                            "title": recording.title if recording.kind == "consult" else "",
                        }
                        for recording in call.recording_ids.with_env(self.env)
                        ._filtered_access("read")
                        .sorted("part")
                        if recording.audio_url
                    ],
                }
                for call in calls_sudo
            ],
        }

    def _cc_history_sudo(self, record):
        """What all colleagues spoke with this call's customer, the newest first, this call left out.

        Whoever serves a caller sees when colleagues did and what they noted. What else there is in such a
        call, its recording too, is for who may read it. It counts whom the number names, by the PBX's word or
        by confirmed links: what somebody chooses on a call, or registers as one, opens no other's calls.
        """
        call_sudo = self._cc_mine()
        own = self.search(record._cc_calls_domain(), limit=LAST_CALLS + 1) if record else self
        shared = Domain.FALSE
        if call_sudo.number_id and not call_sudo.manual:
            shared |= Domain("number_id", "=", call_sudo.number_id.id)
        if call_sudo.partner_sure and not call_sudo.partner_by_id:
            shared |= Domain("partner_id", "child_of", call_sudo.partner_id.ids) & Domain(
                "partner_sure", "=", True
            )
        same = Domain("company_id", "=", call_sudo.company_id.id) & Domain(
            "direction", "!=", "internal"
        )
        found_sudo = call_sudo.search(shared & same, limit=LAST_CALLS + 1) | own.sudo()
        return (found_sudo - call_sudo).sorted("started_at", reverse=True)[:LAST_CALLS]
