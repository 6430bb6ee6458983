# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import re

from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.http import parse_content_range_header

from odoo import http
from odoo.http import request

from ..utils.contract import forms
from ..utils.times import now_us
from .bridge import BridgeController, BridgeError

MIMETYPES = {"mp3": "audio/mpeg", "wav": "audio/wav"}
DEFAULT_MAX_BYTES = 100 * 1024 * 1024
MAX_PART = 10_000


class RecordingController(BridgeController):
    """Recordings come in from the bridge and go out to people who may listen."""

    @http.route(
        "/cc/recording",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def upload(self, **params):
        """Take one file: ``?call_uid=&part=&sha256=&duration_ms=&format=mp3`` and the bytes as body."""
        try:
            pbx, env = self._authenticate()
            recording = self._store(env, pbx, params)
        except BridgeError as error:
            return request.make_json_response(error.body, status=error.status)
        return request.make_json_response({"recording": recording.id, "clock_us": now_us()})

    def _store(self, env, pbx, params):
        part, duration_ms = params.get("part", ""), params.get("duration_ms", "0")
        sha256, file_format = params.get("sha256", "").lower(), params.get("format", "mp3")
        if not re.fullmatch(r"[1-9][0-9]{0,3}", part) or not re.fullmatch(
            r"[0-9]{1,9}", duration_ms
        ):
            raise BridgeError(400, "form", "'part' or 'duration_ms' is no such number")
        if not re.fullmatch(r"[0-9a-f]{64}", sha256) or file_format not in MIMETYPES:
            raise BridgeError(400, "form", "'sha256' or 'format' is wrong")
        if not forms.UUID.fullmatch(params.get("call_uid") or ""):
            raise BridgeError(404, "no_call", "'call_uid' is no id of a call")
        call = env["cc.recording"]._call(params["call_uid"], pbx)
        if not call:
            raise BridgeError(404, "no_call", "this PBX has no such call")
        data = self._body(env)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BridgeError(400, "form", "the bytes don't have this sha256")
        recording = env["cc.recording"]._store(
            call, int(part), sha256, int(duration_ms), file_format, data
        )
        if not recording:
            raise BridgeError(400, "form", "another file is stored for this part of the call")
        return recording

    def _body(self, env):
        """:raise BridgeError: 413 over the limit (``cc_telephony.max_recording_bytes``), 400 if empty"""
        # sudo: ir.config_parameter - a limit, set by administrators
        limit = int(
            env["ir.config_parameter"]
            .sudo()
            .get_param("cc_telephony.max_recording_bytes", DEFAULT_MAX_BYTES)
        )
        httprequest = request.httprequest
        httprequest.max_content_length = limit + 1
        if (httprequest.content_length or 0) > limit:
            raise BridgeError(413, "too_large", f"a recording has {limit} bytes at most")
        data = httprequest.get_data(cache=False)
        if not data:
            raise BridgeError(400, "form", "the body is empty")
        return data

    @http.route(
        "/cc/recording/<int:recording_id>/audio",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def audio(self, recording_id, download=None, listen=None, **_params):
        """Stream a recording, in ranges as players ask, and log who listens.

        ``download=1`` saves it as a file and takes a right of its own; ``listen`` is the player's mark of
        one listening.
        """
        recording = request.env["cc.recording"].browse(recording_id).exists()
        if not recording:
            raise NotFound()
        recording.check_access("read")
        download = download == "1"
        if download and not request.env.user.has_group("cc_telephony.group_recording_download"):
            raise Forbidden()
        attachment_sudo = recording._attachment()
        if not attachment_sudo:
            raise NotFound()
        stream = attachment_sudo._to_http_stream()
        stream.mimetype = MIMETYPES[recording.format]
        stream.download_name = (
            f"recording-{recording.call_id.call_uid}-{recording.part}.{recording.format}"
        )
        stream.public = False
        response = stream.get_response(as_attachment=download)
        if request.httprequest.method == "GET" and (sent := self._sent(response, recording.size)):
            request.env["cc.recording.listen"]._log(
                recording,
                request.httprequest.remote_addr,
                token=listen,
                length=sent[1],
                first_byte=sent[0],
                download=download,
            )
        # Each listening passes here, and nothing stays on the listener's disk
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def _sent(self, response, size):
        """What goes out, whatever was asked for: `(first byte, how many)`; None where nothing does.

        A range counts only where it is kept to: with `If-Range`, or several, the whole file goes out.
        """
        if response.status_code == 206:
            part = parse_content_range_header(response.headers["Content-Range"])
            return part.start, part.stop - part.start
        return (0, size) if response.status_code == 200 else None
