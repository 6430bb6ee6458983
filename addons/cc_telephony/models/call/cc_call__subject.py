# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# what an agent writes of a call, and their own text as their page last knew it
NOTE_VALUES = {"purpose_id", "source_id", "note", "seen"}


def _joined(stored, seen, text):
    """The new text, with what was stored since it was `seen`."""
    if stored == seen or text.startswith(stored):
        return text
    if stored.startswith(text):
        return stored
    if seen and stored.startswith(seen):
        return text + stored[len(seen) :]
    # another tab has put lines around what this one knows
    before, found, after = f"\n{stored}\n".partition(f"\n{seen}\n")
    if seen and found:
        return f"{before}\n{text}\n{after}".strip("\n")
    return f"{stored}\n{text}"


class CcCall(models.Model):
    """What a call was about: customer, purpose and source, each one value; who chose last says it.

    The ingest writes the customer that the number names, until somebody chooses one.
    """

    _inherit = "cc.call"

    partner_by_id = fields.Many2one(
        "res.users",
        "Customer chosen by",
        readonly=True,
        ondelete="set null",
        help="Empty: the number says so.",
    )
    partner_sure = fields.Boolean(
        "Customer certain",
        readonly=True,
        help="Identified by a confirmed number of this customer only, or chosen by "
        "someone who talked in the call. Only then can the customer's owner see the "
        "call.",
    )
    purpose_id = fields.Many2one(
        "cc.call.purpose", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    purpose_by_id = fields.Many2one(
        "res.users", "Purpose chosen by", readonly=True, ondelete="set null"
    )
    source_id = fields.Many2one(
        "cc.call.source", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    source_by_id = fields.Many2one(
        "res.users", "Source chosen by", readonly=True, ondelete="set null"
    )
    note = fields.Text(compute="_compute_note", search="_search_note")

    _by_number_and_partner = models.Index("(number_id, partner_id) WHERE partner_id IS NOT NULL")

    @api.depends("note_ids.note", "note_ids.author_id")
    def _compute_note(self):
        """What everybody wrote, in the order in which they began; with names where they are several."""
        for call in self:
            # sudo: cc.call.note - who may read the call may read what was written about it
            notes_sudo = call.sudo().note_ids.filtered("note").sorted("id")
            if len(notes_sudo) > 1:
                call.note = "\n".join(f"{row.author_id.name}: {row.note}" for row in notes_sudo)
            else:
                call.note = notes_sudo.note

    @api.model
    def _search_note(self, operator, value):
        return [("note_ids.note", operator, value)]

    @api.model
    def _cc_chosen_fields(self):
        """Fields of a call that people choose, each with `<name without _id>_by_id` beside it."""
        return ["partner_id", "purpose_id", "source_id"]

    def _cc_choose(self, values):
        """Choose what this call was about; whoever may read the call may.

        :param dict values: of `_cc_chosen_fields`
        :raise AccessError: the call, or what is chosen, is not the user's to read
        """
        self.ensure_one()
        self.check_access("read")
        if strange := values.keys() - set(self._cc_chosen_fields()):
            raise AccessError(self.env._("“%(field)s” cannot be chosen.", field=sorted(strange)[0]))
        # sudo: cc.call - facts are the PBX's, these columns are people's
        call_sudo = self.sudo()
        vals = {}
        for name, value in values.items():
            chosen = self.env[self._fields[name].comodel_name].browse(value or ()).exists()
            if chosen == call_sudo[name].with_env(self.env):
                continue
            chosen.check_access("read")
            vals[name] = chosen.id
            vals[f"{name.removesuffix('_id')}_by_id"] = self.env.uid
        if "partner_id" in vals or ("partner_id" in values and not call_sudo.partner_sure):
            vals["partner_sure"] = bool(values["partner_id"]) and self._cc_is_witness()
        if vals:
            call_sudo.write(vals)

    def _cc_is_witness(self):
        """Whether the user knows whom the call was with: talked in it, or leads who did."""
        self.ensure_one()
        user = self.env.user
        # sudo: cc.call.leg, cc.agent - whether the user had part
        call_sudo = self.sudo()
        talked = call_sudo.leg_ids.filtered(lambda leg: leg.mode == "talk" and leg.joined_at)
        if talked.agent_id & user.sudo().cc_agent_ids:
            return True
        if self.env.su or user.has_group("cc_telephony.group_manager"):
            return True
        if not user.has_group("cc_telephony.group_leader") or not call_sudo.department_id:
            return False
        # sudo: hr.department - the tree below the departments that the user leads
        led_sudo = self.env["hr.department"].sudo()
        return bool(
            led_sudo.search_count(
                [
                    ("id", "child_of", user.cc_led_department_ids.ids),
                    ("id", "=", call_sudo.department_id.id),
                ],
                limit=1,
            )
        )

    def cc_save_note(self, values):
        """Keep what an agent writes about this call while it is on, and after it.

        :param dict values: `purpose_id`, `source_id`, `note`; with `seen`, the user's own text as the page
            last knew it, what another tab of theirs wrote meanwhile stays too
        :return: the user's own text as it stands now
        :raise UserError: there are other values
        """
        return self._cc_write_note(self._cc_note_values(values))

    @api.model
    def _cc_note_values(self, values):
        if not isinstance(values, dict) or values.keys() - NOTE_VALUES:
            raise UserError(self.env._("A note can only have a purpose, a source and a text."))
        return values

    def _cc_write_note(self, values):
        """Write about this call: the text into the user's own note, the rest on the call itself.

        :param dict values: as `cc_save_note`, and what addons put into a note
        :return: the user's own text as it stands now
        """
        self.ensure_one()
        self.check_access("read")
        values = dict(values)
        seen = values.pop("seen", None)
        chosen = {name: values.pop(name) for name in self._cc_chosen_fields() if name in values}
        if chosen:
            self._cc_choose(chosen)
        if values:
            notes = self.env["cc.call.note"]
            own = notes.search([("call_id", "=", self.id), ("author_id", "=", self.env.uid)])
            if "note" in values and seen is not None:
                values["note"] = _joined(own.note or "", seen or "", values["note"] or "")
            if own:
                own.write(values)
            else:
                own = notes.create({**values, "call_id": self.id})
            return own.note or ""
        return self.note_ids.filtered(lambda row: row.author_id == self.env.user).note or ""
