# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What strangers and broken bridges may send: refused or kept as text, and the rest goes on."""

import copy
import gzip
import json
import random
import time
from unittest.mock import patch

import jwt

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..ingest import form
from ..utils import token as tokens
from .browser import PatientCase
from .common import T0, FactsMixin
from .test_bridge_routes import RoutesMixin

NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE cc_call; --",
    "two\r\nlines",
    "\u202egnp.exe\u202c",
    "\u200f\u2066abc\u2069",
    "{{7*7}} %(name)s %s {0}",
    "${SHELL(id)}",
    "王小明",
    "x" * 256,
]
# what no column of a database holds, or no fact may say
UNFIT = ["nul\x00", "half \ud800", "x" * 257, "王" * 10_000]
NUMBERS = [
    *NAMES[:-1],
    "1&PJSIP/2001",
    "-1",
    "1e9",
    "NaN",
    "١٢٣٤٥",
    "１３８００１３８０００",
    "+" * 200,
    "0" * 256,
    "0",
    "+0",
    "sip:x@y",
    " ",
]
VALUES = [
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**400,
    0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "0",
    [],
    {},
    [[]],
    [None],
    {"a": {"b": []}},
    *NAMES,
    *UNFIT,
]


def places(value, path=()):
    """Paths to everything inside a fact."""
    yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from places(part, (*path, index))


def put(fact, path, value):
    """The fact with something else at a place; None for the fact itself or what the bridge's own
    numbering needs."""
    if not path or path[0] == "seq":
        return None
    fact = copy.deepcopy(fact)
    *way, last = path
    inner = fact
    for key in way:
        inner = inner[key]
    inner[last] = value
    return fact


@tagged("post_install", "-at_install")
class TestHostileFacts(FactsMixin, TransactionCase):
    """Facts through the ingest, without HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    def rejected(self):
        return self.env["cc.fact.rejected"].sudo().search([("pbx_id", "=", self.pbx.id)])

    def good_still_goes(self, *bad):
        """One whole life of a call around the bad facts: all of it is applied."""
        good = self.life()
        facts = [*good[:3], *bad, *good[3:]]
        for fact in facts[3:]:
            type(self).seq += 1
            fact["seq"] = self.seq
        seq, rejected = self.ingest(*facts)
        self.assertEqual(seq, facts[-1]["seq"])
        self.assertEqual(self.call_of(good).talk_s, 48.0)
        return rejected

    def test_names(self):
        """Scripts, SQL, line breaks, right-to-left marks: text, as it came."""
        for name in NAMES:
            facts = self.life(**{"from": {"number": "13800138000", "name": name}})
            self.assertEqual(self.ingest(*facts)[1], 0, name)
            self.assertEqual(self.call_of(facts).caller_name, name)
        self.assertFalse(self.rejected())

    def test_unfit_names(self):
        """What no database holds is set aside readable, with the reason."""
        for name in UNFIT:
            before = self.rejected()
            facts = self.life(**{"from": {"number": "13800138000", "name": name}})
            bad = facts[:1]
            self.assertEqual(self.good_still_goes(*bad), 1)
            row = self.rejected() - before
            self.assertIn("name", row.error)
            self.assertEqual(row.fact["kind"], "call.queued")

    def test_numbers(self):
        """Whatever stands where a number is meant: the call is there, with or without a number."""
        for number in NUMBERS:
            facts = self.life(**{"from": {"number": number, "name": None}})
            self.assertEqual(self.ingest(*facts)[1], 0, number)
            call = self.call_of(facts)
            self.assertEqual((call.state, call.talk_s), ("ended", 48.0), number)

    def test_future_version(self):
        """Set aside until the addons are updated, nothing else waits for it."""
        fact = {**self.life()[0], "v": 2}
        self.assertEqual(self.good_still_goes(fact), 1)
        self.assertIn("version 2", self.rejected().error)

    def test_former_version(self):
        """When there is a version 2, facts of version 1 are still understood."""
        with patch.object(form, "VERSION", 2):
            facts = self.life()
            self.assertEqual(self.ingest(*facts)[1], 0)
        self.assertEqual(self.call_of(facts).talk_s, 48.0)

    def test_another_pbx(self):
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other", "company_id": self.company.id}
        )
        fact = {**self.life()[0], "pbx": other.uuid}
        self.assertEqual(self.good_still_goes(fact), 1)
        self.assertIn("another PBX", self.rejected().error)

    def test_nested(self):
        """A fact as deep as the parser lets through."""
        deep = value = []
        for _ in range(300):
            value.append([])
            value = value[0]
        fact = {**self.fact("queue.changed"), "queue": {"queue": "help", "waiting": deep}}
        self.good_still_goes(fact, {**self.fact("call.started"), "call": deep})

    def test_anything_anywhere(self):
        """A fuzzer: each kind of fact, any part of it replaced by anything. The seed is fixed."""
        dice = random.Random(20260302)
        command = self.env["cc.command"]._issue(self.pbx, "check")
        samples = [
            *self.life(),
            self.agent_fact(self.ann, "ready", T0),
            self.fact("queue.changed", queue={"queue": "help", "waiting": 1, "members": []}),
            self.fact(
                "recording.ready",
                recording={
                    "call_uid": "c",
                    "part": 1,
                    "path": "/x",
                    "sha256": "a" * 64,
                    "duration_ms": 5,
                    "format": "mp3",
                    "paused": [],
                    "started_t": T0,
                },
            ),
            self.fact(
                "command.result",
                command={
                    "id": command.uuid,
                    "ok": True,
                    "code": "ok",
                    "message": "",
                    "call_uid": None,
                },
            ),
            self.fact(
                "pbx.state",
                pbx_state={
                    "connected": True,
                    "asterisk": "22",
                    "boot_t": T0,
                    "reconciled": True,
                    "error": None,
                    "message": "",
                },
            ),
        ]
        for _round in range(12):
            bad = []
            while len(bad) < 25:
                sample = dice.choice(samples)
                path = dice.choice(list(places(sample)))
                fact = put(sample, path, dice.choice(VALUES))
                if fact:
                    bad.append(fact)
            with mute_logger("odoo.sql_db"):
                self.good_still_goes(*bad)

    def test_health(self):
        """What a bridge says of itself is cut, not believed."""
        env = self.env(user=self.env.ref("base.user_root"), su=True)
        from ..ingest.apply import apply_request

        for value in VALUES:
            health = dict.fromkeys(("spool", "t", "uploads", "spool_error", "left_out"), value)
            apply_request(env, self.pbx.with_env(env), 3, [], health)
            health["left_out"] = [value, "the next line"]
            apply_request(env, self.pbx.with_env(env), 3, [], health)
            self.assertIn("the next line", self.cursor.left_out)


@tagged("post_install", "-at_install")
class TestHostileRequests(RoutesMixin, PatientCase):
    """Requests as strangers and broken bridges make them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()

    PATHS = ("/cc/hello", "/cc/facts", "/cc/commands", "/cc/intent", "/cc/session", "/cc/recording")

    def claims(self, **more):
        now = int(time.time())
        return {
            "iss": self.pbx.uuid,
            "aud": "cc_bridge",
            "iat": now,
            "exp": now + 300,
            **more,
        }

    def signed(self, **more):
        return jwt.encode(self.claims(**more), self.pbx.secret, algorithm="HS256")

    def test_tokens(self):
        """Wrong signature, over, without algorithm, of another PBX: 401, nothing said, nothing done."""
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other", "company_id": self.company.id}
        )
        now = int(time.time())
        refused = {
            "wrong signature": tokens.mint(self.pbx.uuid, "b" * 64, now),
            "over": self.signed(iat=now - 900, exp=now - 600),
            "not yet": self.signed(iat=now + 600, exp=now + 900),
            "too long": self.signed(exp=now + 3600),
            "no algorithm": jwt.encode(self.claims(), None, algorithm="none"),
            "other algorithm": jwt.encode(self.claims(), self.pbx.secret, algorithm="HS512"),
            "another's id, our secret": self.signed(iss=other.uuid),
            "our id, another's secret": tokens.mint(self.pbx.uuid, other.secret, now),
            "for somebody else": self.signed(aud="other"),
            "no pbx": self.signed(iss="x"),
            "claims of wrong types": self.signed(iss=["x"]),
            "endless": "x" * 6000,
        }
        for what, token in refused.items():
            for path in self.PATHS:
                answer = self.post(path, {"v": 1, "epoch": 3, "facts": []}, token)
                self.assertEqual((answer.status_code, answer.json()["error"]), (401, "token"), what)
        self.cursor.invalidate_recordset()
        self.assertEqual((self.cursor.epoch, self.cursor.seq), (3, 100))
        # the other half of the pair
        self.assertEqual(self.post("/cc/facts", {"epoch": 3, "facts": []}).status_code, 200)

    def test_a_pbx_speaks_for_itself_only(self):
        """A good token of another PBX: neither its facts nor its commands reach ours."""
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other", "company_id": self.company.id}
        )
        other.cursor_ids.write({"epoch": 3})
        self.env["cc.command"]._issue(self.pbx, "check")
        token = tokens.mint(other.uuid, other.secret, int(time.time()))
        facts = self.life()
        answer = self.post("/cc/facts", {"epoch": 3, "facts": facts}, token)
        self.assertEqual((answer.status_code, answer.json()["rejected"]), (200, len(facts)))
        self.assertFalse(self.call_of(facts))
        answer = self.post("/cc/commands", {"epoch": 3}, token)
        self.assertEqual(answer.json()["commands"], [])
        self.assertEqual(
            self.post("/cc/intent", {"epoch": 3}, token).json()["intent"]["agents"], []
        )

    def test_bodies(self):
        """Not JSON, broken, nested without end, packed: 400 with a word, and no traceback."""
        bodies = {
            "html": b"<html></html>",
            "half": b'{"epoch": 3, "facts": [',
            "utf-8": b'{"epoch": "\xff\xfe"}',
            "deep": b"[" * 100_000 + b"]" * 100_000,
            "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
            "endless number": b'{"epoch": ' + b"9" * 10_000 + b"}",
            "no epoch": b'{"epoch": NaN}',
            "nothing": b" ",
            "nul": b"\x00",
            "packed": gzip.compress(b"0" * 50_000_000),
        }
        for what, body in bodies.items():
            for path in ("/cc/hello", "/cc/facts", "/cc/commands", "/cc/intent"):
                answer = self.post(path, body)
                self.assertEqual((answer.status_code, answer.json()["error"]), (400, "form"), what)
        answer = self.post("/cc/facts", bodies["packed"], **{"Content-Encoding": "gzip"})
        self.assertEqual((answer.status_code, answer.json()["error"]), (400, "form"))

    def test_huge(self):
        """Refused by its length; what names none is not read at all."""
        body = b'{"epoch": 3, "facts": [' + b" " * (17 * 1024 * 1024) + b"]}"
        answer = self.post("/cc/facts", body)
        self.assertEqual((answer.status_code, answer.json()["error"]), (413, "too_large"))

        def pieces():
            for start in range(0, len(body), 1 << 20):
                yield body[start : start + (1 << 20)]

        token = tokens.mint(self.pbx.uuid, self.pbx.secret, int(time.time()))
        answer = self.opener.post(
            self.base_url() + "/cc/facts",
            data=pieces(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=30,
        )
        self.assertEqual((answer.status_code, answer.json()["error"]), (400, "form"))
        self.cursor.invalidate_recordset()
        self.assertFalse(self.cursor.heard_at)

    def test_hello(self):
        """Parts of any type: an epoch or a 400, never an error of ours."""
        for value in VALUES:
            for name in ("bridge", "asterisk", "boot_t", "ami"):
                body = {"v": 1, "bridge": "1", "asterisk": "22", "boot_t": T0, "ami": {}}
                answer = self.post("/cc/hello", json.dumps({**body, name: value}))
                self.assertIn(answer.status_code, (200, 400), (name, value))
            answer = self.post("/cc/hello", json.dumps({"v": value}))
            self.assertEqual((answer.status_code, answer.json()["error"]), (400, "form"), value)

    def test_hello_of_the_former_version(self):
        """A bridge that is updated after Odoo is let in."""
        with patch("odoo.addons.cc_telephony.controllers.bridge.VERSION", 2):
            self.assertEqual(self.post("/cc/hello", {"v": 1}).status_code, 200)
            self.assertEqual(self.post("/cc/hello", {"v": 2}).status_code, 200)
            self.assertEqual(self.post("/cc/hello", {"v": 3}).status_code, 400)

    def test_facts_over_http(self):
        """A batch of mischief: answered, set aside, the good fact in it applied."""
        good = self.life()
        bad = [{**self.life()[0], "call": value} for value in VALUES]
        facts = [*good, *bad]
        for seq, fact in enumerate(facts, 101):
            fact["seq"] = seq
        answer = self.post("/cc/facts", json.dumps({"epoch": 3, "facts": facts}))
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.assertEqual(answer.json()["rejected"], len(bad))
        self.assertEqual(self.call_of(good).talk_s, 48.0)

    def test_recordings(self):
        """Parameters that mean something elsewhere: 400 or 404, no file anywhere."""
        before = self.env["cc.recording"].sudo().search_count([])
        for call_uid in ("../../etc/passwd", "' OR 1=1 --", "x\x00", "%00", "*", ""):
            for part in ("1", "-1", "1e1", "0x1", "99999", "../1", "١"):
                answer = self.opener.post(
                    self.base_url() + "/cc/recording",
                    params={"call_uid": call_uid, "part": part, "sha256": "a" * 64},
                    data=b"x",
                    headers={
                        "Authorization": "Bearer "
                        + tokens.mint(self.pbx.uuid, self.pbx.secret, int(time.time()))
                    },
                    timeout=30,
                )
                self.assertIn(answer.status_code, (400, 404), (call_uid, part))
        self.assertEqual(self.env["cc.recording"].sudo().search_count([]), before)
