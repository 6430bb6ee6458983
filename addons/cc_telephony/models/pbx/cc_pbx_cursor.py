# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

from ...utils import token as tokens
from ...utils.fields import BigInteger
from ...utils.times import now

SILENT_AFTER = timedelta(seconds=60)
# a bridge that was heard so lately is at work: another one is refused
AT_WORK = timedelta(seconds=30)
# and so long it has to ask: the silence may be Odoo's own, and the one at work comes back within seconds
COMES_BACK = timedelta(seconds=10)
# a refused bridge asks every five seconds
ASKS_AGAIN = timedelta(seconds=15)
# how long a refused bridge stands on the PBX's page
RIVAL_SHOWN = timedelta(minutes=10)
MAX_SKEW_S = 2.0


class CcPbxCursor(models.Model):
    """How far the facts of a PBX are applied, and how its bridge and link are.

    Written by the bridge's requests only: a batch of facts locks this row first and writes it last.
    """

    _name = "cc.pbx.cursor"
    _description = "State of a PBX's bridge"
    _rec_name = "pbx_id"

    pbx_id = fields.Many2one("cc.pbx", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id")
    epoch = fields.Integer(
        help="Incremented at each registration; requests with an older epoch are refused."
    )
    seq = BigInteger(help="Number of the last fact applied.")
    hello_at = fields.Datetime("Bridge registered")
    heard_at = fields.Datetime("Last heard")
    last_fact_at = fields.Datetime("Last fact", help="PBX time of the event.")
    connected = fields.Boolean("PBX connected")
    connected_since = fields.Datetime("Connected since")
    bridge_version = fields.Char("Bridge version")
    asterisk_version = fields.Char("Asterisk version")
    boot_at = fields.Datetime("PBX started")
    spool = fields.Integer("Facts waiting", help="Facts that the bridge has not sent yet.")
    spool_error = fields.Char(help="Reason why the bridge cannot store facts on disk.")
    left_out = fields.Text(help="Settings that the bridge did not apply to the PBX, one per line.")
    uploads = fields.Integer("Recordings waiting")
    lag_s = fields.Float("Lag (s)", help="Delay of the latest fact when it was applied.")
    skew_s = fields.Float("Clock difference (s)", help="Bridge clock minus Odoo clock.")
    error = fields.Selection(
        [("network", "Network"), ("login", "Login"), ("permission", "Permission")],
        help="What failed between the bridge and the PBX.",
    )
    message = fields.Char(help="Bridge message about the connection.")
    bridge_id = fields.Char(help="Spool and host of the bridge.")
    bridge_process = fields.Char(help="Identifier of the bridge process.")
    rival_at = fields.Datetime("Another bridge refused")
    rival_id = fields.Char("Other bridge")
    rival_since = fields.Datetime("Other bridge refused since")
    refused_at = fields.Datetime("Token refused")
    refused_from = fields.Char("Refused address")
    silent = fields.Boolean("Not responding", compute="_compute_silent")
    skewed = fields.Boolean("Clock skewed", compute="_compute_skewed")

    _pbx_unique = models.UniqueIndex("(pbx_id)")

    @api.depends("heard_at")
    def _compute_silent(self):
        limit = now() - SILENT_AFTER
        for cursor in self:
            cursor.silent = not cursor.heard_at or cursor.heard_at < limit

    @api.depends("skew_s")
    def _compute_skewed(self):
        for cursor in self:
            cursor.skewed = abs(cursor.skew_s) > MAX_SKEW_S

    def _other_at_work(self, who):
        """Whether another bridge than the one that says hello speaks for this PBX right now.

        The same spool on the same host is the same bridge, started again. Only one that has spoken
        before (`again`) gives way to a newer start of itself: else two copies of a machine would push
        each other out for ever.

        :param dict who: `{"id", "process", "again"}` of the hello; one that does not say who it is
            (`id` False) is let in
        """
        self.ensure_one()
        if not who["id"] or not self.bridge_id or not self.heard_at:
            return False
        silent = self.heard_at < now() - AT_WORK
        if self.bridge_id != who["id"]:
            return not (silent and self._waited_for())
        return not silent and who["again"] and self.bridge_process != who["process"]

    def _waited_for(self):
        """Whether others were refused for a while, without a break: the bridge at work could have come back."""
        return bool(self.rival_since) and self.rival_since <= now() - COMES_BACK and self._asked()

    def _asked(self):
        """Whether another bridge was refused lately."""
        return bool(self.rival_at) and self.rival_at >= now() - ASKS_AGAIN

    def _refuse(self, bridge):
        """Note that this bridge (an id) wants to speak for the PBX while another one does."""
        since = self.rival_since if self._asked() else False
        self.write({"rival_at": now(), "rival_id": bridge, "rival_since": since or now()})

    @api.model
    def _note_refusal(self, token, address):
        """Note that a request named one of our PBXs with a wrong signature.

        Strangers can cause this: so it is written at most every five seconds, and never waits.

        :param str token: what was presented
        :param str address: where from
        """
        issuer = tokens.claimed_issuer(token)
        if not issuer:
            return
        self.env.cr.execute(
            """
            UPDATE cc_pbx_cursor SET refused_at = %(now)s, refused_from = %(address)s
             WHERE id IN (
                SELECT cursor.id
                  FROM cc_pbx_cursor cursor JOIN cc_pbx pbx ON pbx.id = cursor.pbx_id
                 WHERE pbx.uuid = %(uuid)s
                   AND (cursor.refused_at IS NULL OR cursor.refused_at < %(before)s)
                   FOR UPDATE OF cursor SKIP LOCKED)
            """,
            {
                "now": now(),
                "before": now() - timedelta(seconds=5),
                "address": address,
                "uuid": issuer,
            },
        )
        self.invalidate_model(["refused_at", "refused_from"])

    def _trouble(self):
        """The failing link between Odoo and the PBX in words, None when all is well."""
        self.ensure_one()
        if not self.hello_at:
            if self.refused_at:
                return self.env._(
                    "Odoo: the bridge has never registered; a request with a wrong secret came at "
                    "%(time)s UTC from %(address)s. Check the secret in the bridge's configuration.",
                    time=self.refused_at.strftime("%Y-%m-%d %H:%M:%S"),
                    address=self.refused_from,
                )
            return self.env._(
                "Odoo: the bridge has never registered. Check that it is running and that its "
                "configuration has the address of this Odoo."
            )
        if self.silent:
            if self.refused_at and self.refused_at > self.heard_at:
                return self.env._(
                    "Odoo: a request with a wrong secret was refused at %(time)s UTC from "
                    "%(address)s; the bridge last connected at %(heard)s UTC.",
                    time=self.refused_at.strftime("%Y-%m-%d %H:%M:%S"),
                    address=self.refused_from,
                    heard=self.heard_at.strftime("%Y-%m-%d %H:%M:%S"),
                )
            return self.env._(
                "Odoo: the bridge last connected at %(heard)s UTC.",
                heard=self.heard_at.strftime("%Y-%m-%d %H:%M:%S"),
            )
        if self.connected:
            return None
        words = {
            "network": self.env._("Network: the bridge cannot reach the PBX."),
            "login": self.env._("Login: the PBX rejects the bridge's user name or password."),
            "permission": self.env._(
                "Permission: the PBX denies the bridge the permissions it needs."
            ),
        }
        text = words.get(self.error) or self.env._("The bridge is not connected to the PBX.")
        return f"{text} {self.message}" if self.message else text

    def _warnings(self):
        """What is wrong beside the link, in words; an empty list when nothing is."""
        self.ensure_one()
        warnings = []
        if self.rival_at and self.rival_at > now() - RIVAL_SHOWN:
            warnings.append(
                self.env._(
                    "Another bridge (%(bridge)s) tried to register for this PBX at %(time)s UTC "
                    "and was refused because bridge %(own)s is active. Stop one of them.",
                    bridge=self.rival_id,
                    own=self.bridge_id,
                    time=self.rival_at.strftime("%Y-%m-%d %H:%M:%S"),
                )
            )
        if self.skewed and not self.silent:
            warnings.append(
                self.env._(
                    "The bridge and Odoo clocks differ by %(seconds)s s; call times follow the "
                    "PBX. Synchronize both hosts with a time server.",
                    seconds=round(self.skew_s, 1),
                )
            )
        if self.spool_error:
            warnings.append(
                self.env._(
                    "The bridge cannot store facts on disk (%(error)s). They are kept in memory "
                    "and lost if the bridge stops before sending them. Free up disk space on its "
                    "host.",
                    error=self.spool_error,
                )
            )
        if self.left_out:
            warnings.append(
                self.env._(
                    "The bridge skipped entries that the PBX would not accept:\n%(entries)s",
                    entries=self.left_out,
                )
            )
        return warnings

    @api.model
    def _lock(self, pbx):
        """Take a PBX's row for this transaction, to be read as it is now.

        Every request of a bridge does this first, so batches of one PBX come one after the other.
        """
        self.env.cr.execute("SELECT id FROM cc_pbx_cursor WHERE pbx_id = %s FOR UPDATE", [pbx.id])
        cursor = self.browse([id_ for (id_,) in self.env.cr.fetchall()]).ensure_one()
        cursor.invalidate_recordset()
        return cursor
