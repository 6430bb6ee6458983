# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .cc_campaign_attempt import OPEN


class CcCampaign(models.Model):
    """A campaign as the bridge's dialling plug-in reads it."""

    _inherit = "cc.campaign"

    def _to_bridge(self):
        """One row of the intent's section `dialer`, in the form of the dialler protocol."""
        self.ensure_one()
        rule, _counts, formula = self._abandonment()
        return {
            "campaign": self.id,
            "rev": self.rev,
            "state": self.state if self.task_id.state == "started" else "paused",
            "mode": self.mode,
            "ratio": self.ratio,
            "interval_s": self.interval_s,
            "queue": self.queue_id.code or None,
            "action": self._action_to_bridge(),
            "message": self._message_to_bridge(),
            "lines": [line._to_bridge() for line in self.line_ids],
            "max_calls": self.max_calls,
            "max_per_agent": self.max_per_agent,
            "abandon_target": min(self.abandon_limit, rule["abandon_limit"]) / 100,
            "abandon_window_s": rule["abandon_days"] * 86400,
            "abandon_of_served": formula.of_served,
            "abandon_of_detected": formula.of_detected,
            "ring_s": max(self.ring_s, rule["ring_s"]),
            "connect_s": rule["connect_s"],
            "auto_answer": self.auto_answer,
            "amd": self._amd_to_bridge(),
            "on_machine": self.on_machine,
            "windows": self._windows_to_bridge(),
            "not_on": [row.day.isoformat() for row in self.holiday_ids],
        }

    def _strictest_rule(self):
        """What all countries in the campaign ask for together."""
        rules = self.env["cc.country.rule"]._by_code()
        countries = {country for _zones, country in self.places or []}
        held = [rules[code] for code in countries if code in rules and self.use_country_rules]
        return {
            "abandon_limit": min((rule.abandon_limit for rule in held), default=100.0),
            # the stricter formula where countries differ: with detection the estimate adds to the abandoned,
            # without it takes some off
            "abandon_formula": "estimate"
            if held and (any if self.amd else all)(r.abandon_formula == "estimate" for r in held)
            else "plain",
            "amd_wrong": max((rule.amd_wrong for rule in held), default=0.0),
            "abandon_days": min((rule.abandon_days for rule in held), default=1),
            "connect_s": min((rule.connect_s for rule in held), default=2.0),
            "ring_s": max((rule.ring_s for rule in held), default=15),
        }

    def _action_to_bridge(self):
        kind = self.on_answer
        value = {
            "queue": self.queue_id.code,
            "ivr": self.ivr_id.code,
            "play": self.sound_sha256,
            "say": self.say_text,
        }[kind]
        return {"kind": kind, "value": value or "", "language": self._language()}

    def _message_to_bridge(self):
        if self.message_sha256:
            return {"kind": "play", "value": self.message_sha256, "language": self._language()}
        if self.message_text:
            return {"kind": "say", "value": self.message_text, "language": self._language()}
        return None

    def _language(self):
        return (self.language or "en").split("_")[0]

    def _amd_to_bridge(self):
        if not self.amd:
            return None
        return {
            name: self[f"amd_{name}"]
            for name in (
                "initial_silence",
                "greeting",
                "after_greeting_silence",
                "total",
                "max_words",
            )
        }

    def _windows_to_bridge(self):
        """Own windows within the narrowest hours of the countries; the lease is checked by country again."""

        def clock(minute):
            return f"{minute // 60:02d}:{minute % 60:02d}"

        by_windows = {}
        for day, windows in enumerate(self._week()):
            by_windows.setdefault(tuple(windows), []).append(day)
        return [
            {"days": days, "from": clock(begin), "to": clock(end)}
            for windows, days in by_windows.items()
            for begin, end in windows
        ] or [{"days": [], "from": "00:00", "to": "00:01"}]


class CcPbx(models.Model):
    """The intent's section for the dialling plug-in."""

    _inherit = "cc.pbx"

    def _intent(self):
        return {**super()._intent(), "dialer": self._intent_dialer()}

    def _intent_dialer(self):
        campaigns = self.env["cc.campaign"].search(
            [
                ("pbx_id", "=", self.id),
                ("state", "in", ["running", "paused"]),
                ("mode", "!=", "preview"),
            ],
            order="id",
        )
        return {
            "campaigns": [campaign._to_bridge() for campaign in campaigns],
            "announcements": self.env["cc.network.announcement"]._intent_announcements()
            if campaigns
            else [],
        }

    def _open_leases(self):
        """Leases of this PBX's bridge that are not over, for the health page."""
        return self.env["cc.campaign.attempt"].search_count(
            [("pbx_id", "=", self.id), ("holder", "!=", False), ("state", "in", OPEN)]
        )
