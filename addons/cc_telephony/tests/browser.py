# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase


class TourCase(HttpCase):
    """Tours, with more patience than Odoo's minute for the whole of one."""

    def start_tour(self, url_path, tour_name, **kwargs):
        return super().start_tour(url_path, tour_name, **{"timeout": 240, **kwargs})
