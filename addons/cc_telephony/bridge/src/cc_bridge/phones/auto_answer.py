# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How a phone is asked to answer by itself."""

#: A variable for an Originate; docs/architecture/browser.md.
AUTO_ANSWER = "PJSIP_HEADER(add,Alert-Info)=<cc:auto>;info=auto-answer"
