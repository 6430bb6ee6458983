# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_access,
    test_announcement,
    test_bridge_routes,
    test_call_card,
    test_call_controls,
    test_call_log,
    test_commands,
    test_dialling,
    test_hostile,
    test_ingest_agents,
    test_ingest_calls,
    test_intent,
    test_js,
    test_phone_number,
    test_recent,
    test_recording,
    test_sign_in,
    test_targets,
    test_token,
    test_tour,
)
