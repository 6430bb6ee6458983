# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..utils import segments, sms_http

SIGNATURE = re.compile(r"[^【】\[\]\s]{2,8}")

# Starting points: the gateways named in the feature catalogue, and GSM gateways with an HTTP page. The
# providers change names of fields by contract; what stands here is to be checked against yours.
PROFILES = {
    "generic": {
        "body": "json",
        "params": "account = {account}\npassword = {password}\nphone = {number}\ncontent = {text}\nid = {uuid}",
        "answer": "json",
        "ok_path": "code",
        "ok_values": "0",
        "ref_path": "msgid",
    },
    "dx": {
        "body": "form",
        "params": "account = {account}\ntimestamp = {stamp}\nsign = {md5}\nmobile = {numbers}\ncontent = {text}\nextno =",
        "sign": "{account}{password}{stamp}",
        "answer": "json",
        "ok_path": "status",
        "ok_values": "0",
        "ref_path": "msgid",
    },
    "ky": {
        "body": "form",
        "params": "action = send\naccount = {account}\npassword = {password_md5}\nmobile = {numbers}\ncontent = {text}\nrt = json",
        "answer": "json",
        "ok_path": "status",
        "ok_values": "0",
        "ref_path": "list.0.mid",
    },
    "hl": {
        "body": "form",
        "charset": "gb18030",
        "params": "username = {account}\npassword = {password}\nphone = {number}\nmessage = {text}\nepid =\nlinkid = {uuid}",
        "answer": "text",
        "ok_path": r"^\s*(-?\d+)",
        "ok_values": "00, 0",
        "ref_path": "",
    },
    "dbl": {
        "method": "GET",
        "body": "query",
        "params": "u = {account}\np = {password}\nl = 1\nn = {number}\nm = {text}",
        "answer": "text",
        "ok_path": r"(Sending|ERROR)",
        "ok_values": "Sending",
        "ref_path": r"id:(\w+)",
    },
}


class CcSmsGateway(models.Model):
    """Where text messages are handed over: an HTTP gateway, or a GSM gateway with an HTTP page.

    Kinds are plug-ins: an addon adds one to `_kinds` and answers for it in `_transport`.
    """

    _name = "cc.sms.gateway"
    _description = "SMS gateway"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(lambda self: self._kinds(), required=True, default="http")
    profile = fields.Selection(
        [
            ("generic", "JSON over HTTP"),
            ("dx", "DX (Dingxin)"),
            ("ky", "KY (Kaiyuan)"),
            ("hl", "HL (Honglian 95)"),
            ("dbl", "DBL, GSM gateway"),
        ],
        default="generic",
        help="Fills the fields below with a starting point: check them against your provider's manual.",
    )
    url = fields.Char("Address", required=True, help="https://…")
    method = fields.Selection([("POST", "POST"), ("GET", "GET")], required=True, default="POST")
    body = fields.Selection(
        [("form", "Form"), ("json", "JSON"), ("query", "In the address")],
        "Parameters as",
        required=True,
        default="form",
    )
    charset = fields.Selection(
        [("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("big5", "Big5")],
        "Character set",
        required=True,
        default="utf-8",
    )
    account = fields.Char(groups="cc_telephony.group_admin")
    password = fields.Char(groups="cc_telephony.group_admin")
    params = fields.Text(
        "Parameters",
        groups="cc_telephony.group_admin",
        help="One per line, name = value. In values: {account} {password} {password_md5} {number} {numbers}"
        " {text} {text_hex} {uuid} {time} {ms} {stamp} {md5} {MD5} {sha256}; [numbers] is a list.",
    )
    headers = fields.Text(
        "HTTP headers", groups="cc_telephony.group_admin", help="As the parameters."
    )
    sign = fields.Char(
        "To be signed",
        groups="cc_telephony.group_admin",
        help="What {md5} and {sha256} are made of.",
    )
    number_form = fields.Selection(
        [
            ("national", "13800138000: national, other countries with 00"),
            ("e164", "+8613800138000"),
            ("digits", "8613800138000"),
        ],
        "Numbers as",
        required=True,
        default="national",
    )
    answer = fields.Selection(
        [("json", "JSON"), ("xml", "XML"), ("text", "Text")],
        required=True,
        default="json",
    )
    ok_path = fields.Char(
        "Where the code is", help="JSON: a path with dots; XML: a tag; text: a regular expression."
    )
    ok_values = fields.Char("Codes of success", help="With commas between them.")
    ref_path = fields.Char("Where the message's number is")
    codes = fields.Text(
        "Other codes",
        help="One per line, code = meaning; meanings: unsubscribed, wrong_number, credit, throttled,"
        " refused, server, sent, unknown.",
    )
    batch = fields.Integer("Numbers per request", required=True, default=1)
    per_s = fields.Integer("Requests per second", required=True, default=20)
    signature = fields.Char(help="2 to 8 characters, without brackets.")
    signature_by = fields.Selection(
        [("us", "We add it"), ("gateway", "The gateway adds it")],
        "Signature added by",
        required=True,
        default="us",
    )
    signature_at = fields.Selection(
        [("start", "Before the text"), ("end", "After the text")],
        "Signature position",
        required=True,
        default="start",
    )
    tail = fields.Char(
        "Unsubscribe text", help="Added to commercial messages, such as “Reply R to unsubscribe”."
    )
    tail_by = fields.Selection(
        [("us", "We add it"), ("gateway", "The gateway adds it")],
        "Unsubscribe text added by",
        required=True,
        default="us",
    )
    keywords = fields.Char(
        "Unsubscribe keywords",
        default="R, T, TD, N, 退订, STOP, UNSUBSCRIBE",
        help="A reply that is one of these stops messages to its sender.",
    )
    token = fields.Char(
        "Secret of the report addresses",
        default=lambda self: secrets.token_urlsafe(24),
        required=True,
        copy=False,
        groups="cc_telephony.group_admin",
    )
    report_url = fields.Char(
        "Address for reports", compute="_compute_urls", groups="cc_telephony.group_admin"
    )
    inbox_url = fields.Char(
        "Address for replies", compute="_compute_urls", groups="cc_telephony.group_admin"
    )
    hmac_header = fields.Char(
        "Signature header",
        groups="cc_telephony.group_admin",
        help="When set, reports and replies must carry here the hexadecimal HMAC-SHA256 of their body, made"
        " with the password.",
    )
    report_ref = fields.Char("Report: message's number", default="msgid")
    report_status = fields.Char("Report: status", default="status")
    report_delivered = fields.Char("Report: delivered", default="DELIVRD, 0")
    report_waiting = fields.Char("Report: still under way", default="ACCEPTD, ENROUTE, BUFFERED")
    inbox_number = fields.Char("Reply: sender", default="mobile")
    inbox_text = fields.Char("Reply: text", default="content")
    inbox_ref = fields.Char("Reply: number", default="moid")
    paused_until = fields.Datetime("Paused until", readonly=True, copy=False)
    failures = fields.Integer("Failures in a row", readonly=True, copy=False)
    last_error = fields.Char("Last error", readonly=True, copy=False)

    _values_valid = models.Constraint(
        "CHECK (batch BETWEEN 1 AND 5000 AND per_s BETWEEN 1 AND 1000)",
        "A request can have 1 to 5000 numbers, with 1 to 1000 requests per second.",
    )
    _token_unique = models.UniqueIndex("(token)")

    @api.model
    def _kinds(self):
        """Kinds of gateways; addons add theirs and extend `_transport`."""
        return [("http", self.env._("HTTP"))]

    @api.depends("token")
    def _compute_urls(self):
        for gateway in self:
            base = gateway.get_base_url()
            gateway.report_url = f"{base}/cc/sms/report/{gateway.token}"
            gateway.inbox_url = f"{base}/cc/sms/inbox/{gateway.token}"

    @api.onchange("profile")
    def _onchange_profile(self):
        if self.profile:
            values = {
                "method": "POST",
                "charset": "utf-8",
                "sign": False,
                "headers": False,
                **PROFILES[self.profile],
            }
            self.update(values)

    @api.constrains("url")
    def _check_url(self):
        for gateway in self:
            if not re.match(r"https?://[^/\s]+", gateway.url):
                raise ValidationError(
                    self.env._("The address must begin with http:// or https://.")
                )

    @api.constrains("signature")
    def _check_signature(self):
        for gateway in self:
            if gateway.signature and not SIGNATURE.fullmatch(gateway.signature):
                raise ValidationError(
                    self.env._(
                        "A signature must have 2 to 8 characters, without brackets or spaces."
                    )
                )

    # ---- text ----

    def _text(self, text, commercial=False):
        """The text as we hand it over: with what we add ourselves."""
        self.ensure_one()
        return segments.compose(
            self._without_double(text),
            self.signature if self.signature_by == "us" else "",
            self.tail if commercial and self.tail_by == "us" else "",
            self.signature_at,
        )

    def _without_double(self, text):
        """A signature that the gateway adds itself is taken out of the text: it would stand there twice."""
        if self.signature and self.signature_by == "gateway":
            return text.replace(f"【{self.signature}】", "")
        return text

    def _count(self, text, commercial=False):
        """What the message will be billed as: everything that anybody adds is in it.

        :return: segments.Count
        """
        self.ensure_one()
        return segments.count(
            segments.compose(
                self._without_double(text),
                self.signature or "",
                (self.tail or "") if commercial else "",
                self.signature_at,
            )
        )

    @api.model
    def counting(self):
        """What the browser needs to count as we do: the asking company's gateway.

        :return: ``{signature, tail, position}``, empty texts without a gateway
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees write messages."))
        gateway = self.env.company._cc_sms_gateway()
        return {
            "signature": gateway.signature or "",
            "tail": gateway.tail or "",
            "position": gateway.signature_at or "start",
            "by_gateway": gateway.signature_by == "gateway",
        }

    # ---- sending ----

    def _profile(self):
        """What the transport needs, as superuser."""
        self.ensure_one()
        # sudo: cc.sms.gateway - the account is used, not shown
        gateway_sudo = self.sudo()
        return sms_http.Profile(
            url=gateway_sudo.url,
            method=gateway_sudo.method,
            body=gateway_sudo.body,
            charset=gateway_sudo.charset,
            account=gateway_sudo.account or "",
            password=gateway_sudo.password or "",
            params=sms_http.lines(gateway_sudo.params),
            headers=sms_http.lines(gateway_sudo.headers),
            sign=gateway_sudo.sign or "",
            answer=gateway_sudo.answer,
            ok_path=gateway_sudo.ok_path or "",
            ok_values=self._words(gateway_sudo.ok_values),
            ref_path=gateway_sudo.ref_path or "",
            codes=sms_http.lines(gateway_sudo.codes),
        )

    @staticmethod
    def _words(text):
        return tuple(word.strip() for word in (text or "").split(",") if word.strip())

    def _transport(self):
        """A callable ``(numbers, text, uuid) -> sms_http.Result`` that never raises and needs no database."""
        self.ensure_one()
        profile = self._profile()
        return lambda numbers, text, uuid: sms_http.send(profile, numbers, text, uuid)

    def _number_for(self, key):
        """A number's key in the form that the gateway wants."""
        self.ensure_one()
        digits = key.rpartition(":")[2].lstrip("+")
        if self.number_form == "e164":
            return key if key.startswith("+") else digits
        if self.number_form == "digits" or not key.startswith("+"):
            return digits
        code = str(self.company_id.country_id.phone_code or 86)
        return digits[len(code) :] if digits.startswith(code) else f"00{digits}"

    def _note_result(self, result):
        """Pause after trouble, each time longer; a success ends it. Other gateways are not touched."""
        self.ensure_one()
        if result.state == sms_http.SENT:
            if self.failures or self.last_error:
                self.write({"failures": 0, "last_error": False, "paused_until": False})
            return
        values = {"last_error": result.text[:250]}
        if result.state == sms_http.WAIT:
            failures = self.failures + 1
            wait = result.wait_s or min(2**failures, 600)
            values.update(
                failures=failures,
                paused_until=fields.Datetime.now() + timedelta(seconds=max(wait, 1)),
            )
        self.write(values)

    def _is_paused(self):
        self.ensure_one()
        return bool(self.paused_until and self.paused_until > fields.Datetime.now())

    def action_test(self):
        """Ask for a number, then send a test message to it."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send a test message"),
            "res_model": "cc.sms.test",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_gateway_id": self.id},
        }

    def action_resume(self):
        """Try again now."""
        if not self.env.user.has_group("cc_telephony.group_admin"):
            raise AccessError(self.env._("Only administrators may do this."))
        self.write({"paused_until": False, "failures": 0})

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        if self.env["cc.sms.message"].search_count([("gateway_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("A gateway with messages cannot be deleted. Archive it instead.")
            )
