# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytz
from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import api, fields, models
from odoo.tools import SQL

#: How a row's hour, day or month is written, for PostgreSQL.
FORMATS = {"hour": "YYYY-MM-DD HH24:MI", "day": "YYYY-MM-DD", "month": "YYYY-MM"}
#: Of columns in lists that hold more than a count.
WIDTHS = {"label": "130px", "agent_id": "165px", "number_display": "145px"}


class CcReportMixin(models.AbstractModel):
    """Reports over the roll-ups: one row a key and hour, day or month in the reader's time zone.

    Ratios are ratios of sums at every level, never averages of ratios; where the lower part is 0 they
    are empty.
    """

    _name = "cc.report.mixin"
    _description = "Report over figures"
    _inherit = ["cc.average.mixin"]

    date = fields.Datetime(readonly=True, help="Start of the hour, day or month.")
    label = fields.Char("Period", readonly=True, help="In your time zone.")
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)

    @api.model
    def _ratios(self):
        """`{field: (columns above, columns below)}`; a column with a minus before it is subtracted."""
        return {}

    @api.model
    def _counters(self):
        return {
            **super()._counters(),
            **{name: below for name, (_, below) in self._ratios().items()},
        }

    @api.model
    def _totals(self):
        """`{field: columns}` of whole numbers that are sums of columns."""
        return {}

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Seconds are shown as h:mm:ss and ratios in percent, whatever measure people choose."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type not in ("list", "pivot", "graph"):
            return arch, view
        nodes = {node.get("name"): node for node in arch.iter("field")}
        if view_type == "list":
            # dates, names and numbers are never cut off; long heads have several lines
            arch.set("class", f"{arch.get('class', '')} o_cc_report".strip())
            for name in WIDTHS.keys() & nodes.keys():
                if not nodes[name].get("width"):
                    nodes[name].set("width", WIDTHS[name])
        for name, field in self._fields.items():
            widget = "cc_duration" if name.endswith("_s") else None
            if field.type == "float" and not widget:
                widget = "cc_ratio"
            node = nodes.get(name)
            if node is None and widget and view_type != "list":
                node = etree.SubElement(arch, "field", name=name)
            if node is None:
                continue
            if widget and not node.get("widget"):
                node.set("widget", widget)
            if view_type == "list" and name in self._ratios() and not node.get("invisible"):
                # nothing to divide by: no figure, which a record's float would show as 0
                parts = (part if part[0] == "-" else f"+{part}" for part in self._ratios()[name][1])
                node.set("invisible", f"not ({''.join(parts).lstrip('+')})")
            if view_type == "list" and field.type in ("integer", "float") and not node.get("width"):
                node.set("width", "84px")
            if view_type == "list" and field.aggregator == "sum" and not node.get("sum"):
                node.set("sum", field._description_string(self.env))
        return arch, view

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in self._ratios():
            return super()._read_group_select(aggregate_spec, query)
        above, below = self._ratios()[name]
        return self._ratio_sql(
            above,
            below,
            lambda column: SQL(
                "COALESCE(SUM(%s), 0)", self._field_to_sql(self._table, column, query)
            ),
        )

    @api.model
    def _ratio_sql(self, above, below, column_sql):
        """The ratio of two sums of columns, empty where there is nothing below."""

        def total(columns):
            parts = [
                SQL("-%s", column_sql(name[1:])) if name.startswith("-") else column_sql(name)
                for name in columns
            ]
            return SQL("(%s)", SQL(" + ").join(parts))

        return SQL("%s::float / NULLIF(%s, 0)::float", total(above), total(below))

    def _ratio_columns(self):
        """The ratios as columns over `report`, which has what they are made of."""
        return [
            SQL(
                "%s AS %s",
                self._ratio_sql(
                    above,
                    below,
                    lambda name: SQL("COALESCE(%s, 0)", SQL.identifier("report", name)),
                ),
                SQL.identifier(field),
            )
            for field, (above, below) in self._ratios().items()
        ]

    @property
    def _table_query(self):
        return self._period_query()

    def _span(self):
        """This row's hour, day or month.

        :return: `(begin, end)`, naive UTC
        """
        self.ensure_one()
        zone = pytz.timezone(self._report_zone())
        begin = pytz.utc.localize(self.date).astimezone(zone).replace(tzinfo=None)
        end = (
            begin
            + {
                "hour": relativedelta(hours=1),
                "day": relativedelta(days=1),
                "month": relativedelta(months=1),
            }[self._report_period()]
        )
        return self.date, zone.localize(end).astimezone(pytz.utc).replace(tzinfo=None)

    def _report_period(self):
        period = self.env.context.get("cc_period")
        return period if period in FORMATS else "day"

    def _report_zone(self):
        """The reader's time zone, by a name that PostgreSQL knows."""
        zone = self.env.context.get("tz") or self.env.user.tz
        return zone if zone in pytz.all_timezones_set else "UTC"

    def _period_query(self):
        """Rows of the roll-up by hour, day or month of the reader, with the ratios."""
        stat = self.env[self._stat_model]
        sums = SQL(", ").join(
            SQL(
                "%s(%s) AS %s",
                SQL("max" if stat._fields[name].aggregator == "max" else "sum"),
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in stat._stat_columns()
        )
        ratios = self._ratio_columns()
        ratios += [
            SQL(
                "%s AS %s",
                SQL(" + ").join(SQL.identifier("report", name) for name in columns),
                SQL.identifier(field),
            )
            for field, columns in self._totals().items()
        ]
        return SQL(
            """SELECT report.*%(comma)s %(ratios)s,
                      to_char(date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s, %(format)s) AS label
                 FROM (
                   SELECT min(id) AS id, %(key)s, company_id, department_id,
                          date_trunc(%(period)s, bucket_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)
                              AT TIME ZONE %(zone)s AT TIME ZONE 'UTC' AS date,
                          %(sums)s
                     FROM %(table)s GROUP BY 2, 3, 4, 5) AS report""",
            comma=SQL("," if ratios else ""),
            ratios=SQL(", ").join(ratios),
            key=SQL.identifier(stat._stat_key),
            period=self._report_period(),
            format=FORMATS[self._report_period()],
            zone=self._report_zone(),
            sums=sums,
            table=SQL.identifier(stat._table),
        )
