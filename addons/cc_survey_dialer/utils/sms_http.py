# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Talks with an SMS gateway over HTTP, as its profile says. Nothing here knows of Odoo.

A profile is made of templates, so that a gateway's manual can be written down without programming.
"""

import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import requests
from lxml import etree

# to connect, and between two pieces of the answer
TIMEOUT_S = (5, 15)
MOST_ANSWER = 65536

SENT, WAIT, UNKNOWN = "sent", "wait", "unknown"
# what a gateway's code may mean, beside the above
REFUSALS = ("unsubscribed", "wrong_number", "credit", "refused", "server")


@dataclass(frozen=True)
class Profile:
    """How a gateway is spoken to."""

    url: str
    method: str = "POST"
    body: str = "form"  # form, json, query
    charset: str = "utf-8"
    account: str = ""
    password: str = ""
    params: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    sign: str = ""
    answer: str = "json"  # json, xml, text
    ok_path: str = ""
    ok_values: tuple = ()
    ref_path: str = ""
    codes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What became of a request: `state` is sent, wait, unknown, or one of REFUSALS."""

    state: str
    ref: str = ""
    text: str = ""
    wait_s: float = 0.0


def lines(text):
    """`{name: value}` of lines ``name = value``; empty lines and those that begin with # are passed over."""
    found = {}
    for line in (text or "").splitlines():
        name, sep, value = line.partition("=")
        if sep and name.strip() and not name.lstrip().startswith("#"):
            found[name.strip()] = value.strip()
    return found


class _Words(dict):
    def __missing__(self, key):
        return "{" + key + "}"


def _words(profile, numbers, text, uuid):
    now = time.time()
    words = _Words(
        account=profile.account,
        password=profile.password,
        password_md5=hashlib.md5(profile.password.encode(), usedforsecurity=False).hexdigest(),
        number=numbers[0],
        numbers=",".join(numbers),
        text=text,
        text_hex=text.encode(profile.charset, "replace").hex(),
        uuid=uuid,
        time=str(int(now)),
        ms=str(int(now * 1000)),
        stamp=time.strftime("%Y%m%d%H%M%S", time.localtime(now)),
    )
    signed = profile.sign.format_map(words).encode(profile.charset, "replace")
    words["md5"] = hashlib.md5(signed, usedforsecurity=False).hexdigest()
    words["MD5"] = words["md5"].upper()
    words["sha256"] = hashlib.sha256(signed).hexdigest()
    return words


def build(profile, numbers, text, uuid):
    """The request as `requests.request` takes it."""
    words = _words(profile, numbers, text, uuid)
    params = {
        name: list(numbers) if value == "[numbers]" else value.format_map(words)
        for name, value in profile.params.items()
    }
    headers = {name: value.format_map(words) for name, value in profile.headers.items()}
    request = {"method": profile.method, "url": profile.url, "headers": headers}
    if profile.body == "json":
        request["data"] = json.dumps(params, ensure_ascii=False).encode(profile.charset, "replace")
        headers.setdefault("Content-Type", f"application/json; charset={profile.charset}")
        return request
    encoded = {
        name: value.encode(profile.charset, "replace") if isinstance(value, str) else value
        for name, value in params.items()
    }
    if profile.body == "query" or profile.method == "GET":
        request["params"] = encoded
    else:
        request["data"] = encoded
    return request


def send(profile, numbers, text, uuid):
    """Hand a message over. Never raises.

    :return: a Result. `unknown` means that the gateway may have it: it must not be sent again.
    """
    try:
        request = build(profile, numbers, text, uuid)
    except (ValueError, KeyError, IndexError, UnicodeError) as error:
        return Result("server", text=f"the profile is wrong: {error}")
    try:
        with requests.request(
            **request, timeout=TIMEOUT_S, stream=True, allow_redirects=False
        ) as response:
            data = response.raw.read(MOST_ANSWER, decode_content=True)
            return read(profile, response.status_code, response.headers, data)
    except (
        requests.ConnectTimeout,
        requests.exceptions.InvalidURL,
        requests.exceptions.MissingSchema,
    ) as error:
        return Result(WAIT, text=_short(error), wait_s=60)
    except requests.ConnectionError as error:
        # refused before anything was sent, or cut off afterwards
        if _was_refused(error):
            return Result(WAIT, text=_short(error), wait_s=60)
        return Result(UNKNOWN, text=_short(error))
    except Exception as error:  # whatever a stranger's server does, nothing is sent twice for it
        return Result(UNKNOWN, text=_short(error))


def _was_refused(error):
    seen = error
    for _depth in range(6):
        text = type(seen).__name__
        if text in ("NewConnectionError", "NameResolutionError", "ConnectionRefusedError"):
            return True
        reason = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        if not isinstance(reason, BaseException):
            return False
        seen = reason
    return False


def _short(error):
    """What went wrong, without the library's own words: they hold the address, with the password in it."""
    words, seen = "", error
    for _depth in range(6):
        words = getattr(seen, "strerror", None) or words
        reason = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        seen = reason if isinstance(reason, BaseException) else seen.__context__
        if seen is None:
            break
    name = type(error).__name__
    return f"{words} ({name})" if words else name


def read(profile, status, headers, data):
    """What a gateway's answer means."""
    # the database takes no NUL, and strangers send what they like
    text = (data or b"").decode(profile.charset, "replace").replace("\0", "")
    if status in (429, 503):
        return Result(WAIT, text=f"HTTP {status}", wait_s=_retry_after(headers))
    code = value_at(profile, text, profile.ok_path)
    if code is not None and code in profile.codes:
        state = profile.codes[code]
        wait_s = 5.0 if state in (WAIT, "throttled") else 0.0
        state = WAIT if state == "throttled" else state
        return Result(
            state if state in (SENT, WAIT, UNKNOWN, *REFUSALS) else "refused",
            text=text[:250],
            wait_s=wait_s,
        )
    if 200 <= status < 300 and code is not None and code in profile.ok_values:
        return Result(SENT, ref=(value_at(profile, text, profile.ref_path) or "")[:128])
    if status in (401, 403):
        return Result("server", text=f"HTTP {status}: {text[:200]}")
    if 400 <= status < 500:
        return Result("refused", text=f"HTTP {status}: {text[:200]}")
    if 200 <= status < 300 and code is not None:
        return Result("refused", text=text[:250])
    # a page of HTML, half an answer, an error of the server's: it may have taken the message
    return Result(UNKNOWN, text=f"HTTP {status}: {text[:200]}")


def _retry_after(headers):
    value = headers.get("Retry-After") or ""
    if value.isdigit():
        return min(float(value), 3600.0)
    try:
        wait = parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError):
        return 30.0
    return min(max(wait, 1.0), 3600.0)


def value_at(profile, text, path):
    """The value in an answer: a dotted path in JSON, a tag in XML, a regular expression in text.

    :return: str, None where there is none
    """
    if not path:
        return None
    try:
        if profile.answer == "json":
            value = json.loads(text)
            for part in path.split("."):
                value = value[int(part)] if isinstance(value, list) else value[part]
            if isinstance(value, bool):
                return "true" if value else "false"
            return None if value is None or isinstance(value, (dict, list)) else str(value)
        if profile.answer == "xml":
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            found = etree.fromstring(text.strip().encode(), parser).iterfind(f".//{path}")
            node = next(found, None)
            return None if node is None else (node.text or "").strip()
        found = re.search(path, text)
        return None if not found else (found[1] if found.groups() else found[0])
    except (ValueError, KeyError, IndexError, TypeError, SyntaxError, re.error, etree.LxmlError):
        return None
