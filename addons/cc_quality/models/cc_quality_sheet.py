# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

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
        "This call is already in the list.",
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
        # sudo: cc.quality.item, cc.quality.subitem - which of the version's are still there
        known = {
            name: set(self.env[model].sudo().browse({row[name] for row in rows}).exists().ids)
            for name, model in (
                ("item_id", "cc.quality.item"),
                ("subitem_id", "cc.quality.subitem"),
            )
        }
        for row in rows:
            for name, ids in known.items():
                row[name] = row[name] if row[name] in ids else False
        sheets_sudo.env["cc.quality.score"].create(rows)
        return sheets_sudo
