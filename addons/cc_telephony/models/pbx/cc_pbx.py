# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import hmac
import re
import secrets
import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils import token as tokens
from ...utils.names import is_pbx_name

TOKEN_CHANNEL = "cc.pbx:"


class CcPbx(models.Model):
    """One Asterisk with the bridge beside it.

    People write this row; what the bridge reports about itself stands in its cursor row
    (`cc.pbx.cursor`), because two writers on one row cost seconds.
    """

    _name = "cc.pbx"
    _description = "PBX"
    _inherit = ["bus.listener.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="The company's first PBX is suggested by default.")
    code = fields.Char(
        required=True,
        copy=False,
        help="Short name in addresses and files, e.g. main: lower-case letters, digits and -.",
    )
    uuid = fields.Char(
        "Identifier",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid.uuid4()),
    )
    secret = fields.Char(
        required=True,
        copy=False,
        default=lambda self: secrets.token_hex(32),
        groups="cc_telephony.group_admin",
        help="Shared with the bridge to sign its requests.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    country_id = fields.Many2one(
        "res.country",
        help="Country of numbers without a country code. Leave empty to use the company's country.",
    )
    trunk = fields.Char(default="trunk", help="PJSIP endpoint used to dial external numbers.")
    dial_prefix = fields.Char(
        "Dial prefix", help="Digits dialled before an external number, e.g. 9."
    )
    record_calls = fields.Boolean(
        "Record calls",
        default=True,
        help="Record all calls: queue calls, direct calls and calls that agents dial.",
    )
    record_consults = fields.Boolean(
        "Record consultations",
        default=True,
        help="Also record the conversation with the consulted party while the customer "
        "hears music, as a separate recording. Anyone who may hear the call's "
        "recording may hear it: inform your staff, and turn it off where consultations "
        "must stay confidential.",
    )
    wrap_up_more = fields.Integer(
        "Maximum wrap-up extensions",
        default=3,
        help="How often an agent may extend the wrap-up of a call by 30 seconds. 0 for never.",
    )
    wrap_up_direct_s = fields.Integer(
        "Wrap-up after direct calls",
        help="Seconds of wrap-up after calls that did not come through a queue (dialled "
        "or internal). 0 for none.",
    )
    sip_server = fields.Char(
        "Address for desk phones",
        help="Where desk phones register, e.g. pbx.example.com. Leave empty to use Odoo's own address.",
    )
    sip_realm = fields.Char("SIP realm", default="asterisk")
    ws_path = fields.Char(
        "Browser phone path",
        compute="_compute_ws_path",
        help="Path of the PBX's WebSocket on Odoo's address, served by the proxy.",
    )
    stun_url = fields.Char("STUN server", help="e.g. stun:stun.example.com:3478")
    turn_url = fields.Char("TURN server", help="e.g. turn:turn.example.com:3478")
    turn_user = fields.Char("TURN user", groups="cc_telephony.group_admin")
    turn_password = fields.Char("TURN password", copy=False, groups="cc_telephony.group_admin")
    cursor_ids = fields.One2many("cc.pbx.cursor", "pbx_id", readonly=True)
    queue_ids = fields.One2many("cc.queue", "pbx_id")
    agent_ids = fields.One2many("cc.agent", "pbx_id")
    extension_ids = fields.One2many("cc.extension", "pbx_id")

    _uuid_unique = models.UniqueIndex("(uuid)", "This PBX identifier is already in use.")
    _code_unique = models.UniqueIndex("(code)", "This PBX code is already in use.")

    _wrap_up_more_valid = models.Constraint(
        "CHECK (wrap_up_more BETWEEN 0 AND 100)", "Wrap-up extensions must be between 0 and 100."
    )

    _wrap_up_direct_valid = models.Constraint(
        "CHECK (wrap_up_direct_s BETWEEN 0 AND 3600)",
        "The wrap-up after direct calls must be between 0 and 3600 seconds.",
    )

    @api.depends("code")
    def _compute_ws_path(self):
        for pbx in self:
            pbx.ws_path = f"/pbx/{pbx.code}/ws"

    @api.constrains("code")
    def _check_code(self):
        for pbx in self:
            if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", pbx.code):
                raise ValidationError(
                    self.env._(
                        "Use only lower-case letters, digits and - in a PBX code, e.g. main."
                    )
                )

    @api.constrains("trunk", "dial_prefix")
    def _check_dialling(self):
        """What the bridge's encoder takes, and nothing else."""
        for pbx in self:
            if pbx.trunk and not is_pbx_name(pbx.trunk):
                raise ValidationError(
                    self.env._(
                        "A trunk name needs 2 to 40 letters, digits, - or _, starting with a letter or digit."
                    )
                )
            if pbx.dial_prefix and not re.fullmatch(
                r"(?=.*[0-9])\+?[0-9*#]{1,40}", pbx.dial_prefix
            ):
                raise ValidationError(
                    self.env._(
                        "Use only digits, * and # in a dial prefix, with at least one digit, e.g. 9."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        pbxs = super().create(vals_list)
        # sudo: cc.pbx.cursor - only the ingest writes it; its row is born with the PBX
        self.env["cc.pbx.cursor"].sudo().create([{"pbx_id": pbx.id} for pbx in pbxs])
        return pbxs

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        if vals.keys() & self._cc_intent_fields():
            self._cc_ring("intent")
        return result

    @api.model
    def _cc_intent_fields(self):
        """Fields of a PBX that its intent tells of: the bridge looks again when one changes."""
        return {
            "country_id",
            "trunk",
            "dial_prefix",
            "record_calls",
            "record_consults",
            "wrap_up_more",
            "wrap_up_direct_s",
        }

    @api.model
    def _default_one(self):
        """The company's first PBX in the list's order: forms begin with it."""
        return self.search([("company_id", "=", self.env.company.id)], limit=1)

    def _country_code(self):
        """ISO code of the country where numbers without one belong, e.g. "CN"; "" if unset."""
        self.ensure_one()
        return (self.country_id or self.company_id.country_id).code or ""

    @api.model
    def _from_token(self, token):
        """The PBX whose bridge holds this token, as superuser; empty where it is refused.

        Takes the same steps for an unknown PBX as for a wrong signature.
        """
        issuer = tokens.claimed_issuer(token)
        # sudo: cc.pbx - a bridge has no user; the signature is what lets it in
        pbx_sudo = self.sudo().search_fetch([("uuid", "=", issuer or "")], ["secret"], limit=1)
        try:
            tokens.verify(token, pbx_sudo.secret)
        except tokens.TokenError:
            return pbx_sudo.browse()
        return pbx_sudo

    def _bell_key(self):
        """What only the holder of the secret is subscribed to: a new secret takes it from old sockets."""
        self.ensure_one()
        # sudo: cc.pbx - the secret is used here, never handed out
        secret = self.sudo().secret.encode()
        return hmac.new(secret, b"cc.pbx/bell", hashlib.sha256).hexdigest()[:16]

    @api.model
    def _bells(self, channels):
        """Bus channels with each `cc.pbx:<jwt>` replaced by the bell of its PBX, or by nothing."""
        result = []
        for channel in channels:
            if not isinstance(channel, str) or not channel.startswith(TOKEN_CHANNEL):
                result.append(channel)
            elif pbx := self._from_token(channel.removeprefix(TOKEN_CHANNEL)):
                result.append((pbx, pbx._bell_key()))
        return result

    @api.model
    def _at_socket(self, channels):
        """The PBX whose bell a websocket hears, as superuser; empty for a browser's.

        :param channels: of the bus, as Odoo keeps them: tuples of database, model, id and key
        """
        for channel in channels:
            if isinstance(channel, tuple) and len(channel) == 4 and channel[1] == self._name:
                # sudo: cc.pbx - a bridge has no user; the channel's key is what only its bridge has
                pbx_sudo = self.sudo().search_fetch(
                    [("id", "=", channel[2])], ["secret", "country_id", "company_id"]
                )
                if pbx_sudo and hmac.compare_digest(str(channel[3]), pbx_sudo._bell_key()):
                    return pbx_sudo
        return self.browse()

    def _cc_hand(self, epoch, command):
        """Hand the bridge a command with its bell. A bridge that takes it so need not look for it.

        :param int epoch: of the bridge that is meant; any other looks as at a plain bell
        :param dict command: as in the answer of `/cc/commands`; without any number of a customer's, for
            the bus keeps its messages for hours
        """
        self.ensure_one()
        message = {"what": "command", "epoch": epoch, "command": command}
        self._bus_send("cc.pbx/bell", message, subchannel=self._bell_key())

    def _cc_ring(self, what):
        """Tell the bridge of each PBX to look for new work, at most once a transaction.

        :param str what: "command" or "intent"
        """
        rung = self.env.cr.precommit.data.setdefault("cc.pbx.rung", set())
        for pbx in self:
            if (pbx.id, what) not in rung:
                rung.add((pbx.id, what))
                pbx._bus_send("cc.pbx/bell", {"what": what}, subchannel=pbx._bell_key())

    def _phone_state(self):
        """What the phone bar shows of the PBX: `{id, code, connected, message}`."""
        self.ensure_one()
        # sudo: cc.pbx.cursor - agents may know whether their phone can work
        cursor_sudo = self.sudo().cursor_ids
        connected = cursor_sudo.connected and not cursor_sudo.silent
        return {
            "id": self.id,
            "code": self.code,
            "connected": connected,
            "message": None if connected else cursor_sudo._trouble(),
        }

    def _ice_servers(self):
        """STUN and TURN servers in the form that browsers take (RTCIceServer)."""
        self.ensure_one()
        # sudo: cc.pbx - the TURN credential is meant for the phones of signed-in agents
        pbx_sudo = self.sudo()
        servers = []
        if pbx_sudo.stun_url:
            servers.append({"urls": [pbx_sudo.stun_url]})
        if pbx_sudo.turn_url:
            servers.append(
                {
                    "urls": [pbx_sudo.turn_url],
                    "username": pbx_sudo.turn_user or "",
                    "credential": pbx_sudo.turn_password or "",
                }
            )
        return servers
