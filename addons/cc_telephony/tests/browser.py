# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os

from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser


class SlowBrowser:
    """With CC_SLOW_BROWSER=8 the browser is so many times slower: what fails then fails on a busy machine."""

    def setUp(self):
        super().setUp()
        times = int(os.environ.get("CC_SLOW_BROWSER", "1"))
        navigate = ChromeBrowser.navigate_to

        def slowly(browser, *args, **kwargs):
            browser._websocket_request("Emulation.setCPUThrottlingRate", params={"rate": times})
            return navigate(browser, *args, **kwargs)

        if times > 1:
            self.patch(ChromeBrowser, "navigate_to", slowly)


class TourCase(SlowBrowser, HttpCase):
    """Tours, with more patience than Odoo's minute for the whole of one."""

    def start_tour(self, url_path, tour_name, **kwargs):
        return super().start_tour(url_path, tour_name, **{"timeout": 240, **kwargs})
