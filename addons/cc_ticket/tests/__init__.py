# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_access_walk,
    test_attacks,
    test_concurrency,
    test_deadlines,
    test_js,
    test_knowledge,
    test_mail,
    test_moves,
    test_oca_document_page,
    test_oca_document_page_access_group,
    test_oca_document_page_approval,
    test_oca_helpdesk_mgmt,
    test_oca_helpdesk_mgmt_rating,
    test_oca_helpdesk_mgmt_sla,
    test_parcel,
    test_report,
    test_tour,
    test_upgrade,
    test_withstand,
    test_working_time,
)
