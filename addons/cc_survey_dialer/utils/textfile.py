# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reads lists of people: which encoding, which separator, which rows."""

import contextlib
import csv
import io
import zipfile
from itertools import chain, islice

from lxml import etree
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

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
# so many characters tell which encoding it is
SAMPLE = 20_000
# ends a text for the reader of its rows, no line of a table
END = "\x1eend"
# quotation marks that are not closed; with more, marks are signs like others
MOST_STRAY = 20
# a workbook may unpack to so many bytes. A million rows with number and name come to 140 million; 5 million a second
# are read, and a worker of Odoo's has a minute
MOST_UNPACKED = 200_000_000
# a workbook keeps its texts in a part of their own, those of the first rows first; so many are read for a preview
MOST_TEXTS = 100_000


def _common(text):
    """How much of the text is Chinese that people write, from 0 to 1: tells GB18030 from Big5."""
    others = list(islice((char for char in text if ord(char) > 127), SAMPLE))
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
    # a mark of the byte order stays where the encoding was chosen by hand
    return data.decode(encoding, "replace").removeprefix("\ufeff"), encoding


def separator(text):
    """The separator of a table: the one that parts the first lines into most columns of one number."""
    first = [line for line in text[:SAMPLE].splitlines()[:20] if line.strip()]
    best, most = ",", 0
    for sign in SEPARATORS:
        counts = [line.count(sign) for line in first]
        if counts and min(counts) > 0 and min(counts) >= most:
            best, most = sign, min(counts) + (1 if len(set(counts)) == 1 else 0)
    return best


def rows(text, sign=None, most=None, pick=list):
    """The rows of a table; empty ones are left out.

    :param int most: no more than so many
    :param pick: called with a row's cells, gives what is kept of them: a million rows take their room
    :return: list of ``(number of the line, [cell, …])``
    """
    sign = sign or separator(text)
    try:
        return list(islice(_filled(_parsed(text, sign), pick), most))
    except csv.Error:
        # take the lines as they are
        lines = ((number, line.split(sign)) for number, line in enumerate(text.splitlines(), 1))
        return list(islice(_filled(lines, pick), most))


def _parsed(text, sign):
    """The rows with their lines. A quotation mark that is never closed is one sign of its line: it must not swallow
    all lines after it.

    :raise csv.Error: there are too many of them
    """
    lines = list(io.StringIO(text + "\n", newline=""))
    last = 0
    for _stray in range(MOST_STRAY):
        first = last
        reader = csv.reader(chain(islice(lines, first, None), [END]), delimiter=sign)
        with contextlib.suppress(csv.Error):
            for row in reader:
                if row == [END]:
                    return
                if first + reader.line_num > len(lines):
                    break
                last = first + reader.line_num
                yield last, row
        yield last + 1, lines[last].split(sign)
        last += 1
    raise csv.Error("too many quotation marks are open")


def _filled(numbered, pick):
    for number, row in numbered:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield number, pick(cells)


class Unreadable(ValueError):
    """A file that is no table."""


class TooLarge(Unreadable):
    """A workbook that would take too long."""


def is_sheet(data):
    """Whether a file is an Excel workbook."""
    return data[:2] == b"PK"


def unpacked(data):
    """:return: how many bytes are to be read of a workbook
    :raise Unreadable: it is broken
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return sum(part.file_size for part in parts.infolist())
    except Exception as error:
        raise Unreadable("no workbook") from error


class _Texts:
    """A workbook's texts by their number, read as far as they are asked for: all of a million take half a minute.

    :param int most: what comes later is an ellipsis; None: everything counts
    """

    def __init__(self, part, most):
        self._rest, self._most, self._read = self._parsed(part), most, []

    @staticmethod
    def _parsed(part):
        plain = f"{{{SHEET_MAIN_NS}}}t"
        for _event, node in etree.iterparse(
            part, tag=f"{{{SHEET_MAIN_NS}}}si", resolve_entities=False
        ):
            whole = len(node) == 1 and node[0].tag == plain
            text = node[0].text or "" if whole else Text.from_tree(node).content
            yield text.replace("x005F_", "")
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]

    def __getitem__(self, number):
        if self._most is not None and number >= self._most:
            return "…"
        missing = number + 1 - len(self._read)
        if missing > 0:
            self._read += islice(self._rest, missing)
        return self._read[number]


class _Reader(ExcelReader):
    """openpyxl's, which reads all texts before the first row."""

    def __init__(self, data, most_texts):
        super().__init__(io.BytesIO(data), read_only=True, data_only=True)
        self._most_texts = most_texts

    def read_strings(self):
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            opened = self.archive.open(part.PartName[1:])
            self.shared_strings = _Texts(opened, self._most_texts)


def sheet_rows(data, most=None, pick=list):
    """The rows of an Excel workbook's first sheet, as `rows` gives them.

    :param int most: as of `rows`; texts that stand far behind are then not read
    :raise Unreadable: it is broken
    :raise TooLarge: it has more than MOST_UNPACKED bytes
    """
    if unpacked(data) > MOST_UNPACKED:
        raise TooLarge(f"more than {MOST_UNPACKED} bytes")
    try:
        reader = _Reader(data, MOST_TEXTS if most else None)
        reader.read()
        sheet = reader.wb.active
        # a sheet may say that it is 16384 columns wide: each row would be filled up to that
        sheet.reset_dimensions()
        numbered = enumerate(sheet.iter_rows(values_only=True), 1)
        return list(islice(_filled(((n, map(_cell, row)) for n, row in numbered), pick), most))
    except Exception as error:
        raise Unreadable("no workbook") from error


def _cell(value):
    if value is None:
        return ""
    # spreadsheets keep numbers as floats
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
