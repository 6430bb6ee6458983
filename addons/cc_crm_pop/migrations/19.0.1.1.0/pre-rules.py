# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def migrate(cr, version):
    """Record rules are the addon's to mend: thaw them, so that an upgrade writes what it brings.

    A rule that an administrator made has no such row and stays as it is.
    """
    cr.execute(
        "UPDATE ir_model_data SET noupdate = false WHERE module = 'cc_crm_pop' AND model = 'ir.rule'"
    )
