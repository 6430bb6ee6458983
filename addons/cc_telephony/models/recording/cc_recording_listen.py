# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

# A player asks for a recording in many ranges; those without a token of a listening belong to the last
# one while it is this fresh.
SAME_LISTENING = timedelta(minutes=30)
# a player reads the end or the beginning once more; of more than this it is another listening
AGAIN = 1.1
MARK = 64


class CcRecordingListen(models.Model):
    """Who listened to which recording, when and from where. Only the audio route writes it."""

    _name = "cc.recording.listen"
    _description = "Recording playback"
    _order = "listened_at desc, id desc"
    _rec_name = "recording_id"
    _log_access = False

    recording_id = fields.Many2one("cc.recording", required=True, index=True, ondelete="cascade")
    call_id = fields.Many2one(related="recording_id.call_id")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="restrict")
    listened_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    ip = fields.Char("IP address")
    download = fields.Boolean(help="Downloaded as a file")
    sent = fields.Integer("Bytes requested", aggregator=None)
    token = fields.Char(help="Identifies one playback", index="btree_not_null")

    @api.model
    def _log(self, recording, ip, token=None, length=None, first_byte=0, download=False):
        """Note a listening at its first request.

        A player asks in ranges; they are one listening until more was asked for than the recording has.
        Whoever fetches the whole of it twice with one mark is in the log twice, also in pieces or from
        byte 1 on.

        :param str token: the player's mark; requests with the same one belong together
        :param int length: how many bytes are asked for; None: all
        :param int first_byte: where the range begins
        :return: the cc.recording.listen of this listening
        """
        # sudo: cc.recording.listen - nobody writes the log but this method
        log_sudo = self.sudo()
        length = recording.sudo().size if length is None else length
        same_sudo = log_sudo.browse()
        mine = [("recording_id", "=", recording.id), ("user_id", "=", self.env.uid)]
        if token and not download:
            same_sudo = log_sudo.search([*mine, ("token", "=", token[:MARK])], limit=1)
        elif first_byte and not download:
            since = fields.Datetime.now() - SAME_LISTENING
            same_sudo = log_sudo.search([*mine, ("listened_at", ">=", since)], limit=1)
        if same_sudo and same_sudo.sent + length <= recording.sudo().size * AGAIN:
            same_sudo.sent += length
            return same_sudo
        return log_sudo.create(
            {
                "recording_id": recording.id,
                "user_id": self.env.uid,
                "ip": ip,
                "download": download,
                "token": (token or "")[:MARK] or False,
                "sent": length,
            }
        )
