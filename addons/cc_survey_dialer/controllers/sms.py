# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import hmac
import json

from odoo import http
from odoo.http import request

MOST = 256 * 1024


class SmsController(http.Controller):
    """What gateways tell: reports and replies. The secret in the path is checked before the body is read."""

    def _gateway(self, token):
        """The gateway whose secret this is, as superuser; None otherwise."""
        if not 16 <= len(token) <= 64 or not token.isascii():
            return None
        # sudo: cc.sms.gateway - the gateway is no user: its secret is what it has
        gateways_sudo = request.env["cc.sms.gateway"].sudo()
        gateway_sudo = gateways_sudo.search([("token", "=", token)], limit=1)
        if not gateway_sudo or not hmac.compare_digest(gateway_sudo.token, token):
            return None
        length = request.httprequest.content_length or 0
        if length > MOST:
            return None
        if gateway_sudo.hmac_header:
            given = request.httprequest.headers.get(gateway_sudo.hmac_header, "")
            body = request.httprequest.get_data()
            key = (gateway_sudo.password or "").encode()
            wanted = hmac.new(key, body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(wanted.encode(), given.lower().encode()):
                return None
        return gateway_sudo

    def _items(self, params):
        """The reports of a request, whatever form they come in: JSON, a list of it, a form, the address."""
        if (request.httprequest.mimetype or "").endswith("json"):
            try:
                data = json.loads(request.httprequest.get_data(as_text=True) or "{}")
            except (ValueError, RecursionError):
                return []
            if isinstance(data, dict):
                data = data.get("list") or data.get("reports") or [data]
            items = data
            return (
                [item for item in items if isinstance(item, dict)]
                if isinstance(items, list)
                else []
            )
        return [params]

    @staticmethod
    def _value(item, name):
        value = item.get(name) if name else None
        return str(value).replace("\0", "")[:1000] if value is not None else ""

    @http.route(
        "/cc/sms/report/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
    )
    def report(self, token, **params):
        """Delivery reports. Unknown secrets are answered as if there were no such page."""
        gateway_sudo = self._gateway(token)
        if not gateway_sudo:
            raise request.not_found()
        delivered = set(gateway_sudo._words(gateway_sudo.report_delivered))
        waiting = set(gateway_sudo._words(gateway_sudo.report_waiting))
        for item in self._items(params):
            ref = self._value(item, gateway_sudo.report_ref)
            status = self._value(item, gateway_sudo.report_status)
            if not ref or not status:
                continue
            state = (
                "delivered" if status in delivered else "sent" if status in waiting else "failed"
            )
            gateway_sudo.env["cc.sms.report"]._take(gateway_sudo, ref[:128], state, status)
        return request.make_response("ok", [("Content-Type", "text/plain")])

    @http.route(
        "/cc/sms/inbox/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
    )
    def inbox(self, token, **params):
        """Replies."""
        gateway_sudo = self._gateway(token)
        if not gateway_sudo:
            raise request.not_found()
        for item in self._items(params):
            number = self._value(item, gateway_sudo.inbox_number)
            text = self._value(item, gateway_sudo.inbox_text)
            if number:
                gateway_sudo.env["cc.sms.message"]._receive(
                    gateway_sudo, number, text, self._value(item, gateway_sudo.inbox_ref)[:100]
                )
        return request.make_response("ok", [("Content-Type", "text/plain")])
