# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...utils.dashboard import PERIODS, Tile, make_period

_logger = logging.getLogger(__name__)


class CcDashboard(models.AbstractModel):
    """The page with the day's figures: tiles of all addons, each shown to those who may see it."""

    _name = "cc.dashboard"
    _description = "Dashboard"

    @api.model
    def _cc_tiles(self):
        """Tiles by name; addons add theirs.

        :return: `{name: Tile}`
        """
        return {
            "cc_telephony.service": Tile(
                title=self.env._("Inbound service"),
                sequence=10,
                groups="cc_telephony.group_leader",
                data="_cc_tile_service",
                action="cc_telephony.cc_report_queue_action",
            ),
            "cc_telephony.traffic": Tile(
                title=self.env._("Queue calls"),
                sequence=20,
                groups="cc_telephony.group_leader",
                data="_cc_tile_traffic",
                action="cc_telephony.cc_report_queue_action",
                kind="bars",
            ),
            "cc_telephony.calls": Tile(
                title=self.env._("Traffic"),
                sequence=25,
                groups="cc_telephony.group_leader",
                data="_cc_tile_calls",
                action="cc_telephony.cc_report_traffic_action",
                kind="bars",
            ),
            "cc_telephony.missed": Tile(
                title=self.env._("Missed calls"),
                sequence=12,
                groups="cc_telephony.group_agent",
                data="_cc_tile_missed",
                action="cc_telephony.cc_missed_call_action",
            ),
            "cc_telephony.agents": Tile(
                title=self.env._("Agents' time"),
                sequence=15,
                groups="cc_telephony.group_leader",
                data="_cc_tile_agents",
                action="cc_telephony.cc_report_status_action",
            ),
        }

    @api.model
    def get_tiles(self, period="today"):
        """What the page shows to this user.

        :param str period: key of `PERIODS`
        :return: `{"tiles": [{"name", "title", "kind", "action", "figures", "series", "labels"}], "period",
            "complete_until": UTC text or False, "stale": number of keys that wait}`
        """
        if not self.env.user.has_group("cc_telephony.group_agent"):
            raise AccessError(
                self.env._("The dashboard is only available to members of the contact centre.")
            )
        span = make_period(
            period if period in PERIODS else "today",
            fields.Datetime.now(),
            self.env.context.get("tz") or self.env.user.tz or "UTC",
        )
        tiles = []
        for name, tile in sorted(self._cc_tiles().items(), key=lambda item: item[1].sequence):
            if tile.groups and not self.env.user.has_groups(tile.groups):
                continue
            tiles.append(
                {
                    "name": name,
                    "title": tile.title,
                    "kind": tile.kind,
                    "action": tile.action or False,
                    **self._tile_data(name, tile, span),
                }
            )
        # sudo: cc.stat.clock, cc.stat.dirty - how fresh figures are is no secret
        clock_sudo = self.env["cc.stat.clock"].sudo().search([], limit=1)
        stale = self.env["cc.stat.dirty"].sudo().search_count([])
        return {
            "tiles": tiles,
            "period": span.key,
            "begin": fields.Datetime.to_string(span.begin),
            "end": fields.Datetime.to_string(span.end),
            "complete_until": fields.Datetime.to_string(clock_sudo.border_at) or False,
            "stale": stale,
        }

    def _tile_data(self, name, tile, span):
        """A tile that fails is shown as such and spoils no other."""
        try:
            with self.env.cr.savepoint():
                return {"figures": [], "series": [], "labels": [], **getattr(self, tile.data)(span)}
        except Exception:
            _logger.exception("Tile %s failed", name)
            return {"figures": [], "series": [], "labels": [], "failed": True}

    def _cc_tile_service(self, period):
        """Offered, answered, hung up, service level, average speed of answer, longest wait."""
        report = self.env["cc.report.queue"]
        names = ("offered", "answered", "abandoned", "service_level", "answer_wait_s")
        sums = [f"{name}:avg" if name in report._ratios() else f"{name}:sum" for name in names]
        row = report._read_group(period.domain("date"), [], [*sums, "wait_longest_s:max"])[0]
        labels = (
            (self.env._("Offered"), "count"),
            (self.env._("Answered"), "count"),
            (self.env._("Abandoned"), "count"),
            (self.env._("Service level"), "ratio"),
            (self.env._("Average speed of answer"), "seconds"),
            (self.env._("Longest wait"), "seconds"),
        )
        nothing = not row[0] and not row[1]
        return {
            "figures": [
                {
                    "label": label,
                    "unit": unit,
                    # nobody answered: there is no speed of answer, which is not 0
                    "value": None
                    if unit != "count" and (nothing or value is False)
                    else value or 0,
                }
                for (label, unit), value in zip(labels, row, strict=True)
            ]
        }

    def _cc_tile_traffic(self, period):
        """Answered and abandoned visits by hour or day."""
        report = self.env["cc.report.queue"].with_context(cc_period=period.grain)
        rows = report._read_group(
            period.domain("date"), [f"date:{period.grain}"], ["answered:sum", "abandoned:sum"]
        )
        times = [fields.Datetime.to_string(row[0]) for row in rows]
        return {
            "labels": times,
            "grain": period.grain,
            "series": [
                {"label": self.env._("Answered"), "values": [row[1] for row in rows]},
                {"label": self.env._("Abandoned"), "values": [row[2] for row in rows]},
            ],
        }

    def _cc_tile_calls(self, period):
        """Inbound, answered, hung up by the caller, outbound, by hour or day (TEL-33)."""
        names = ("inbound", "answered", "caller_hung_up", "outbound")
        rows = self.env["cc.report.call"]._read_group(
            period.domain("date"),
            [f"date:{period.grain}"],
            [f"{name}:sum" for name in names],
        )
        words = self.env["cc.report.call"].fields_get(names, ["string"])
        return {
            "labels": [fields.Datetime.to_string(row[0]) for row in rows],
            "grain": period.grain,
            "series": [
                {"label": words[name]["string"], "values": [row[n] for row in rows]}
                for n, name in enumerate(names, 1)
            ],
        }

    def _cc_tile_agents(self, period):
        """Time signed in and in talk, occupancy, average call (TEL-34)."""
        report = self.env["cc.report.agent"]
        names = ("signed_in_s", "talk_s", "talk_share", "occupancy", "average_s", "handled")
        ratios = report._ratios()
        row = report._read_group(
            period.domain("date"),
            [],
            [f"{name}:avg" if name in ratios else f"{name}:sum" for name in names],
        )[0]
        words = report.fields_get(names, ["string", "help"])
        units = ("seconds", "seconds", "ratio", "ratio", "seconds", "count")
        return {
            "figures": [
                {
                    "label": words[name]["string"],
                    "help": words[name].get("help"),
                    "unit": unit,
                    "value": None if name in ratios and value is False else value or 0,
                }
                for name, unit, value in zip(names, units, row, strict=True)
            ]
        }

    def _cc_tile_missed(self, period):
        """Missed in the period, and what is left to be done at all (TEL-18)."""
        missed = self.env["cc.missed.call"]
        count = missed.search_count
        return {
            "figures": [
                {
                    "label": self.env._("Missed"),
                    "unit": "count",
                    "value": count(period.domain("missed_at")),
                },
                {
                    "label": self.env._("To do now"),
                    "unit": "count",
                    "value": count([("state", "=", "open")]),
                },
            ]
        }
