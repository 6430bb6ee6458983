# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import controllers, models, report, wizards
from .hooks import post_init_hook, pre_init_hook
