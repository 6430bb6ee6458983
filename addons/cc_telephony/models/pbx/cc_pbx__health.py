# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import secrets

from odoo import api, fields, models


class CcPbx(models.Model):
    """The PBX's health as its page shows it, and what an administrator needs to connect one."""

    _inherit = "cc.pbx"

    health = fields.Selection(
        [("ok", "Connected"), ("trouble", "Not connected"), ("silent", "Bridge not responding")],
        compute="_compute_health",
    )
    health_message = fields.Char("Problem", compute="_compute_health")
    health_warning = fields.Text("Other problems", compute="_compute_health")
    hello_at = fields.Datetime(related="cursor_ids.hello_at")
    heard_at = fields.Datetime(related="cursor_ids.heard_at")
    last_fact_at = fields.Datetime(related="cursor_ids.last_fact_at")
    connected_since = fields.Datetime(related="cursor_ids.connected_since")
    bridge_version = fields.Char(related="cursor_ids.bridge_version")
    asterisk_version = fields.Char(related="cursor_ids.asterisk_version")
    boot_at = fields.Datetime(related="cursor_ids.boot_at")
    spool = fields.Integer(related="cursor_ids.spool")
    uploads = fields.Integer(related="cursor_ids.uploads")
    lag_s = fields.Float(related="cursor_ids.lag_s")
    skew_s = fields.Float(related="cursor_ids.skew_s")
    skewed = fields.Boolean(related="cursor_ids.skewed")
    refused_at = fields.Datetime(related="cursor_ids.refused_at")
    refused_from = fields.Char(related="cursor_ids.refused_from")
    seq = fields.Float("Facts applied up to", compute="_compute_seq", digits=(16, 0))
    rejected_count = fields.Integer("Rejected facts", compute="_compute_rejected_count")
    bridge_config = fields.Text(
        "Bridge configuration",
        compute="_compute_bridge_config",
        groups="cc_telephony.group_admin",
    )

    @api.depends("cursor_ids.seq")
    def _compute_seq(self):
        for pbx in self:
            # sudo: cc.pbx.cursor - a number of the health that the page shows
            pbx.seq = pbx.sudo().cursor_ids[:1].seq

    @api.depends(
        "cursor_ids.heard_at",
        "cursor_ids.connected",
        "cursor_ids.error",
        "cursor_ids.spool_error",
        "cursor_ids.left_out",
        "cursor_ids.rival_at",
        "cursor_ids.skew_s",
    )
    def _compute_health(self):
        for pbx in self:
            # sudo: cc.pbx.cursor - whether the PBX works is no secret among its agents
            cursor_sudo = pbx.sudo().cursor_ids[:1]
            pbx.health_message = cursor_sudo._trouble() if cursor_sudo else False
            pbx.health_warning = "\n".join(cursor_sudo._warnings()) if cursor_sudo else False
            if cursor_sudo.silent:
                pbx.health = "silent"
            else:
                pbx.health = "ok" if cursor_sudo.connected else "trouble"

    def _compute_rejected_count(self):
        # sudo: cc.fact.rejected - a count, on the page of those who may see the PBX
        counts = dict(
            self.env["cc.fact.rejected"]
            .sudo()
            ._read_group(
                [("pbx_id", "in", self.ids), ("state", "=", "open")], ["pbx_id"], ["__count"]
            )
        )
        for pbx in self:
            pbx.rejected_count = counts.get(pbx, 0)

    @api.depends("uuid", "secret")
    def _compute_bridge_config(self):
        url = self.get_base_url()
        for pbx in self:
            # JSON's strings are toml's too
            values = {
                "url": url,
                "database": self.env.cr.dbname,
                "pbx": pbx.uuid,
                "secret": pbx.secret,
            }
            odoo_lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
            pbx.bridge_config = "\n".join(
                [
                    "[odoo]",
                    *odoo_lines,
                    "",
                    "[ami]",
                    "# the user of the PBX's manager.conf",
                    'host = "127.0.0.1"',
                    "port = 5038",
                    'username = "cc_bridge"',
                    'secret = ""',
                    "",
                    "[spool]",
                    'path = "/var/lib/cc_bridge/spool.sqlite"',
                    "",
                    "[recordings]",
                    'folder = "/var/spool/asterisk/monitor"',
                    "",
                    "[pbx]",
                    'config_dir = "/etc/asterisk/cc"',
                    'cel = "/var/log/asterisk/cel-custom/cc_cel.csv"',
                    'queue_log = "/var/log/asterisk/queue_log"',
                    "",
                ]
            )

    def action_test_connection(self):
        """Name the failing link, or have the bridge test its own; its answer comes as a message."""
        self.ensure_one()
        self.check_access("write")
        # sudo: cc.pbx.cursor - read only, by who may change the PBX
        cursor_sudo = self.sudo().cursor_ids
        if cursor_sudo.silent:
            return self._notice(cursor_sudo._trouble(), "danger")
        command = self.env["cc.command"]._issue(self, "check")
        # an answer that does not come is told as soon as its time is over
        cron = self.env.ref("cc_telephony.ir_cron_command_expire", raise_if_not_found=False)
        if cron:
            # sudo: ir.cron - waking our own job
            cron.sudo()._trigger(at=command.expires_at)
        return self._notice(
            self.env._(
                "The bridge is connected to Odoo. It is testing its connection to the PBX; the "
                "result will appear here."
            ),
            "info",
        )

    def _notice(self, text, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": text,
                "type": kind,
                "sticky": kind == "danger",
            },
        }

    def action_show_bridge_config(self):
        """Open the configuration file to be put beside the PBX."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bridge configuration"),
            "res_model": "cc.pbx",
            "res_id": self.id,
            "views": [[self.env.ref("cc_telephony.cc_pbx_view_form_bridge_config").id, "form"]],
            "target": "new",
        }

    def action_new_secret(self):
        """Give the PBX a new secret: the bridge is refused until its configuration has it too."""
        for pbx in self:
            pbx.secret = secrets.token_hex(32)
        return True

    def action_open_rejected(self):
        """The facts of this PBX that wait for a person."""
        self.ensure_one()
        self.env["cc.fact.rejected"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cc_telephony.cc_fact_rejected_action"
        )
        action["domain"] = [("pbx_id", "=", self.id)]
        return action
