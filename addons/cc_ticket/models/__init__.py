# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    cc_agent,
    cc_call,
    cc_ticket_dial,
    cc_ticket_extension,
    cc_ticket_move,
    cc_ticket_reader,
    cc_ticket_step,
    cc_ticket_template,
    cc_ticket_template_version,
    cc_ticket_turn,
    cc_working_day,
    helpdesk_sla,
    helpdesk_ticket,
    helpdesk_ticket_desk,
    helpdesk_ticket_flow,
    helpdesk_ticket_mail,
    hr_department,
    res_partner,
    res_users,
    resource_calendar,
)
