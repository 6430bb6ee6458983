# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The PBX, its bridge and what it is told: extensions, trunks, rules, commands, facts set aside."""

# what others inherit comes first
from . import cc_bell_mixin, cc_pbx_part_mixin

# isort: split
from . import (
    cc_command,
    cc_dial_alarm,
    cc_dial_destination,
    cc_dial_rule,
    cc_extension,
    cc_extension_live,
    cc_fact_rejected,
    cc_pbx,
    cc_pbx__dialling,
    cc_pbx__facts,
    cc_pbx__health,
    cc_pbx__intent,
    cc_pbx__lookup,
    cc_pbx_cursor,
    cc_trunk,
)
