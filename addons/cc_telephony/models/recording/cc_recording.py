# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import api, fields, models
from odoo.tools import SQL

from ...ingest.errors import FactError
from ...utils.audio import mp3_channels
from ...utils.times import from_us

SECONDS_A_MS = 1000.0


class CcRecording(models.Model):
    """The sound of one part of a call.

    Known by a ``recording.ready`` fact or by the upload, whichever comes first. The audio itself leaves
    Odoo by our own route only, which checks and logs who listens; nobody, administrators included, reads
    it over RPC or ``/web/content``.
    """

    _name = "cc.recording"
    _description = "Recording"
    _order = "started_at desc, call_id desc, part"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    part = fields.Integer(required=True, aggregator=None, help="1, 2 … in the order of the call")
    sha256 = fields.Char("SHA-256", help="Hash of the stored file, in hexadecimal")
    duration_s = fields.Float("Length (s)")
    format = fields.Selection([("mp3", "MP3"), ("wav", "WAV")], default="mp3")
    size = fields.Integer("Size (bytes)")
    kind = fields.Selection(
        [("call", "Call"), ("consult", "Consultation")],
        required=True,
        default="call",
        help="A consultation is the conversation between an agent and the consulted party while the customer heard music.",
    )
    leg = fields.Integer("Consulted leg", aggregator=None, help="The consulted party")
    asked_by_id = fields.Many2one("cc.agent", "Requested by", ondelete="restrict")
    title = fields.Char("Of", compute="_compute_title")
    channels = fields.Integer(
        aggregator=None,
        help="2: customer on the left, agent on the right (in a consultation, the agent who "
        "asked is on the left). 0: unknown.",
    )
    state = fields.Selection(
        [("pending", "Uploading"), ("stored", "Stored")], required=True, default="pending"
    )
    started_at = fields.Datetime("Start")
    paused = fields.Json(help="Paused sections: [{from_ms, to_ms}]")
    audio = fields.Binary(attachment=True, groups=fields.NO_ACCESS)
    audio_url = fields.Char("Player", compute="_compute_audio_url")
    number_display = fields.Char(related="call_id.number_display")
    partner_id = fields.Many2one(related="call_id.partner_id")
    agent_id = fields.Many2one(related="call_id.agent_id")
    department_id = fields.Many2one(related="call_id.department_id")
    company_id = fields.Many2one(related="call_id.company_id")
    listen_ids = fields.One2many(
        "cc.recording.listen", "recording_id", "Listened to", groups="cc_telephony.group_manager"
    )

    _part_unique = models.Constraint(
        "UNIQUE (call_id, part)", "This part of the call already exists."
    )
    _by_start = models.Index("(started_at DESC)")

    @api.depends("state")
    def _compute_audio_url(self):
        for recording in self:
            stored = recording.state == "stored"
            recording.audio_url = stored and f"/cc/recording/{recording.id}/audio"

    @api.depends("kind", "leg", "call_id.leg_ids.leg", "call_id.leg_ids.agent_id")
    @api.depends_context("lang")
    def _compute_title(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for recording in self:
            recording.title = labels.get(recording.kind, "")
            if recording.kind == "consult" and (name := recording._asked_name()):
                recording.title = self.env._("Consultation with %(name)s", name=name)

    def _asked_name(self):
        """:return: whom the agent of a consultation asked, as the call shows them; "" if not known"""
        self.ensure_one()
        # sudo: cc.call.leg - who may hear what was said may know who said it; colleagues are no secret
        legs_sudo = self.sudo().call_id.leg_ids
        leg_sudo = legs_sudo.filtered(lambda row: row.leg == self.leg)[:1]
        return leg_sudo.agent_id.name or leg_sudo.number_display or ""

    @api.depends("part", "title", "kind", "call_id.display_name")
    def _compute_display_name(self):
        for recording in self:
            last = recording.title if recording.kind == "consult" else recording.part
            recording.display_name = f"{recording.call_id.display_name} · {last}"

    @api.model
    def _row(self, call, part):
        """:return: the row of this part, made where missing; fact and upload may come at the same time"""
        domain = [("call_id", "=", call.id), ("part", "=", part)]
        row = self.search(domain)
        if not row:
            self.env["cc.call"].flush_model()
            self.env.cr.execute(
                SQL(
                    """INSERT INTO cc_recording (call_id, part, kind, state, create_uid, create_date)
                       VALUES (%s, %s, 'call', 'pending', %s, now() AT TIME ZONE 'UTC')
                       ON CONFLICT (call_id, part) DO NOTHING""",
                    call.id,
                    part,
                    self.env.uid,
                )
            )
            row = self.search(domain)
            call.invalidate_recordset(["recording_ids"])
        return row

    @api.model
    def _cc_ingest(self, body, pbx=None):
        """Apply the body of a ``recording.ready`` fact: the recording exists and is on its way.

        :param dict body: ``{call_uid, part, path, sha256, duration_ms, format, paused, started_t}`` and,
            of a consultation, ``kind`` ``"consult"``, ``by`` (number of the agent who asked) and ``leg``
            (the call's leg of whom they asked)
        :param pbx: the cc.pbx it came from; a call of another one is not found
        :return: the cc.recording
        :raise FactError: no such call, or a wrong form
        """
        part, sha256 = body.get("part"), body.get("sha256")
        if type(part) is not int or part < 1 or not isinstance(sha256, str):
            raise FactError("a recording has a part from 1 and a sha256")
        kind, leg = body.get("kind") or "call", body.get("leg")
        if kind not in ("call", "consult") or not (leg is None or type(leg) is int):
            raise FactError("a recording is of a call or of a consultation with a leg of it")
        call = self._call(body.get("call_uid"), pbx)
        if not call:
            raise FactError("a recording of no known call")
        row = self._row(call, part)
        values = {
            "started_at": from_us(body.get("started_t")) or row.started_at or call.started_at,
            "paused": body.get("paused") or False,
            "kind": kind,
            "leg": leg if kind == "consult" and 0 < (leg or 0) < 2**31 else 0,
            "asked_by_id": kind == "consult" and self._agent(call, body.get("by")).id,
        }
        if row.state == "pending":
            values["sha256"] = sha256
            values["duration_s"] = (body.get("duration_ms") or 0) / SECONDS_A_MS
        row.write(values)
        return row

    @api.model
    def _agent(self, call, number):
        """The agent of the call's PBX with this number, also one who has left; empty without one."""
        if not isinstance(number, str):
            return self.env["cc.agent"]
        agents = self.env["cc.agent"].with_context(active_test=False)
        return agents.search([("pbx_id", "=", call.pbx_id.id), ("number", "=", number)], limit=1)

    @api.model
    def _call(self, call_uid, pbx=None):
        domain = [("call_uid", "=", call_uid or "")]
        if pbx:
            domain.append(("pbx_id", "=", pbx.id))
        return self.env["cc.call"].search(domain, limit=1)

    @api.model
    def _store(self, call, part, sha256, duration_ms, file_format, data):
        """Keep the uploaded file. The same again changes nothing.

        :param bytes data: the file; its hash was checked
        :return: the cc.recording, or an empty one if another file is stored for this part
        """
        row = self._row(call, part)
        row.lock_for_update()
        row.invalidate_recordset(["state", "sha256"])
        if row.state == "stored":
            return row if row.sha256 == sha256 else row.browse()
        row.write(
            {
                "sha256": sha256,
                "duration_s": duration_ms / SECONDS_A_MS,
                "format": file_format,
                "size": len(data),
                "channels": mp3_channels(data) if file_format == "mp3" else 0,
                "started_at": row.started_at or call.started_at,
                "audio": base64.b64encode(data),
                "state": "stored",
            }
        )
        return row

    def _attachment(self):
        """:return: the ir.attachment of the audio, as superuser; callers have checked the right"""
        self.ensure_one()
        # sudo: ir.attachment - the audio's attachment is nobody's to read but the route's
        attachments_sudo = self.env["ir.attachment"].sudo()
        return attachments_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "audio"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
