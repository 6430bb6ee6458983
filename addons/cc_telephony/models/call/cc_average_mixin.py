# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL


class CcAverageMixin(models.AbstractModel):
    """Averages over those rows only to which the figure applies: a call that no queue held did not wait 0 s."""

    _name = "cc.average.mixin"
    _description = "Averages of what applies"

    @api.model
    def _averages(self):
        """`{field: field that counts}`: 1 in rows to which the first applies, 0 in the others, where it is 0 too."""
        return {}

    @api.model
    def _counters(self):
        """`{field: columns}`: a row has the figure if these add up to more than 0; one with a minus is subtracted."""
        return {name: (counter,) for name, counter in self._averages().items()}

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """A cell without a figure is empty in a file too, as it is on the screen."""
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        counters = self._counters()
        if len(rows) != len(self):
            return rows
        for column, path in enumerate(fields):
            below = counters.get(path[0]) if len(path) == 1 else None
            for record, row in zip(self, rows, strict=True) if below else ():
                if not sum(-record[x[1:]] if x[0] == "-" else record[x] for x in below):
                    row[column] = ""
        return rows

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        counter = self._averages().get(name)
        if function != "avg" or not counter:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "(SUM(%s) / NULLIF(SUM(%s), 0))",
            self._field_to_sql(self._table, name, query),
            self._field_to_sql(self._table, counter, query),
        )
