# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from datetime import timedelta

from odoo import api, fields, models

from ...utils.controls import is_handed
from ...utils.phone import phone_digits
from ...utils.times import now, to_us

TTL_S = 10


class CcCommand(models.Model):
    """What a person wants of the PBX; run by the bridge at most once, never after its time."""

    _name = "cc.command"
    _description = "Command to the PBX"
    _order = "id desc"
    _rec_name = "kind"

    uuid = fields.Char("Identifier", required=True, default=lambda self: str(uuid.uuid4()))
    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id")
    kind = fields.Char(required=True)
    args = fields.Json()
    number_id = fields.Many2one(
        "cc.phone.number", index="btree_not_null", ondelete="restrict", help="Number to dial."
    )
    agent_id = fields.Many2one("cc.agent", index="btree_not_null", ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "Requested by", required=True, index=True, default=lambda self: self.env.user
    )
    call_uid = fields.Char("Call identifier")
    asked_at = fields.Datetime("Requested at", required=True)
    expires_at = fields.Datetime("Valid until", required=True)
    done_at = fields.Datetime("Done at")
    state = fields.Selection(
        [("open", "In progress"), ("done", "Done"), ("failed", "Failed"), ("expired", "Expired")],
        required=True,
        default="open",
    )
    code = fields.Char(help="Result code.")
    message = fields.Char("Result")

    _uuid_unique = models.UniqueIndex("(uuid)")
    _open_by_pbx = models.Index("(pbx_id, id) WHERE state = 'open'")
    # what a call was dialled by: reports on outbound calls
    _dialled = models.Index("(call_uid) WHERE kind = 'dial'")

    @api.model
    def _issue(self, pbx, kind, args=None, *, agent=None, call_uid=None, number=None):
        """Write a command and ring the bridge's bell. Rights are the caller's to check.

        :return: the cc.command, as superuser
        """
        asked_at = now()
        # sudo: cc.command - rows are made by the checked methods only, never by RPC
        command_sudo = self.sudo().create(
            {
                "pbx_id": pbx.id,
                "kind": kind,
                "args": args or {},
                "agent_id": agent.id if agent else False,
                "user_id": self.env.uid,
                "call_uid": call_uid,
                "number_id": number.id if number else False,
                "asked_at": asked_at,
                "expires_at": asked_at + timedelta(seconds=TTL_S),
            }
        )
        command_sudo._tell_bridge()
        return command_sudo

    def _tell_bridge(self):
        """Ring the bell: with the command itself where it may lie on the bus, else to have it read."""
        self.ensure_one()
        if self.number_id or not is_handed(self.kind):
            self.pbx_id._cc_ring("command")
        else:
            self.pbx_id._cc_hand(self.pbx_id.cursor_ids.epoch, self._to_bridge())

    @api.model
    def _open_for(self, pbx):
        """The open commands of a PBX in the form of `/cc/commands`, oldest first."""
        commands = self.search(
            [("pbx_id", "=", pbx.id), ("state", "=", "open"), ("expires_at", ">", now())],
            order="id",
        )
        return [command._to_bridge() for command in commands]

    def _to_bridge(self):
        self.ensure_one()
        args = dict(self.args or {})
        if self.number_id and args.get("to"):
            args["to"] = {**args["to"], "value": phone_digits(self.number_id.key)}
        elif self.number_id and self.kind == "sign_in":
            args["extension"] = phone_digits(self.number_id.key)
        elif self.number_id:
            args["number"] = phone_digits(self.number_id.key)
        return {
            "id": self.uuid,
            "kind": self.kind,
            "args": args,
            "agent": self.agent_id.number or None,
            "call_uid": self.call_uid or None,
            "expires_t": to_us(self.expires_at),
        }

    def _set_result(self, state, code, message):
        """Note how a command ended."""
        self.write({"state": state, "code": code, "message": message, "done_at": now()})

    def _tell_result(self):
        """Tell who asked how the commands ended."""
        for command in self:
            command.user_id._bus_send(
                "cc.command/result",
                {
                    "id": command.uuid,
                    "kind": command.kind,
                    "ok": command.state == "done",
                    "code": command.code,
                    "message": command.message or "",
                },
            )
            if command.kind == "check":
                command._tell_check()

    def _tell_check(self):
        """Show the result of "Test connection" to who pressed it, naming the failing link."""
        self.ensure_one()
        words = {
            "ok": self.env._("Odoo, the bridge and the PBX are connected."),
            "network": self.env._("Network: the bridge cannot reach the PBX."),
            "ami_down": self.env._("Network: the bridge is not connected to the PBX."),
            "login": self.env._("Login: the PBX rejects the bridge's user name or password."),
            "permission": self.env._(
                "Permission: the PBX denies the bridge the permissions it needs."
            ),
            "expired": self.env._("Odoo: the bridge did not respond in time."),
        }
        done = self.state == "done"
        text = words.get(self.code) or self.code
        if self.message and not done:
            text = f"{text} {self.message}"
        self.user_id._bus_send(
            "simple_notification",
            {
                "title": self.pbx_id.name,
                "message": text,
                "type": "success" if done else "danger",
                "sticky": not done,
            },
        )

    @api.model
    def _cron_expire(self):
        """Mark commands whose time is over; a minute's grace for a result still on its way."""
        overdue = self.search(
            [("state", "=", "open"), ("expires_at", "<", now() - timedelta(seconds=60))], limit=1000
        )
        overdue._set_result("expired", "expired", self.env._("The PBX did not respond in time."))
        overdue._tell_result()
