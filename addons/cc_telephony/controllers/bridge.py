# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from werkzeug.exceptions import HTTPException

from odoo import SUPERUSER_ID, http
from odoo.http import get_default_session, request, root
from odoo.modules import module
from odoo.tools import config

from ..ingest import form
from ..ingest.apply import apply_request
from ..ingest.errors import EpochError
from ..utils.times import from_us, now, now_us

MAX_FACTS = 500
MAX_BODY = 16 * 1024 * 1024
MAX_SEQ = 2**53
VERSION = 1


class BridgeError(Exception):
    """An answer other than 200."""

    def __init__(self, status, code, message, **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": code, "message": message, **more}


def bridge_route(path):
    """A route for the bridge: token checked first, JSON in and out, own transaction mode."""

    def decorate(method):
        @http.route(
            path,
            type="http",
            auth="none",
            methods=["POST"],
            csrf=False,
            save_session=False,
            readonly=False,
        )
        def endpoint(self, **params):
            try:
                pbx, env = self._authenticate()
                answer = method(self, env, pbx, self._json_body())
            except BridgeError as error:
                return request.make_json_response(error.body, status=error.status)
            except EpochError as error:
                body = {"error": "epoch", "message": str(error), "epoch": error.epoch}
                return request.make_json_response(body, status=409)
            return request.make_json_response({**answer, "clock_us": now_us()})

        endpoint.__name__ = method.__name__
        endpoint.__doc__ = method.__doc__
        return endpoint

    return decorate


class BridgeController(http.Controller):
    """What the telephony bridge calls. See docs/architecture/http.md."""

    # ---- helpers ----

    def _authenticate(self):
        """The PBX whose bridge is calling, and the environment to serve it in.

        The transaction is a new READ COMMITTED one: Odoo's REPEATABLE READ with its random pause
        before a retry costs seconds when people save rows that the ingest touches too.

        :raise BridgeError: 401 for a wrong token
        """
        scheme, _blank, token = request.httprequest.headers.get("Authorization", "").partition(" ")
        if not request.db:
            raise BridgeError(404, "database", "name the database by X-Odoo-Database")
        # the bridge is no user; what it may do is decided by its token and by these routes
        request.update_env(user=SUPERUSER_ID)
        pbx = request.env["cc.pbx"]._from_token(token if scheme.lower() == "bearer" else "")
        self._read_committed()
        if not pbx:
            self._note_refusal(token)
            raise BridgeError(401, "token", "the token is refused")
        return pbx, request.env

    def _read_committed(self):
        """Begin the request's own transaction. Tests share one and stay in it."""
        if module.current_test:
            return
        cr = request.env.cr
        cr.rollback()
        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")

    def _note_refusal(self, token):
        """Let the PBX's page say that somebody comes with a wrong secret."""
        request.env["cc.pbx.cursor"]._note_refusal(token, request.httprequest.remote_addr)

    def _json_body(self):
        """:raise BridgeError: 413 or 400"""
        length = request.httprequest.content_length
        if length is None:
            # a body that does not say how long it is would be read to Odoo's own limit
            raise BridgeError(400, "form", "the request names no Content-Length")
        if length > MAX_BODY:
            raise BridgeError(413, "too_large", "the body is over 16 MiB")
        try:
            body = json.loads(request.httprequest.get_data(as_text=True) or "{}")
        except HTTPException:
            raise
        except (ValueError, RecursionError) as error:
            raise BridgeError(400, "form", "the body is no JSON") from error
        if not isinstance(body, dict):
            raise BridgeError(400, "form", "the body is no JSON object")
        return body

    def _lock(self, pbx, body):
        """Take the PBX's cursor row and check the epoch.

        :raise BridgeError: 400 without an epoch
        :raise EpochError: a newer bridge has said hello
        """
        epoch = self._epoch(body)
        cursor = pbx.env["cc.pbx.cursor"]._lock(pbx)
        if cursor.epoch != epoch:
            raise EpochError(cursor.epoch)
        return cursor

    def _epoch(self, body):
        if type(body.get("epoch")) is not int:
            raise BridgeError(400, "form", "'epoch' is missing or no integer")
        return body["epoch"]

    def _channel(self):
        return "cc.pbx:" + request.httprequest.headers["Authorization"].partition(" ")[2]

    # ---- routes ----

    @bridge_route("/cc/hello")
    def hello(self, env, pbx, body):
        """A bridge begins: it gets a new epoch, and older ones are refused from now on.

        :raise BridgeError: 409 `taken` while another bridge is at work
        """
        version = body.get("v")
        # a bridge is updated before or after its Odoo: the version before is still understood
        if type(version) is not int or not max(VERSION - 1, 1) <= version <= VERSION:
            raise BridgeError(
                400, "form", f"this Odoo understands facts up to version {VERSION} only"
            )
        ami = body.get("ami") if isinstance(body.get("ami"), dict) else {}
        cursor = env["cc.pbx.cursor"]._lock(pbx)
        who = body.get("who") if isinstance(body.get("who"), dict) else {}
        own = {
            name: form.storable(who[name][:128]) if isinstance(who.get(name), str) else False
            for name in ("id", "process")
        }
        if cursor._other_at_work({**own, "again": who.get("again") is True}):
            cursor._refuse(own["id"])
            raise BridgeError(
                409,
                "taken",
                f"the bridge {cursor.bridge_id} speaks for this PBX and was just heard",
            )
        connected = ami.get("connected") is True
        error = ami.get("error")
        vals = {
            "epoch": cursor.epoch + 1,
            "hello_at": now(),
            "heard_at": now(),
            "bridge_id": own["id"],
            "bridge_process": own["process"],
            "bridge_version": form.storable(str(body.get("bridge") or "")[:64]),
            "connected": connected,
            "error": error if form.is_link_error(error) else False,
            "message": False,
        }
        if body.get("asterisk"):
            vals["asterisk_version"] = form.storable(str(body["asterisk"])[:64])
        if body.get("boot_t") is not None and form.is_time(body["boot_t"]):
            vals["boot_at"] = from_us(body["boot_t"])
        if not connected:
            vals["connected_since"] = False
        elif not cursor.connected:
            vals["connected_since"] = now()
        if cursor.bridge_id != own["id"]:
            vals.update(rival_at=False, rival_id=False, rival_since=False)
        cursor.write(vals)
        return {
            "epoch": cursor.epoch,
            "seq": cursor.seq,
            "intent": pbx._intent(),
            "channel": self._channel(),
        }

    @bridge_route("/cc/facts")
    def facts(self, env, pbx, body):
        """Facts, applied in order and once each."""
        epoch = self._epoch(body)
        facts = body.get("facts")
        health = body.get("health")
        if not isinstance(facts, list):
            raise BridgeError(400, "form", "'facts' is no list")
        if len(facts) > MAX_FACTS:
            raise BridgeError(413, "too_large", f"more than {MAX_FACTS} facts")
        last = 0
        for fact in facts:
            seq = fact.get("seq") if isinstance(fact, dict) else None
            if type(seq) is not int or not last < seq < MAX_SEQ:
                raise BridgeError(400, "form", "facts are objects with rising 'seq' from 1")
            last = seq
        seq, rejected = apply_request(
            env, pbx, epoch, facts, health if isinstance(health, dict) else {}, body.get("after")
        )
        return {"seq": seq, "rejected": rejected}

    @bridge_route("/cc/commands")
    def commands(self, env, pbx, body):
        """Open commands, oldest first."""
        cursor = self._lock(pbx, body)
        commands = env["cc.command"]._open_for(pbx)
        cursor.heard_at = now()
        return {"commands": commands}

    @bridge_route("/cc/ring")
    def ring(self, env, pbx, body):
        """A hint at a ring, ahead of its fact. It waits for no lock: the facts under way hold the cursor's."""
        epoch, newest = self._epoch(body), pbx.cursor_ids.epoch
        if epoch != newest:
            raise EpochError(newest)
        env["cc.call"]._cc_hint(pbx, body.get("hint"))
        return {}

    @bridge_route("/cc/intent")
    def intent(self, env, pbx, body):
        """The intent as it is now."""
        cursor = self._lock(pbx, body)
        cursor.heard_at = now()
        return {"intent": pbx._intent()}

    @bridge_route("/cc/session")
    def session(self, env, pbx, body):
        """An anonymous session for the websocket, which knows no tokens, on the right database."""
        session = root.session_store.new()
        session.update(get_default_session(), db=request.db)
        root.session_store.save(session)
        request.future_response.set_cookie(
            "session_id", session.sid, max_age=http.get_session_max_inactivity(env), httponly=True
        )
        # what Odoo lets a websocket say: so many messages in so many seconds
        burst = int(config["websocket_rate_limit_burst"])
        within = burst * float(config["websocket_rate_limit_delay"])
        return {"channel": self._channel(), "burst": burst, "within_s": within}
