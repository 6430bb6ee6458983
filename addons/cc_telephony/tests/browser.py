# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tests with a browser or with requests on a machine that is busy with other things as well.

Odoo gives Chrome ten seconds to start and to answer, a request twelve, and twenty to wait for the one before
it. What is exceeded fails a test, or skips it, which is no better.
"""

import time
from unittest.mock import patch

from odoo.tests import HttpCase, common

PATIENCE_S = 120


class PatientBrowser(common.ChromeBrowser):
    """Chrome that may be slow to start, to answer and to end."""

    def _spawn_chrome(self, cmd):
        iterations = round(PATIENCE_S / common.CHECK_BROWSER_SLEEP)
        with patch.object(common, "CHECK_BROWSER_ITERATIONS", iterations):
            return super()._spawn_chrome(cmd)

    def _json_command(self, command, timeout=PATIENCE_S):
        return super()._json_command(command, timeout)

    def _open_websocket(self):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and "page" not in self._target_types():
            time.sleep(0.1)
        return super()._open_websocket()

    def _target_types(self):
        return {target["type"] for target in self._json_command("")}

    def _websocket_request(self, method, *, params=None, timeout=PATIENCE_S):
        return super()._websocket_request(method, params=params, timeout=max(timeout, PATIENCE_S))

    def _wait_ready(self, ready_code=None, timeout=2 * PATIENCE_S):
        return super()._wait_ready(ready_code, timeout)

    def stop(self):
        wait = self.chrome.wait
        with patch.object(self.chrome, "wait", lambda _timeout: wait(PATIENCE_S)):
            return super().stop()


class PatientCase(HttpCase):
    """Requests, and pages of a browser, that may take their time."""

    test_cursor_lock_timeout = PATIENCE_S

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if kw.get("timeout"):
            kw["timeout"] = max(kw["timeout"], PATIENCE_S)
        return super()._request_handler(s, r, **kw)

    def _wait_remaining_requests(self, timeout=PATIENCE_S):
        return super()._wait_remaining_requests(timeout)

    def browser_js(self, *args, **kwargs):
        with patch.object(common, "ChromeBrowser", PatientBrowser):
            return super().browser_js(*args, **kwargs)


class TourCase(PatientCase):
    """Tours: each step may take a minute (``static/tests/tours/patience.js``), the whole a quarter of an hour."""

    def start_tour(self, url_path, tour_name, **kwargs):
        return super().start_tour(url_path, tour_name, **{"timeout": 900, **kwargs})
