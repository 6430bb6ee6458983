# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import logging
from urllib.parse import quote

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)

SECONDS = 8
# what a carrier answers is a page at most
MOST_BYTES = 500_000


class ParcelError(Exception):
    """A provider has nothing to tell; the text is for people."""


def walk(data, path):
    """:return: what stands at a dotted path (``data.0.events``); None where there is nothing"""
    for part in filter(None, (path or "").split(".")):
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


class CcParcelProvider(models.Model):
    """Where the way of a parcel is asked for.

    One interface: ``_cc_track(number)``. An addon adds a kind to ``kind`` and a method
    ``_cc_track_<kind>(number)``.
    """

    _name = "cc.parcel.provider"
    _description = "Parcel tracking"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("http", "Asks a web service"), ("link", "Opens the carrier's page")],
        default="http",
        required=True,
    )
    url = fields.Char(
        help="{number} stands for the parcel's number: https://carrier.example/track?no={number}"
    )
    header = fields.Char("Header of the key", help="For example: Authorization")
    secret = fields.Char("Key", groups="cc_telephony.group_admin")
    events_path = fields.Char("Path to the events", default="events", help="As in data.0.events")
    time_key = fields.Char("Time of an event", default="time")
    text_key = fields.Char("Text of an event", default="text")
    state_path = fields.Char("Path to the state", default="state")
    failed_at = fields.Datetime("Did not answer", readonly=True)
    failure = fields.Char("Why", readonly=True)

    @api.constrains("url", "kind")
    def _check_url(self):
        for row in self.filtered(lambda row: row.kind in ("http", "link")):
            url = row.url or ""
            if not url.startswith(("http://", "https://")) or "{number}" not in url:
                raise ValidationError(
                    self.env._("The address must begin with http and contain {number}.")
                )

    def _cc_url(self, number):
        self.ensure_one()
        return self.url.replace("{number}", quote(number, safe=""))

    def _cc_track(self, number):
        """Ask where a parcel is.

        :return: ``{"state": text, "events": [{"t": text, "text": text}], "link": url or None}``
        :raise ParcelError: no answer, or none that can be read
        """
        self.ensure_one()
        return getattr(self, f"_cc_track_{self.kind}")(number)

    def _cc_track_link(self, number):
        return {"state": "", "events": [], "link": self._cc_url(number)}

    def _cc_track_http(self, number):
        # sudo: cc.parcel.provider - the key is used, not shown
        secret = self.sudo().secret
        headers = {self.header: secret} if self.header and secret else {}
        try:
            with requests.get(
                self._cc_url(number), headers=headers, timeout=SECONDS, stream=True
            ) as answer:
                answer.raise_for_status()
                body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            if len(body) > MOST_BYTES:
                raise ParcelError(self.env._("The answer is too long."))
        except requests.Timeout as error:
            raise ParcelError(
                self.env._("No answer within %(seconds)s seconds.", seconds=SECONDS)
            ) from error
        except (requests.RequestException, OSError) as error:
            status = getattr(getattr(error, "response", None), "status_code", None)
            raise ParcelError(
                self.env._("The carrier returned error %(status)s.", status=status)
                if status
                else self.env._("The carrier can't be reached.")
            ) from error
        return {**self._cc_read_answer(body), "link": None}

    def _cc_read_answer(self, body):
        """:return: ``{"state": text, "events": [{"t": text, "text": text}]}`` of a web service's JSON
        :raise ParcelError: it can't be read
        """
        self.ensure_one()
        try:
            data = json.loads(body)
        except ValueError as error:
            raise ParcelError(self.env._("The answer can't be read.")) from error
        events = walk(data, self.events_path)
        if not isinstance(events, list):
            raise ParcelError(self.env._("The answer has no events."))
        return {
            "state": str(walk(data, self.state_path) or ""),
            "events": [
                {
                    "t": str(walk(event, self.time_key) or ""),
                    "text": str(walk(event, self.text_key) or ""),
                }
                for event in events[:200]
                if isinstance(event, dict)
            ],
        }


class CcTicketParcel(models.Model):
    """A parcel of a ticket, and what its carrier said last."""

    _name = "cc.ticket.parcel"
    _description = "Parcel of a ticket"
    _rec_name = "number"
    _order = "id desc"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    number = fields.Char("Parcel number", required=True)
    provider_id = fields.Many2one(
        "cc.parcel.provider", "Carrier", required=True, ondelete="restrict"
    )
    state = fields.Char(readonly=True)
    events = fields.Json(readonly=True)
    events_text = fields.Text("Tracking", compute="_compute_events_text")
    checked_at = fields.Datetime("Last checked", readonly=True)
    failure = fields.Char("Carrier does not answer", readonly=True)

    _once = models.Constraint(
        "UNIQUE (ticket_id, number, provider_id)", "This parcel is already on the ticket."
    )

    @api.depends("events")
    def _compute_events_text(self):
        for row in self:
            row.events_text = "\n".join(
                f"{event['t']}  {event['text']}".strip() for event in row.events or ()
            )

    @api.constrains("number")
    def _check_number(self):
        for row in self:
            if not row.number.strip() or len(row.number) > 60:
                raise ValidationError(self.env._("A parcel number must have 1 to 60 characters."))

    def action_track(self):
        """Ask the carrier. One who does not answer is said so and keeps nobody from working."""
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.ticket.parcel, cc.parcel.provider - what the carrier says is the system's to write
        row_sudo = self.sudo()
        provider_sudo = row_sudo.provider_id
        now = fields.Datetime.now()
        try:
            found = provider_sudo._cc_track(row_sudo.number.strip())
        except ParcelError as error:
            row_sudo.write({"failure": str(error), "checked_at": now})
            provider_sudo.write({"failure": str(error), "failed_at": now})
            return self._cc_notice(
                self.env._("%(name)s: %(why)s", name=provider_sudo.name, why=error), "warning"
            )
        except Exception:
            # a plug-in's mistake is its own
            _logger.exception("Parcel provider %s", provider_sudo.id)
            row_sudo.write({"failure": self.env._("An error in its plug-in."), "checked_at": now})
            return self._cc_notice(
                self.env._("%(name)s: an error in its plug-in.", name=provider_sudo.name), "warning"
            )
        row_sudo.write(
            {
                "state": found["state"],
                "events": found["events"],
                "failure": False,
                "checked_at": now,
            }
        )
        if provider_sudo.failed_at:
            provider_sudo.write({"failure": False, "failed_at": False})
        if found.get("link"):
            return {"type": "ir.actions.act_url", "url": found["link"], "target": "new"}
        return self._cc_notice(found["state"] or self.env._("Tracking updated."), "success")

    def _cc_notice(self, text, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    cc_parcel_ids = fields.One2many("cc.ticket.parcel", "ticket_id", "Parcels")

    def cc_track(self, parcel_id):
        """Ask where a parcel of this ticket is."""
        self.ensure_one()
        parcel = self.env["cc.ticket.parcel"].browse(parcel_id)
        if parcel.ticket_id != self:
            raise UserError(self.env._("This parcel does not belong to this ticket."))
        return parcel.action_track()
