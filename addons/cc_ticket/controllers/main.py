# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.http import request


class TicketController(HelpdeskTicketController):
    """OCA's portal routes, without their holes."""

    @http.route()
    def support_ticket_close(self, **kw):
        """Close one's own ticket: OCA's route closes anybody's, and jumps over a flow."""
        try:
            ticket_id = int(kw.get("ticket_id") or 0)
        except ValueError as error:
            raise Forbidden from error
        ticket = request.env["helpdesk.ticket"].browse(ticket_id).exists()
        if not ticket or not ticket.has_access("read"):
            raise Forbidden
        partner = request.env.user.commercial_partner_id
        # sudo: helpdesk.ticket - whose ticket it is; read access checked above
        ticket_sudo = ticket.sudo()
        if ticket_sudo.cc_template_id:
            raise Forbidden(request.env._("This ticket follows a flow; answer it instead."))
        if request.env.user.share and ticket_sudo.commercial_partner_id != partner:
            raise Forbidden
        if not request.env.user.share and not ticket.has_access("write"):
            raise Forbidden
        return super().support_ticket_close(**kw)
