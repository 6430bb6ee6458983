# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Numbers that somebody sends who is not a form."""

from math import isfinite

from odoo.exceptions import ValidationError


def check_finite_rows(env, vals_list, rows, names):
    """The same for rows that come with their record: Odoo rounds them before it makes them.

    :param rows: the one2many field
    """
    commands = [command for vals in vals_list for command in vals.get(rows) or ()]
    check_finite(env, [c[2] for c in commands if len(c) > 2 and isinstance(c[2], dict)], names)


def check_finite(env, vals_list, names):
    """Refuse what is no number before Odoo rounds it: infinity, not-a-number, words.

    :param vals_list: values of `create` or `write`
    :param names: the fields that hold numbers
    :raise ValidationError: one of them is none
    """
    for vals in vals_list:
        for name in names:
            try:
                right = isfinite(float(vals.get(name) or 0))
            except (TypeError, ValueError):
                right = False
            if not right:
                raise ValidationError(env._("Enter a number."))
