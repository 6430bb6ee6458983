# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import logging

from odoo import api, fields, models

from ..utils.sound import measure

_logger = logging.getLogger(__name__)


class CcRecording(models.Model):
    """What the score sheet's player asks of a recording."""

    _inherit = "cc.recording"

    measure_ids = fields.One2many(
        "cc.recording.measure", "recording_id", groups="cc_telephony.group_leader"
    )
    transcript_ids = fields.One2many(
        "cc.transcript", "recording_id", groups="cc_telephony.group_leader"
    )

    @api.model
    def _store(self, call, part, sha256, duration_ms, file_format, data):
        """Stored recordings are measured in the background."""
        row = super()._store(call, part, sha256, duration_ms, file_format, data)
        if row and row.state == "stored" and not row.measure_ids:
            row.with_delay(
                description=self.env._("Measure a recording"),
                identity_key=f"cc_quality.measure.{row.id}",
            )._cc_job_measure()
        return row

    def _cc_job_measure(self):
        """Measure a recording on two channels. Again, it changes nothing; what is gone is left."""
        self.ensure_one()
        if not self.exists() or self.state != "stored" or self.measure_ids:
            return
        data = self._attachment().raw
        if not data:
            return
        try:
            found = measure(io.BytesIO(data))
        except Exception as error:
            _logger.info("recording %s cannot be measured: %s", self.id, error)
            values = {"state": "failed", "problem": str(error)[:200]}
        else:
            values = {
                "state": "done" if found.channels == 2 and found.length_s else "mono",
                "length_s": found.length_s,
                "customer_share": found.customer_share,
                "agent_share": found.agent_share,
                "overtalk": found.overtalk,
                "silence": found.silence,
                "longest_silence_s": found.longest_silence_s,
                "first_word_s": found.first_word_s,
                "peaks": found.peaks,
            }
        self.env["cc.recording.measure"].create({"recording_id": self.id, **values})
        if self.env["cc.transcript"]._cc_engine_name():
            self.with_delay(
                description=self.env._("Transcribe a recording"),
                identity_key=f"cc_quality.transcribe.{self.id}",
            )._cc_job_transcribe()

    def _cc_job_transcribe(self):
        """Have the recording transcribed, if an engine is on and the recording is still there."""
        self.ensure_one()
        if self.exists() and self.state == "stored":
            self.env["cc.transcript"]._cc_transcribe(self)

    def _cc_player_data(self):
        """:return: what the player needs; call as a user who may read the recording"""
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.recording.measure - read with its recording, which was checked
        measure_sudo = self.sudo().measure_ids[:1]
        # sudo: cc.transcript - read with its recording, which was checked
        transcript_sudo = self.sudo().transcript_ids[:1]
        return {
            "id": self.id,
            "url": self.audio_url,
            "duration": self.duration_s,
            "channels": self.channels,
            "consult": self.kind == "consult",
            "title": self.title,
            "part": self.part,
            "peaks": measure_sudo.peaks or False,
            "measures": measure_sudo._cc_figures() if measure_sudo else [],
            "words": [
                {
                    "id": f"word{hit.id}",
                    "at_s": hit.at_s,
                    "text": hit.word_id.name,
                    "required": hit.kind == "required",
                }
                for hit in transcript_sudo.hit_ids
            ],
            "missing": transcript_sudo.missing or "",
            "lines": transcript_sudo._cc_lines() if transcript_sudo else [],
        }
