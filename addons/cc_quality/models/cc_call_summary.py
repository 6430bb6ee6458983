# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class CcCallSummary(models.Model):
    """What came of a call (小结), in several levels; the agent chooses the last one."""

    _name = "cc.call.summary"
    _description = "Wrap-up summary"
    _parent_store = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    parent_id = fields.Many2one("cc.call.summary", "Above", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("cc.call.summary", "parent_id", "Below")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    display_name = fields.Char(compute="_compute_display_name", recursive=True)
    queue_ids = fields.Many2many("cc.queue", string="Queues", help="None: all queues.")

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A summary cannot be its own parent."))

    @api.depends("name", "parent_id.display_name")
    def _compute_display_name(self):
        for row in self:
            above = row.parent_id
            row.display_name = f"{above.display_name} / {row.name}" if above else row.name

    def _for_queue(self, queue):
        """:return: the choices of a queue's calls, those above with those below them"""
        self.check_access("read")
        return self.browse(self._ids_for_queue(queue.id))

    @tools.ormcache("queue_id")
    def _ids_for_queue(self, queue_id):
        """Kept, for every card of a call asks. A queue that changes clears that cache, too."""
        # sudo: cc.call.summary - the same for everybody
        rows_sudo = self.sudo().search([("active", "=", True)])
        return rows_sudo.filtered(
            lambda row: all(
                not one.queue_ids or queue_id in one.queue_ids.ids for one in row | row._above()
            )
        ).ids

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _above(self):
        found, row = self.browse(), self.parent_id
        while row:
            found, row = found | row, row.parent_id
        return found
