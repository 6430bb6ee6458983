# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The short-lived token by which a bridge proves that it holds its PBX's secret.

HS256; claims `iss` = uuid of the PBX, `aud` = "cc_bridge", `iat`, `exp` at most ten minutes later.
"""

import secrets
import uuid

import jwt

from .contract import token as _token

ALGORITHM, AUDIENCE = _token.ALGORITHM, _token.AUDIENCE
MAX_LIFETIME_S = _token.MAX_LIFETIME_S

# a skewed clock is a warning on the PBX's page, not a reason to refuse
LEEWAY_S = 60
# an unknown PBX costs the same signature check as a known one, against a secret nobody has
_NOBODYS_SECRET = secrets.token_hex(32)


# what a token made to annoy brings up while it is read: deep nesting, Infinity, lists for texts
_UNREADABLE = (
    jwt.PyJWTError,
    ArithmeticError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RecursionError,
)


class TokenError(Exception):
    """The token is refused. Says nothing about why: callers are strangers until proven."""


def mint(pbx_uuid, secret, now_s, lifetime_s=300):
    """A token of the PBX `pbx_uuid`, valid from `now_s` (seconds since 1970) on."""
    claims = {"iss": pbx_uuid, "aud": AUDIENCE, "iat": now_s, "exp": now_s + lifetime_s}
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def claimed_issuer(token):
    """The PBX uuid that the token claims, unproven; None if it isn't even the form of one."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        return str(uuid.UUID(claims["iss"]))
    except _UNREADABLE:
        return None


def verify(token, secret):
    """Check the token against `secret` (None for an unknown PBX) and return its claims.

    :raise TokenError: wrong signature, audience, form, life over or longer than allowed
    """
    try:
        claims = jwt.decode(
            token,
            secret or _NOBODYS_SECRET,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY_S,
            options={"require": ["iss", "aud", "iat", "exp"]},
        )
        if not secret or int(claims["exp"]) - int(claims["iat"]) > MAX_LIFETIME_S:
            raise TokenError
    except _UNREADABLE as error:
        raise TokenError from error
    return claims
