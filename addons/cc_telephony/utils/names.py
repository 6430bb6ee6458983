# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Names that the PBX's files can hold. The bridge's encoder has the same rules, and tests compare them."""

import re

_NAME = re.compile(r"(?!general$)[A-Za-z0-9][A-Za-z0-9_-]{1,39}")
_EXTENSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,31}")


def is_pbx_name(text):
    """Whether a queue, trunk or music class may be called so.

    Names of one letter mean something of their own in a dialplan, "general" in most files.
    """
    return bool(_NAME.fullmatch(text))


def is_extension(text):
    """Whether a phone may register under this name. A "-" ends it in the names of channels."""
    return bool(_EXTENSION.fullmatch(text))
