# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""People who take calls: their states, phones, buttons."""

from . import (
    cc_agent,
    cc_agent__command,
    cc_agent__command_lead,
    cc_agent__command_talk,
    cc_agent__command_target,
    cc_agent__confirm,
    cc_agent__phone,
    cc_agent__recent,
    cc_agent__sign_in,
    cc_agent__targets,
    cc_agent_interval,
    cc_agent_memory,
    cc_agent_session,
    cc_break_reason,
)
