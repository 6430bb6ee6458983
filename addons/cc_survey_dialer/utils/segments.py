# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How many parts a text message has. The browser counts the same: static/src/sms/segments.js."""

import re
from typing import NamedTuple

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# two septets each, of which no part may end between
EXTENDED = set("\f^{}\\[~]|€")

# between these no space belongs: Chinese and Japanese characters, and full-width signs
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_ENDS_OPEN = re.compile(rf"[^\s{_CJK}]\Z")
_BEGINS_WORD = re.compile(rf"[^\s,.;:!?)\]{_CJK}]")


class Count(NamedTuple):
    """What a text costs: `units` are septets of GSM-7, or 16-bit units of UCS-2."""

    encoding: str
    units: int
    segments: int


def count(text):
    """Parts of a message as networks count them.

    GSM-7: 160 septets in one, 153 in each of several. UCS-2: 70 units, 67 in each of several. A pair of
    units or an escaped character is never split.
    """
    text = (text or "").replace("\r\n", "\n")
    if all(char in GSM or char in EXTENDED for char in text):
        encoding, single, part = "GSM-7", 160, 153
        sizes = [2 if char in EXTENDED else 1 for char in text]
    else:
        encoding, single, part = "UCS-2", 70, 67
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    units = sum(sizes)
    if units <= single:
        return Count(encoding, units, 1 if units else 0)
    segments, room = 1, part
    for size in sizes:
        if size > room:
            segments, room = segments + 1, part
        room -= size
    return Count(encoding, units, segments)


def _followed(text, tail):
    """One after the other, with a space where words are written apart: not beside a Chinese one."""
    space = " " if _ENDS_OPEN.search(text) and _BEGINS_WORD.match(tail) else ""
    return f"{text}{space}{tail}"


def compose(text, signature="", tail="", position="start"):
    """The text as it leaves, with the signature and the way to unsubscribe that are still missing in it.

    :param str signature: without brackets
    """
    mark = f"【{signature}】" if signature else ""
    tail = (tail or "").strip()
    if mark and mark not in text:
        text = f"{mark}{text}" if position == "start" else f"{text}{mark}"
    if tail and tail not in text:
        if mark and position == "end" and text.endswith(mark):
            text = f"{_followed(text[: -len(mark)], tail)}{mark}"
        else:
            text = _followed(text, tail)
    return text
