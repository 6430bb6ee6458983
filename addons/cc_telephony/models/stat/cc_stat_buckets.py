# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CcStatBuckets(models.AbstractModel):
    """What both roll-ups share: rows by key and quarter, written whole and never corrected in place."""

    _name = "cc.stat.buckets"
    _description = "Figures by quarter hour"
    _order = "bucket_at desc, id desc"
    _rec_name = "bucket_at"
    #: the many2one whose figures these are
    _stat_key = None

    company_id = fields.Many2one("res.company", required=True, index=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    bucket_at = fields.Datetime("Time", required=True, help="Start of the quarter hour.")

    @api.model
    def _stat_columns(self):
        """Names of the columns that are counted, each a sum over the sources' rows."""
        others = {*models.MAGIC_COLUMNS, "company_id", "department_id", "bucket_at", self._stat_key}
        return [name for name, field in self._fields.items() if field.store and name not in others]

    def _stat_sources(self, border):
        """SELECTs of `(key, department_id, bucket_at, column, value)` over `keys (key, bucket_at)`."""
        raise NotImplementedError

    @api.model
    def _write_buckets(self, keys, border):
        """Replace the rows of these keys by what the source rows say.

        :param keys: `(id, begin of bucket)`
        :param border: until when states that go on count
        """
        self.invalidate_model()
        table, key = SQL.identifier(self._table), SQL.identifier(self._stat_key)
        of_key = SQL.identifier(self._fields[self._stat_key].comodel_name.replace(".", "_"))
        ids, buckets = zip(*keys, strict=True)
        columns = self._stat_columns()
        sums = SQL(", ").join(
            SQL(
                "COALESCE(%s(facts.value) FILTER (WHERE facts.name = %s), 0)",
                SQL("max" if self._fields[name].aggregator == "max" else "sum"),
                name,
            )
            for name in columns
        )
        sources = SQL(" UNION ALL ").join(self._stat_sources(border))
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s row USING unnest(%s::int[], %s::timestamp[]) AS keys (key, bucket_at)"
                " WHERE row.%s = keys.key AND row.bucket_at = keys.bucket_at",
                table,
                list(ids),
                list(buckets),
                key,
            )
        )
        self.env.cr.execute(
            SQL(
                """WITH keys AS MATERIALIZED (
                       SELECT key, bucket_at, bucket_at + interval '15 minutes' AS next_at
                         FROM unnest(%s::int[], %s::timestamp[]) AS keys (key, bucket_at)
                   ), facts (key, department_id, bucket_at, name, value) AS (%s)
                   INSERT INTO %s (%s, company_id, department_id, bucket_at, %s)
                   SELECT facts.key, of_key.company_id, facts.department_id, facts.bucket_at, %s
                     FROM facts JOIN %s of_key ON of_key.id = facts.key
                    GROUP BY facts.key, of_key.company_id, facts.department_id, facts.bucket_at""",
                list(ids),
                list(buckets),
                sources,
                table,
                key,
                SQL(", ").join(map(SQL.identifier, columns)),
                sums,
                of_key,
            )
        )
