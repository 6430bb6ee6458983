# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Steps know the first of their versions, and turns too: figures are counted by these, in hours. Written by the database:
there may be hundreds of thousands of turns."""


def migrate(cr, _version):
    cr.execute("ALTER TABLE cc_ticket_step ADD COLUMN IF NOT EXISTS first_id integer")
    cr.execute("ALTER TABLE cc_ticket_turn ADD COLUMN IF NOT EXISTS first_step_id integer")
    cr.execute(
        """UPDATE cc_ticket_step step SET first_id = first.id
             FROM (SELECT step.id AS step_id,
                          min(step.id) OVER (PARTITION BY version.template_id, step.code) AS id
                     FROM cc_ticket_step step
                     JOIN cc_ticket_template_version version ON version.id = step.version_id) first
            WHERE first.step_id = step.id"""
    )
    cr.execute("ALTER TABLE cc_ticket_turn ADD COLUMN IF NOT EXISTS work_h double precision")
    cr.execute("UPDATE cc_ticket_turn SET work_h = COALESCE(work_s, 0) / 3600.0")
    cr.execute(
        """UPDATE cc_ticket_turn turn SET first_step_id = step.first_id
             FROM cc_ticket_step step WHERE step.id = turn.step_id"""
    )
