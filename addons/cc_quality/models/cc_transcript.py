# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import tempfile

from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.search_text import Query, tsvector
from odoo.fields import Domain
from odoo.tools import SQL

from ..utils.transcripts import EngineFailed, find, lines, own_engine, run

_logger = logging.getLogger(__name__)
OFF = "off"


class CcTranscript(models.Model):
    """What was said in a recording, as an engine heard it."""

    _name = "cc.transcript"
    _description = "Transcript"
    _order = "id desc"
    _rec_name = "recording_id"

    recording_id = fields.Many2one("cc.recording", required=True, ondelete="cascade")
    call_id = fields.Many2one(related="recording_id.call_id", store=True, index=True)
    agent_id = fields.Many2one(related="call_id.agent_id", store=True)
    started_at = fields.Datetime(related="call_id.started_at", store=True)
    state = fields.Selection([("done", "Done"), ("failed", "Failed")], required=True)
    engine = fields.Char(required=True)
    language = fields.Char()
    problem = fields.Char()
    text = fields.Text()
    said = fields.Text("What was said", compute="_compute_said", search="_search_said")
    words = fields.Json()
    hit_ids = fields.One2many("cc.transcript.hit", "transcript_id", "Words found")
    forbidden_count = fields.Integer("Forbidden words", compute="_compute_counts", store=True)
    missing = fields.Char("Required words missing", compute="_compute_counts", store=True)

    _recording_unique = models.UniqueIndex("(recording_id)")

    def init(self):
        """What was said is found as articles of the knowledge base are: by terms, Chinese in pairs of signs."""
        self.env.cr.execute(
            SQL("ALTER TABLE cc_transcript ADD COLUMN IF NOT EXISTS terms tsvector")
        )
        self.env.cr.execute(
            SQL("CREATE INDEX IF NOT EXISTS cc_transcript_terms ON cc_transcript USING gin (terms)")
        )
        rows = self.env.execute_query(SQL("SELECT id FROM cc_transcript WHERE terms IS NULL"))
        self.browse([row_id for (row_id,) in rows])._index()

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._index()
        return rows

    def _index(self):
        self.flush_recordset(["text"])
        for row in self.filtered("text"):
            self.env.cr.execute(
                SQL(
                    "UPDATE cc_transcript SET terms = %s::tsvector WHERE id = %s",
                    tsvector([(row.text, "A")]),
                    row.id,
                )
            )

    @api.depends("text")
    def _compute_said(self):
        for row in self:
            row.said = row.text

    @api.model
    def _search_said(self, operator, value):
        if operator != "ilike":
            return NotImplemented
        query = Query(value)
        if not query:
            return Domain.TRUE
        return Domain(
            "id",
            "in",
            SQL("(SELECT id FROM cc_transcript WHERE terms @@ %s::tsquery)", query.strict),
        )

    @api.depends("hit_ids", "text")
    def _compute_counts(self):
        required = self.env["cc.transcript.word"].search([("kind", "=", "required")])
        for row in self:
            row.forbidden_count = len(
                row.hit_ids.filtered(lambda hit: hit.word_id.kind == "forbidden")
            )
            lacking = required - row.hit_ids.word_id if row.state == "done" else required.browse()
            row.missing = ", ".join(lacking.mapped("name")) or False

    @api.model
    def _cc_engines(self):
        """Engines by name; addons add theirs.

        :return: `{name: utils.transcripts.Engine}`
        """
        return {
            "pocketsphinx": own_engine("pocketsphinx", "pocketsphinx_engine.py"),
            "sherpa": own_engine("sherpa-onnx", "sherpa_engine.py"),
        }

    @api.model
    def _cc_setting(self, name, default=""):
        # sudo: ir.config_parameter - set by administrators
        return (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param(f"cc_quality.transcript_{name}", default)
        )

    @api.model
    def _cc_engine_name(self):
        """:return: name of the engine in use; None when transcripts are off, as they are at first"""
        name = self._cc_setting("engine", OFF)
        return name if name in self._cc_engines() else None

    @api.model
    def _cc_transcribe(self, recording):
        """Have a recording transcribed by the engine, in a process of its own; call in a job."""
        name = self._cc_engine_name()
        data = recording._attachment().raw
        if not name or not data or self.search_count([("recording_id", "=", recording.id)]):
            return
        language = self._cc_setting("language", "en")
        values = {"recording_id": recording.id, "engine": name, "language": language}
        with tempfile.NamedTemporaryFile(suffix=f".{recording.format}") as file:
            file.write(data)
            file.flush()
            try:
                words = run(
                    self._cc_engines()[name],
                    file.name,
                    language,
                    self._cc_setting("model"),
                    recording.duration_s,
                )
            except EngineFailed as error:
                _logger.info("recording %s: no transcript: %s", recording.id, error)
                self.create({**values, "state": "failed", "problem": str(error)})
                return
        text = "\n".join(line["text"] for line in lines(words))
        self.create({**values, "state": "done", "words": words, "text": text})._find_words()

    def _find_words(self):
        """Mark the required and forbidden words, anew."""
        rows = self.env["cc.transcript.word"].search([("active", "=", True)])
        for transcript in self:
            transcript.hit_ids.unlink()
            queue = transcript.call_id.queue_id
            self.env["cc.transcript.hit"].create(
                [
                    {
                        "transcript_id": transcript.id,
                        "word_id": row.id,
                        "at_s": at,
                        "channel": channel,
                    }
                    for row in rows
                    if not row.queue_ids or queue in row.queue_ids
                    for at, channel in find(transcript.words or [], row.name)
                    if row.side == "both" or channel == (1 if row.side == "agent" else 0)
                ]
            )

    def action_find_words(self):
        """Mark the words anew, after the list of words has changed."""
        self.check_access("read")
        # sudo: cc.transcript.hit - found by the system in what the user may read
        self.sudo()._find_words()
        return True

    def _cc_lines(self):
        """:return: `[{channel, start, end, text}]` for the score sheet"""
        self.ensure_one()
        return lines(self.words or [])


class CcTranscriptWord(models.Model):
    """A word or phrase that must be said, or must not."""

    _name = "cc.transcript.word"
    _description = "Word to look for"
    _order = "kind, name, id"

    name = fields.Char("Word or phrase", required=True)
    kind = fields.Selection(
        [("required", "Required"), ("forbidden", "Forbidden")], required=True, default="forbidden"
    )
    side = fields.Selection(
        [("agent", "Agent"), ("customer", "Customer"), ("both", "Both")],
        "Said by",
        required=True,
        default="agent",
    )
    queue_ids = fields.Many2many("cc.queue", string="Queues", help="None: all queues.")
    active = fields.Boolean(default=True)


class CcTranscriptHit(models.Model):
    """A word that was found, and when it was said."""

    _name = "cc.transcript.hit"
    _description = "Word found in a transcript"
    _order = "transcript_id, at_s, id"
    _rec_name = "word_id"

    transcript_id = fields.Many2one("cc.transcript", required=True, index=True, ondelete="cascade")
    word_id = fields.Many2one("cc.transcript.word", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(related="word_id.kind")
    at_s = fields.Float("At (s)", aggregator=None)
    channel = fields.Integer(aggregator=None)
