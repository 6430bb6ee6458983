# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import logging
import re

import phonenumbers

from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.phone import phone_key
from odoo.tools import SQL

from ..utils.number_filter import may_be_number, no_number_why

_logger = logging.getLogger(__name__)

# lines read and committed together
CHUNK = 250_000
# numbers of other kinds than plain mobiles, made together
MAKE = 20_000
MOST_RAW = 64
MOST_NAME = 256
NO_BLANKS = str.maketrans("", "", " -")


class CcNumberListMixin(models.AbstractModel):
    """A file of written numbers, read in the background in steps that are kept.

    A step reads its lines into a temporary table, makes rows of numbers that are new, lets the model take
    them, and writes down each line that was left out, all in the database's own steps. What a dead worker
    had not committed is read again; what it had is not.
    """

    _name = "cc.number.list.mixin"
    _description = "List of numbers from a file"

    # the model of lines left out, and its field that points back here
    _problem_model = None
    _problem_owner = None

    encoding = fields.Char("Encoding found", readonly=True, copy=False)
    line_count = fields.Integer("Lines in the file", readonly=True, copy=False)
    line_read = fields.Integer("Lines read", readonly=True, copy=False)

    # ---- what the model says ----

    def _list_rows(self):
        """:return: ``(list of (line number, written number, name), encoding)`` of the whole file"""
        raise NotImplementedError

    def _list_country(self):
        """:return: ISO code of the country in which numbers without a country code are read"""
        return self.company_id.country_id.code or None

    def _list_place(self, key):
        """:return: ``(zones, country)`` of a number, where the model keeps them"""
        return "", ""

    def _take_numbers(self):
        """Rows of the model's own out of the table ``cc_number_line`` (line, number_id, name, …)."""
        raise NotImplementedError

    def _taken(self):
        """:return: SELECT of ``(number_id, line_no, present)`` that has been taken; `present`: before this list"""
        raise NotImplementedError

    @staticmethod
    def _partner_of_number():
        """:return: SELECT of the contact of ``number``, the main one first"""
        return SQL(
            """SELECT partner_id FROM cc_phone_link
                WHERE number_id = number.id AND partner_id IS NOT NULL
             ORDER BY main DESC NULLS LAST, id LIMIT 1"""
        )

    def _list_done(self):
        """The whole file is read."""
        raise NotImplementedError

    # ---- reading ----

    @api.model
    def _cron_read(self):
        """Read on in lists that are being read; each step is kept. One that fails does not hold up the others."""
        for one in self.search([("state", "=", "reading")], order="id"):
            try:
                while one.state == "reading":
                    with self.env.cr.savepoint():
                        left = one._read_step()
                    self.env["ir.cron"]._commit_progress(1, remaining=left)
            except Exception:
                # tried again with the next run
                _logger.exception("%s cannot be read", one)

    def _read_step(self):
        """Read the next lines.

        :return: lines that are left
        """
        self.ensure_one()
        rows, encoding = self._list_rows()
        if not self.encoding:
            self.write({"encoding": encoding, "line_count": len(rows)})
        start = self.line_read
        self._read_lines(rows[start : start + CHUNK])
        self.line_read = min(start + CHUNK, len(rows))
        if self.line_read >= len(rows):
            self._list_done()
        return len(rows) - self.line_read

    def _read_lines(self, rows):
        # contacts, numbers and links are asked by SQL
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS cc_number_line")
        cr.execute(
            """CREATE TEMP TABLE cc_number_line (line int, raw text, name text, key text, why text,
                                                 zones text, country text) ON COMMIT DROP"""
        )
        cr.copy_expert(
            "COPY cc_number_line (line, raw, name, key, why, zones, country) FROM STDIN",
            self._copied(rows),
        )
        cr.execute("ANALYZE cc_number_line")
        self._make_numbers()
        self._take_numbers()
        self._note_problems()
        cr.execute("DROP TABLE cc_number_line")

    def _copied(self, rows):
        """:return: a file as COPY reads it, with the key of each line or why it has none"""
        country = self._list_country()
        mobile = self._plain_mobile(country)
        known, out = {}, io.StringIO()
        for line, raw, name in rows:
            raw = _cell(raw, MOST_RAW)
            if not raw:
                continue
            if raw not in known:
                known[raw] = self._columns(raw, country, mobile)
            out.write(f"{line}\t{raw}\t{_cell(name, MOST_NAME)}\t{known[raw]}\n")
        out.seek(0)
        return out

    def _columns(self, raw, country, mobile):
        """Key, reason, zones and country of a written number, as COPY wants them."""
        match = mobile and mobile.fullmatch(raw.translate(NO_BLANKS))
        if match:
            key = f"+86{match[1]}"
        else:
            key = phone_key(raw, country) if may_be_number(raw, country) else None
        if key and key.startswith("+"):
            return "\t".join((key, "", *self._list_place(key)))
        return f"\\N\t{no_number_why(raw)}\t\t"

    @staticmethod
    def _plain_mobile(country):
        """Chinese mobile numbers, by far the most: by the numbering plan's own pattern."""
        if country != "CN":
            return None
        metadata = phonenumbers.PhoneMetadata.metadata_for_region("CN")
        pattern = metadata.mobile.national_number_pattern
        return re.compile(rf"(?:\+?86|0086)?((?=1[0-9]{{10}}$)(?:{pattern}))", re.ASCII)

    def _make_numbers(self):
        """Rows of numbers that are new, sorted: two lists can't wait for each other."""
        cr = self.env.cr
        cr.execute(
            """INSERT INTO cc_phone_number
                       (key, display, mask, create_uid, write_uid, create_date, write_date)
                   SELECT DISTINCT line.key,
                          '+86 ' || substr(line.key, 4, 3) || ' ' || substr(line.key, 7, 4) || ' '
                                 || substr(line.key, 11),
                          '+86 ' || substr(line.key, 4, 3) || ' •••• ' || right(line.key, 4),
                          NULL::int, NULL::int, now() AT TIME ZONE 'UTC',
                          now() AT TIME ZONE 'UTC'
                     FROM cc_number_line line
                    WHERE line.key ~ '^\\+861[0-9]{10}$'
                      AND NOT EXISTS (SELECT 1 FROM cc_phone_number number WHERE number.key = line.key)
                 ORDER BY line.key
              ON CONFLICT (key) DO NOTHING"""
        )
        cr.execute(
            """SELECT DISTINCT key FROM cc_number_line line WHERE key IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM cc_phone_number number WHERE number.key = line.key)
             ORDER BY key"""
        )
        keys = [key for (key,) in cr.fetchall()]
        for start in range(0, len(keys), MAKE):
            self.env["cc.phone.number"]._ids_by_key(set(keys[start : start + MAKE]))

    def _note_problems(self):
        """Lines without a number, and lines whose number stood there before; digits are masked."""
        problems = self.env[self._problem_model]
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(owner)s, line_no, kind, first_line, text)
                   SELECT %(id)s, line.line,
                          CASE WHEN line.key IS NULL THEN line.why
                               WHEN taken.present THEN 'present' ELSE 'duplicate' END,
                          CASE WHEN NOT taken.present THEN taken.line_no END,
                          CASE WHEN length(regexp_replace(line.raw, '[^0-9]', '', 'g')) > 6
                               THEN left(line.raw, 3) || '••••' || right(line.raw, 2)
                               ELSE left(line.raw, 40) END
                     FROM cc_number_line line
                LEFT JOIN cc_phone_number number ON number.key = line.key
                LEFT JOIN (%(taken)s) AS taken (number_id, line_no, present)
                       ON taken.number_id = number.id
                    WHERE line.key IS NULL OR taken.present OR taken.line_no IS DISTINCT FROM line.line
                 ORDER BY line.line
              ON CONFLICT (%(owner)s, line_no) DO NOTHING""",
                table=SQL.identifier(problems._table),
                owner=SQL.identifier(self._problem_owner),
                id=self.id,
                taken=self._taken(),
            )
        )
        problems.invalidate_model()

    def _left_out(self):
        """:return: ``(lines without a number, lines whose number came before)``"""
        groups = (
            self.env[self._problem_model]
            .sudo()  # sudo: lines left out - the list is the user's to read, they are counted only
            ._read_group([(self._problem_owner, "=", self.id)], ["kind"], ["__count"])
        )
        again = sum(count for kind, count in groups if kind in ("duplicate", "present"))
        return sum(count for _kind, count in groups) - again, again


def _cell(text, most):
    """One cell as COPY reads it."""
    return " ".join((text or "").replace("\0", "").split())[:most].replace("\\", "\\\\")
