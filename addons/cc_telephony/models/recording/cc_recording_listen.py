# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

# A player asks for a recording in many ranges; those without a token of a listening belong to the last
# one while it is this fresh.
SAME_LISTENING = timedelta(minutes=30)


class CcRecordingListen(models.Model):
    """Who listened to which recording, when and from where. Only the audio route writes it."""

    _name = "cc.recording.listen"
    _description = "Listening to a recording"
    _order = "listened_at desc, id desc"
    _rec_name = "recording_id"
    _log_access = False

    recording_id = fields.Many2one("cc.recording", required=True, index=True, ondelete="cascade")
    call_id = fields.Many2one(related="recording_id.call_id")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="restrict")
    listened_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    ip = fields.Char("Address")
    download = fields.Boolean(help="Saved as a file")
    token = fields.Char(help="The player's own mark of one listening", index="btree_not_null")

    @api.model
    def _log(self, recording, ip, token=None, first_byte=0, download=False):
        """Note a listening at its first request.

        :param str token: the player's mark; requests with the same one are one listening
        :param int first_byte: where the requested range begins
        :return: the cc.recording.listen of this listening
        """
        # sudo: cc.recording.listen - nobody writes the log but this method
        log_sudo = self.sudo()
        domain = [("recording_id", "=", recording.id), ("user_id", "=", self.env.uid)]
        if token and not download:
            same_sudo = log_sudo.search([*domain, ("token", "=", token)], limit=1)
        elif first_byte and not download:
            since = fields.Datetime.now() - SAME_LISTENING
            same_sudo = log_sudo.search([*domain, ("listened_at", ">=", since)], limit=1)
        else:
            same_sudo = log_sudo.browse()
        return same_sudo or log_sudo.create(
            {
                "recording_id": recording.id,
                "user_id": self.env.uid,
                "ip": ip,
                "download": download,
                "token": (token or "")[:64] or False,
            }
        )
