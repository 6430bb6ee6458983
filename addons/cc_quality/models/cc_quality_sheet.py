# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..utils import scoring

UNPROCESSED = ("open", "draft")


class CcQualitySheet(models.Model):
    """One call to be scored by one inspector under one version of a template.

    People only read these rows: everything is changed by the checked methods here, so that nobody hands
    a call to themselves or writes a score by RPC.
    """

    _name = "cc.quality.sheet"
    _description = "Inspection of a call"
    _order = "id desc"

    kind = fields.Selection(
        [("score", "Inspection"), ("calibration", "Calibration")], required=True, default="score"
    )
    list_id = fields.Many2one("cc.quality.list", index="btree_not_null", ondelete="cascade")
    calibration_id = fields.Many2one(
        "cc.quality.calibration", index="btree_not_null", ondelete="cascade"
    )
    version_id = fields.Many2one("cc.quality.version", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    call_id = fields.Many2one("cc.call", index="btree_not_null", ondelete="set null")
    call_started_at = fields.Datetime("Call start")
    call_direction = fields.Char()
    talk_s = fields.Float("Talk (s)")
    agent_id = fields.Many2one(
        "cc.agent", index="btree_not_null", ondelete="restrict", help="Who talked last in the call."
    )
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    inspector_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    state = fields.Selection(
        [
            ("unassigned", "Not handed out"),
            ("open", "To do"),
            ("draft", "In progress"),
            ("done", "Done"),
            ("void", "Cannot be scored"),
        ],
        required=True,
        default="unassigned",
        index=True,
    )
    assigned_at = fields.Datetime("Handed out")
    done_at = fields.Datetime("Scored at")
    score_ids = fields.One2many("cc.quality.score", "sheet_id", "Scores")
    mark_ids = fields.One2many("cc.quality.mark", "sheet_id", "Marks")
    appeal_ids = fields.One2many("cc.quality.appeal", "sheet_id", "Appeals")
    comment = fields.Text()
    void_reason = fields.Char("Why not")
    rated = fields.Boolean(help="Something on the sheet applied.")
    given = fields.Float("Points", digits=(16, 2))
    possible = fields.Float("Possible points", digits=(16, 2))
    raw_percent = fields.Float("Before fatal items (%)", digits=(16, 2), aggregator="avg")
    percent = fields.Float("Result (%)", digits=(16, 2), aggregator="avg")
    first_percent = fields.Float("First result (%)", digits=(16, 2), aggregator="avg")
    fatal = fields.Boolean("Fatal item failed")
    passed = fields.Boolean()
    na_rule = fields.Char(compute="_compute_rules")
    has_recording = fields.Boolean(compute="_compute_has_recording")
    appeal_until = fields.Datetime("Appeal until", compute="_compute_appeal")
    may_appeal = fields.Boolean(compute="_compute_appeal")
    result_text = fields.Char("Result", compute="_compute_result_text")

    _list_call_unique = models.UniqueIndex(
        "(list_id, call_id) WHERE list_id IS NOT NULL AND call_id IS NOT NULL",
        "The list has this call already.",
    )
    _todo = models.Index("(inspector_id, state) WHERE state IN ('open', 'draft')")

    @api.depends("agent_id", "call_started_at")
    def _compute_display_name(self):
        for sheet in self:
            name = sheet.agent_id.display_name or self.env._("Call")
            if sheet.call_started_at:
                start = fields.Datetime.context_timestamp(sheet, sheet.call_started_at)
                name = f"{name} · {start:%Y-%m-%d %H:%M}"
            sheet.display_name = name

    def _compute_rules(self):
        for sheet in self:
            # sudo: cc.quality.version - the rule that a score was computed by is no secret of it
            sheet.na_rule = sheet.sudo().version_id.content.get("na_rule")

    def _compute_has_recording(self):
        for sheet in self:
            # sudo: cc.call - that there is a recording, not what it says
            recordings_sudo = sheet.sudo().call_id.recording_ids
            sheet.has_recording = any(one.state == "stored" for one in recordings_sudo)

    @api.depends("state", "done_at")
    @api.depends_context("uid")
    def _compute_appeal(self):
        now = fields.Datetime.now()
        for sheet in self:
            # sudo: cc.quality.template - limits of appeals, for those who may appeal
            template_sudo = sheet.sudo().version_id.template_id
            done = sheet.state == "done" and sheet.kind == "score"
            sheet.appeal_until = (
                fields.Datetime.add(sheet.done_at, days=template_sudo.appeal_days)
                if done and sheet.done_at
                else False
            )
            # sudo: cc.quality.appeal - how many there were
            appeals_sudo = sheet.sudo().appeal_ids
            sheet.may_appeal = bool(
                done
                and sheet.agent_id.user_id == self.env.user
                and sheet.appeal_until
                and now < sheet.appeal_until
                and len(appeals_sudo) < template_sudo.appeal_limit
                and not any(one.state == "open" for one in appeals_sudo)
            )

    @api.depends("state", "rated", "percent", "fatal")
    @api.depends_context("lang")
    def _compute_result_text(self):
        for sheet in self:
            if sheet.state != "done":
                sheet.result_text = False
            elif not sheet.rated:
                sheet.result_text = self.env._("Not rated")
            elif sheet.fatal:
                sheet.result_text = self.env._("%(percent).1f %% (fatal)", percent=sheet.percent)
            else:
                sheet.result_text = self.env._("%(percent).1f %%", percent=sheet.percent)

    @api.model
    def _make(self, version, calls, inspector=None, **values):
        """Make sheets with their empty rows.

        :return: the cc.quality.sheet, as superuser
        """
        # sudo: cc.quality.sheet - sheets are made by draws and calibrations only
        sheets_sudo = self.sudo().create(
            [
                {
                    **values,
                    "version_id": version.id,
                    "company_id": version.company_id.id,
                    "call_id": call.id,
                    "call_started_at": call.started_at,
                    "call_direction": call.direction,
                    "talk_s": call.talk_s,
                    "agent_id": call.agent_id.id,
                    "department_id": call.department_id.id,
                    "inspector_id": inspector.id if inspector else False,
                    "state": "open" if inspector else "unassigned",
                    "assigned_at": fields.Datetime.now() if inspector else False,
                }
                # sudo: cc.call - whoever draws need not see each call
                for call in calls.sudo()
            ]
        )
        rows = [
            {
                "sheet_id": sheet.id,
                "item_id": item["id"],
                "subitem_id": row["id"],
                "sequence": number,
                "item_name": item["name"],
                "name": row["name"],
                "maximum": row["maximum"],
                "weight": item["weight"],
                "fatal": row["fatal"],
                "bonus": row["bonus"],
                "na_allowed": row["na_allowed"],
                "level": row["level"],
            }
            for sheet in sheets_sudo
            for number, (item, row) in enumerate(
                (item, row) for item in version.content["items"] for row in item["rows"]
            )
        ]
        known_items = set(
            self.env["cc.quality.item"].sudo().browse({row["item_id"] for row in rows}).exists().ids
        )
        known_rows = set(
            self.env["cc.quality.subitem"]
            .sudo()
            .browse({row["subitem_id"] for row in rows})
            .exists()
            .ids
        )
        for row in rows:
            row["item_id"] = row["item_id"] if row["item_id"] in known_items else False
            row["subitem_id"] = row["subitem_id"] if row["subitem_id"] in known_rows else False
        sheets_sudo.env["cc.quality.score"].create(rows)
        return sheets_sudo

    # ---- handing out ----

    def _check_hands_out(self):
        if not self.env.su and not self.env.user.has_group("cc_telephony.group_manager"):
            raise AccessError(self.env._("Only managers hand out calls."))

    def _why_not(self, inspector):
        """:return: why this inspector must not score this sheet; None if they may"""
        self.ensure_one()
        # sudo: res.users - whom the rated agent leads decides who may score
        rated_sudo, user_sudo = self.sudo().agent_id, inspector.sudo()
        if not user_sudo.active or not user_sudo.has_group("cc_quality.group_inspector"):
            return self.env._("%(name)s is not an active inspector.", name=user_sudo.name)
        if rated_sudo.user_id == user_sudo:
            return self.env._("%(name)s cannot score their own call.", name=user_sudo.name)
        departments = user_sudo.cc_agent_ids.department_id
        led = (
            self.env["hr.department"]
            .sudo()
            .search([("id", "child_of", rated_sudo.led_department_ids.ids)])
        )
        if departments & led:
            return self.env._("%(name)s cannot score their own leader's call.", name=user_sudo.name)
        return None

    def _hand_out(self, inspector):
        """Give these sheets to an inspector.

        :raise ValidationError: one of them is not theirs to score
        """
        self._check_hands_out()
        self.check_access("read")
        for sheet in self:
            if why := sheet._why_not(inspector):
                raise ValidationError(why)
            if sheet.kind != "score" or sheet.state not in ("unassigned", *UNPROCESSED):
                raise UserError(self.env._("This call is scored already."))
        # sudo: cc.quality.sheet - checked above
        sheets_sudo = self.sudo()
        changed = sheets_sudo.filtered(lambda row: row.inspector_id != inspector)
        changed._clear()
        changed.write(
            {
                "inspector_id": inspector.id,
                "state": "open",
                "assigned_at": fields.Datetime.now(),
            }
        )

    def _hand_out_evenly(self, inspectors):
        """Give each inspector as many as the others, by turns over agents; nobody gets their own call
        or their leader's.

        :return: sheets that none of them may score
        """
        self._check_hands_out()
        todo = self.filtered(lambda row: row.state == "unassigned").sorted(
            lambda row: (row.agent_id.id, row.id)
        )
        loads = dict.fromkeys(inspectors, 0)
        plan = {inspector: self.browse() for inspector in inspectors}
        left = self.browse()
        for sheet in todo:
            may = [one for one in inspectors if not sheet._why_not(one)]
            if not may:
                left |= sheet
                continue
            least = min(may, key=lambda one: (loads[one], one.id))
            loads[least] += 1
            plan[least] |= sheet
        for inspector, sheets in plan.items():
            if sheets:
                sheets._hand_out(inspector)
        return left

    def action_take_back(self):
        """Take unprocessed calls back from their inspectors."""
        self._take_back()
        return True

    def _take_back(self):
        self._check_hands_out()
        self.check_access("read")
        if any(row.kind != "score" or row.state not in UNPROCESSED for row in self):
            raise UserError(self.env._("Only calls that are not processed can be taken back."))
        # sudo: cc.quality.sheet - checked above
        sheets_sudo = self.sudo()
        sheets_sudo._clear()
        sheets_sudo.write({"inspector_id": False, "state": "unassigned", "assigned_at": False})

    def _clear(self):
        """Forget what somebody began to score."""
        self.mark_ids.unlink()
        self.score_ids.write({"points": 0, "na": False, "scored": False, "comment": False})
        self.write({"comment": False})

    def action_hand_out(self):
        """Open the hand-out of the chosen calls."""
        self._check_hands_out()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand out"),
            "res_model": "cc.quality.handout",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_sheet_ids": [(6, 0, self.ids)]},
        }

    # ---- scoring ----

    def action_score(self):
        """Open the score sheet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "cc_quality.score",
            "name": self.env._("Inspection"),
            "params": {"sheet_id": self.id},
        }

    def _check_inspector(self):
        self.ensure_one()
        self.check_access("read")
        if self.inspector_id != self.env.user:
            raise AccessError(self.env._("This call is not handed out to you."))

    def score_data(self):
        """Everything that the score sheet shows, for whoever may read the sheet."""
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.quality.sheet - the parts of a sheet are read with the sheet
        sheet_sudo = self.sudo()
        mine = sheet_sudo.inspector_id == self.env.user
        call_sudo = sheet_sudo.call_id
        guidance = {
            row["id"]: row["guidance"]
            for item in sheet_sudo.version_id.content["items"]
            for row in item["rows"]
        }
        recordings = self.env["cc.recording"]
        if call_sudo:
            recordings = recordings.search(
                [("call_id", "=", call_sudo.id), ("state", "=", "stored")], order="part"
            )
        return {
            "id": self.id,
            "state": self.state,
            "kind": self.kind,
            "can_score": mine and self.state in UNPROCESSED,
            "title": self.display_name,
            "template": sheet_sudo.version_id.display_name,
            "na_rule": self.na_rule,
            "fatal_rule": sheet_sudo.version_id.content["fatal_rule"],
            "pass_mark": sheet_sudo.version_id.content["pass_mark"],
            "comment": self.comment or "",
            "result": self.result_text,
            "percent": self.percent,
            "first_percent": self.first_percent,
            "agent": sheet_sudo.agent_id.display_name,
            "queue": call_sudo.queue_id.name or "",
            "direction": dict(
                self.env["cc.call"]._fields["direction"]._description_selection(self.env)
            ).get(self.call_direction, ""),
            "customer": call_sudo.partner_id.display_name or call_sudo.number_display or "",
            "talk_s": self.talk_s,
            "purpose": call_sudo.purpose_id.name or "",
            "rating": dict(
                self.env["cc.call"]._fields["rating"]._description_selection(self.env)
            ).get(call_sudo.rating, ""),
            "recordings": [recording._cc_player_data() for recording in recordings],
            "rows": [
                {
                    "id": row.id,
                    "item": row.item_name,
                    "name": row.name,
                    "maximum": row.maximum,
                    "weight": row.weight,
                    "fatal": row.fatal,
                    "bonus": row.bonus,
                    "na_allowed": row.na_allowed,
                    "guidance": guidance.get(row.subitem_id.id, ""),
                    "points": row.points,
                    "na": row.na,
                    "scored": row.scored,
                    "comment": row.comment or "",
                    "decided": row.decided,
                    "first_points": row.first_points,
                    "first_na": row.first_na,
                }
                for row in sheet_sudo.score_ids
            ],
            "marks": [
                {
                    "id": mark.id,
                    "recording": mark.recording_id.id,
                    "at_s": mark.at_s,
                    "text": mark.text or "",
                }
                for mark in sheet_sudo.mark_ids
            ],
            "todo": self.search_count(self._mine_domain()) if mine else 0,
        }

    @api.model
    def _mine_domain(self):
        return Domain("inspector_id", "=", self.env.uid) & Domain("state", "in", UNPROCESSED)

    @api.model
    def next_sheet(self, after=None):
        """:return: id of the next call that the user has to score, the oldest first; False if none"""
        mine = self._mine_domain()
        if after:
            found = self.search(mine & Domain("id", ">", after), order="id", limit=1)
            if found:
                return found.id
            mine &= Domain("id", "!=", after)
        return self.search(mine, order="id", limit=1).id

    def save_scores(self, rows, comment="", finish=False):
        """Write what the inspector gave.

        :param list rows: ``{id, points, na, comment}``; points None: not scored yet
        :param bool finish: the sheet is done; each row must be scored or not applicable
        :raise UserError: the sheet is not the user's to score, or a row is not what its version allows
        :return: the sheet as the screen shows it
        """
        self._check_inspector()
        # sudo: cc.quality.sheet - the inspector's own, checked above
        sheet_sudo = self.sudo()
        sheet_sudo.lock_for_update()
        sheet_sudo.invalidate_recordset(["state"])
        if sheet_sudo.state not in UNPROCESSED:
            raise UserError(self.env._("This call is scored already."))
        by_id = {row.id: row for row in sheet_sudo.score_ids}
        for values in rows:
            row_sudo = by_id.get(values.get("id"))
            if not row_sudo:
                raise UserError(self.env._("This row is not on the sheet."))
            row_sudo.write(row_sudo._checked(values))
        sheet_sudo.write({"comment": (comment or "").strip() or False, "state": "draft"})
        if finish:
            sheet_sudo._finish()
        return self.score_data()

    def _finish(self):
        self.ensure_one()
        missing = self.score_ids.filtered(lambda row: not row.scored and not row.bonus)
        if missing:
            raise UserError(
                self.env._(
                    "Not scored yet: %(rows)s",
                    rows=", ".join(f"{row.item_name} · {row.name}" for row in missing[:5]),
                )
            )
        self._apply_result()
        self.write(
            {"state": "done", "done_at": fields.Datetime.now(), "first_percent": self.percent}
        )
        if self.calibration_id:
            self.calibration_id._after_sheet()

    def _apply_result(self):
        for sheet in self:
            content = sheet.version_id.content
            found = scoring.result(
                sheet.score_ids._for_result(),
                content["na_rule"],
                content["fatal_rule"],
                content["pass_mark"],
            )
            sheet.write(
                {
                    "rated": found.rated,
                    "given": found.given,
                    "possible": found.possible,
                    "raw_percent": found.raw_percent,
                    "percent": found.percent,
                    "fatal": found.fatal,
                    "passed": found.passed,
                }
            )

    def cannot_score(self, reason):
        """Close a sheet that cannot be scored, as when its recording is gone.

        :param str reason: why, in the inspector's words
        """
        self._check_inspector()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why this call cannot be scored."))
        if self.state not in UNPROCESSED or self.kind != "score":
            raise UserError(self.env._("This call is scored already."))
        # sudo: cc.quality.sheet - the inspector's own, checked above
        self.sudo().write(
            {"state": "void", "void_reason": reason[:500], "done_at": fields.Datetime.now()}
        )
        return True

    def add_mark(self, recording_id, at_s, text=""):
        """Mark a moment of the recording.

        :return: id of the cc.quality.mark
        """
        self._check_inspector()
        if self.state not in UNPROCESSED:
            raise UserError(self.env._("This call is scored already."))
        recording = self.env["cc.recording"].search(
            [("id", "=", recording_id), ("call_id", "=", self.call_id.id)]
        )
        if not recording or not 0 <= at_s <= 86400:
            raise UserError(self.env._("This moment is not in the recording."))
        # sudo: cc.quality.mark - on the inspector's own sheet, checked above
        mark_sudo = (
            self.env["cc.quality.mark"]
            .sudo()
            .create(
                {
                    "sheet_id": self.id,
                    "recording_id": recording.id,
                    "at_s": at_s,
                    "text": (text or "").strip()[:500] or False,
                }
            )
        )
        return mark_sudo.id

    def remove_mark(self, mark_id):
        """Remove a mark of one's own sheet."""
        self._check_inspector()
        if self.state not in UNPROCESSED:
            raise UserError(self.env._("This call is scored already."))
        # sudo: cc.quality.mark - on the inspector's own sheet, checked above
        self.sudo().mark_ids.filtered(lambda mark: mark.id == mark_id).unlink()
        return True

    # ---- appeals ----

    def action_appeal(self):
        """Open the agent's appeal."""
        self.ensure_one()
        appeal = self.env["cc.quality.appeal"]._begin(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.quality.appeal",
            "res_id": appeal.id,
            "views": [[False, "form"]],
        }

    @api.model
    def action_my_next(self):
        """Score the next call of the user, or show the empty list."""
        found = self.next_sheet()
        if found:
            return self.browse(found).action_score()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cc_quality.cc_quality_sheet_action_mine"
        )
