# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcRecordingMeasure(models.Model):
    """What can be measured of a conversation on two channels, and its waveform."""

    _name = "cc.recording.measure"
    _description = "Measures of a recording"
    _rec_name = "recording_id"

    recording_id = fields.Many2one("cc.recording", required=True, ondelete="cascade")
    call_id = fields.Many2one(related="recording_id.call_id", store=True, index=True)
    state = fields.Selection(
        [("done", "Measured"), ("mono", "One channel only"), ("failed", "Cannot be read")],
        required=True,
    )
    problem = fields.Char()
    length_s = fields.Float("Length (s)")
    customer_share = fields.Float("Customer talks (%)", digits=(16, 1), aggregator="avg")
    agent_share = fields.Float("Agent talks (%)", digits=(16, 1), aggregator="avg")
    overtalk = fields.Float("Talking over each other (%)", digits=(16, 1), aggregator="avg")
    silence = fields.Float("Silence (%)", digits=(16, 1), aggregator="avg")
    longest_silence_s = fields.Float("Longest silence (s)", digits=(16, 1), aggregator="max")
    first_word_s = fields.Float(
        "First words after (s)",
        digits=(16, 1),
        aggregator="avg",
        help="-1: the agent said nothing.",
    )
    peaks = fields.Json()

    _recording_unique = models.UniqueIndex("(recording_id)")

    def _cc_figures(self):
        """:return: label and value of each figure, for the score sheet"""
        self.ensure_one()
        if self.state != "done":
            return []
        first = (
            self.env._("%(seconds).1f s", seconds=self.first_word_s)
            if self.first_word_s >= 0
            else "–"
        )
        return [
            {"label": self.env._("Agent talks"), "value": f"{self.agent_share:.0f} %"},
            {"label": self.env._("Customer talks"), "value": f"{self.customer_share:.0f} %"},
            {"label": self.env._("Over each other"), "value": f"{self.overtalk:.0f} %"},
            {"label": self.env._("Silence"), "value": f"{self.silence:.0f} %"},
            {
                "label": self.env._("Longest silence"),
                "value": self.env._("%(seconds).1f s", seconds=self.longest_silence_s),
            },
            {"label": self.env._("First words"), "value": first},
        ]

    @api.depends("recording_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.recording_id.display_name
