# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reads lists of people: which encoding, which separator, which rows."""

import contextlib
import csv
import io

# in the order in which they are tried; the first that reads the whole file without a strange character
ENCODINGS = ("utf-8-sig", "utf-16", "utf-8", "gb18030", "big5", "latin-1")
LABELS = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "GB18030",
    "big5": "Big5",
    "latin-1": "Latin-1",
}
SEPARATORS = (",", ";", "\t", "|")


def _common(text):
    """How much of the text is Chinese that people write, from 0 to 1: tells GB18030 from Big5."""
    others = [char for char in text if ord(char) > 127]
    if not others:
        return 1.0

    # what the first level of GB 2312 has; Big5 read as GB lands far outside of it, and the other way round
    def is_common(char):
        for codec in ("gb2312", "big5"):
            try:
                code = char.encode(codec)
            except UnicodeEncodeError:
                continue
            if codec == "gb2312" and 0xB0 <= code[0] <= 0xD7:
                return True
            if codec == "big5" and 0xA4 <= code[0] <= 0xC6:
                return True
        return False

    return sum(map(is_common, others)) / len(others)


def detect(data):
    """The encoding of a file.

    :param bytes data: the whole of it
    :return: a name out of ENCODINGS
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    with contextlib.suppress(UnicodeDecodeError):
        data.decode("utf-8")
        return "utf-8"
    scores = {}
    for encoding in ("gb18030", "big5"):
        try:
            scores[encoding] = _common(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    if scores:
        best = max(scores, key=lambda encoding: scores[encoding])
        if scores[best] >= 0.5:
            return best
    return "latin-1"


def decode(data, encoding=None):
    """:return: ``(text, encoding)``; what cannot be read becomes a question mark in a rhombus"""
    encoding = encoding or detect(data)
    return data.decode(encoding, "replace"), encoding


def separator(text):
    """The separator of a table: the one that parts the first lines into most columns of one number."""
    first = [line for line in text.splitlines()[:20] if line.strip()]
    best, most = ",", 0
    for sign in SEPARATORS:
        counts = [line.count(sign) for line in first]
        if counts and min(counts) > 0 and min(counts) >= most:
            best, most = sign, min(counts) + (1 if len(set(counts)) == 1 else 0)
    return best


def rows(text, sign=None):
    """The rows of a table; empty ones are left out.

    :return: list of ``(number of the line, [cell, …])``
    """
    sign = sign or separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    found = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                found.append((reader.line_num, cells))
    except csv.Error:
        # a stray quotation mark: take the lines as they are
        found = [
            (number, [cell.strip() for cell in line.split(sign)])
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    return found
