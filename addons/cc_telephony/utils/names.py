# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Names that the PBX's files can hold."""

from .contract import names


def is_pbx_name(text):
    """Whether a queue, trunk or music class may be called so.

    Names of one letter mean something of their own in a dialplan, "general" in most files.
    """
    return bool(names.CODE.fullmatch(text))


def is_extension(text):
    """Whether a phone may register under this name. A "-" ends it in the names of channels."""
    return bool(names.EXTENSION.fullmatch(text))
