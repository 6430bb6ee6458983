# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def migrate(cr, version):
    """Customer, purpose and source move from the notes to their calls; salespeople become owners."""
    for name in ("partner", "purpose", "source"):
        cr.execute(
            """SELECT 1 FROM information_schema.columns
                WHERE table_name = 'cc_call_note' AND column_name = %s""",
            [f"{name}_id"],
        )
        if cr.fetchone():
            cr.execute(
                f"""UPDATE cc_call call
                       SET {name}_id = note.{name}_id,
                           {name}_by_id = COALESCE(note.write_uid, note.create_uid)
                      FROM cc_call_note note
                     WHERE note.call_id = call.id AND note.{name}_id IS NOT NULL"""
            )
            cr.execute(f"ALTER TABLE cc_call_note DROP COLUMN {name}_id")
    # what somebody chose, and what the number says that is one customer's only
    cr.execute(
        """UPDATE cc_call call SET partner_sure = true
            WHERE partner_id IS NOT NULL
              AND (partner_by_id IS NOT NULL
                   OR NOT EXISTS (SELECT 1 FROM cc_phone_link link
                                   WHERE link.number_id = call.number_id
                                     AND link.partner_id IS DISTINCT FROM call.partner_id))"""
    )
    # so far the salesperson, if an agent, saw and heard the customer's calls
    cr.execute(
        """INSERT INTO cc_customer_owner
               (partner_id, user_id, how, given_by_id, given_at, create_uid, create_date)
           SELECT partner.id, partner.user_id, 'migration', 1, now() AT TIME ZONE 'UTC',
                  1, now() AT TIME ZONE 'UTC'
             FROM res_partner partner
            WHERE partner.user_id IN (SELECT user_id FROM cc_agent)
              AND NOT EXISTS (SELECT 1 FROM cc_customer_owner owner
                               WHERE owner.partner_id = partner.id AND owner.ended_at IS NULL)"""
    )
