# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time
import uuid

import jwt

from odoo.tests import TransactionCase

from ..utils import token

SECRET = "3f" * 32
PBX = "0b9d6a52-6ed5-4b7e-9d6c-0c3a4f0d7a11"


class TestToken(TransactionCase):
    """Who may speak for a PBX, and for how long."""

    def make(self, secret=SECRET, algorithm="HS256", **claims):
        now = int(time.time())
        body = {"iss": PBX, "aud": "cc_bridge", "iat": now, "exp": now + 300, **claims}
        return jwt.encode(
            {name: value for name, value in body.items() if value is not None},
            secret,
            algorithm=algorithm,
        )

    def refused(self, made, secret=SECRET):
        with self.assertRaises(token.TokenError):
            token.verify(made, secret)

    def test_good(self):
        self.assertEqual(token.verify(self.make(), SECRET)["iss"], PBX)
        self.assertEqual(token.claimed_issuer(self.make()), PBX)
        self.assertEqual(
            token.verify(token.mint(PBX, SECRET, int(time.time())), SECRET)["iss"], PBX
        )

    def test_wrong_secret(self):
        self.refused(self.make("4e" * 32))

    def test_unknown_pbx(self):
        """No secret is no way in, not even with a token signed by the empty one."""
        self.refused(self.make(), None)
        self.refused(self.make(), False)

    def test_over(self):
        now = int(time.time())
        self.refused(self.make(iat=now - 700, exp=now - 120))

    def test_too_long(self):
        now = int(time.time())
        self.refused(self.make(iat=now, exp=now + 3600))
        self.refused(self.make(iat=now - 86400, exp=now + 500))

    def test_not_for_us(self):
        self.refused(self.make(aud="someone_else"))

    def test_claims_missing(self):
        for name in ("iss", "aud", "iat", "exp"):
            self.refused(self.make(**{name: None}))

    def test_other_algorithms(self):
        self.refused(self.make(algorithm="HS512"))
        unsigned = jwt.encode(
            {
                "iss": PBX,
                "aud": "cc_bridge",
                "iat": int(time.time()),
                "exp": int(time.time()) + 300,
            },
            None,
            algorithm="none",
        )
        self.refused(unsigned)

    def test_rubbish(self):
        for made in ("", "a.b.c", "x" * 5000):
            self.assertIsNone(token.claimed_issuer(made))
            self.refused(made)
        self.assertIsNone(token.claimed_issuer(self.make(iss="no-uuid")))

    def test_of_the_right_pbx(self):
        """A PBX's own secret speaks for this PBX only."""
        one, other = self.env["cc.pbx"].create(
            [{"name": "One", "code": "one-t"}, {"name": "Other", "code": "other-t"}]
        )
        good = token.mint(one.uuid, one.secret, int(time.time()))
        crossed = token.mint(other.uuid, one.secret, int(time.time()))
        nobody = token.mint(str(uuid.uuid4()), one.secret, int(time.time()))
        self.assertEqual(self.env["cc.pbx"]._from_token(good), one)
        self.assertFalse(self.env["cc.pbx"]._from_token(crossed))
        self.assertFalse(self.env["cc.pbx"]._from_token(nobody))
        one.active = False
        self.assertFalse(self.env["cc.pbx"]._from_token(good))
