# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from datetime import datetime, timedelta

from odoo.addons.cc_telephony.tests.cases import RecordingMixin

MONDAY = datetime(2026, 11, 16, 1, 0, 0)


class QualityCase(RecordingMixin):
    """Service with Ann (led by Lea) and Sales with Ben (led by Lin); Ivy and Ian inspect, Max manages.

    The template: Greeting (10: name 4, tone 6) and Content (20: right answer 20, may be not
    applicable; identity checked 10, fatal).
    """

    @classmethod
    def set_up_quality(cls):
        cls.set_up_recordings()
        env = cls.env
        cls.ben.department_id = cls.sales
        cls.max_user = cls.max.user_id
        cls.ivy = cls.make_user("ivy", "cc_quality.group_inspector")
        cls.ian = cls.make_user("ian", "cc_quality.group_inspector")
        cls.greeting, cls.content = env["cc.quality.item"].create(
            [
                {
                    "name": "Greeting",
                    "total": 10,
                    "subitem_ids": [
                        (0, 0, {"name": "Name", "maximum": 4, "sequence": 1}),
                        (0, 0, {"name": "Tone", "maximum": 6, "sequence": 2}),
                    ],
                },
                {
                    "name": "Content",
                    "total": 30,
                    "subitem_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Answer",
                                "maximum": 20,
                                "na_allowed": True,
                                "guidance": "Right and whole",
                                "sequence": 1,
                            },
                        ),
                        (
                            0,
                            0,
                            {
                                "name": "Identity",
                                "maximum": 10,
                                "fatal": True,
                                "level": "nominal",
                                "sequence": 2,
                            },
                        ),
                    ],
                },
            ]
        )
        cls.template = env["cc.quality.template"].create(
            {
                "name": "Service calls",
                "line_ids": [
                    (0, 0, {"item_id": cls.greeting.id, "sequence": 1}),
                    (0, 0, {"item_id": cls.content.id, "sequence": 2}),
                ],
                "enabled": True,
            }
        )

    @classmethod
    def make_call(cls, agent, **values):
        """A call of this agent as the ingest leaves it, without its parts."""
        return cls.env["cc.call"].create(
            {
                "call_uid": str(uuid.uuid4()),
                "pbx_id": cls.pbx.id,
                "company_id": cls.company.id,
                "rev": 1,
                "direction": "inbound",
                "state": "ended",
                "partner_id": cls.partner.id,
                "agent_id": agent.id,
                "department_id": agent.department_id.id,
                **values,
            }
        )

    @classmethod
    def make_calls(cls, agent, count, recorded=True, **values):
        """Answered calls of this agent from Monday morning on, one an hour."""
        calls = env_calls = cls.env["cc.call"]
        for number in range(count):
            calls |= cls.make_call(
                agent,
                **{
                    "started_at": MONDAY + timedelta(hours=number),
                    "answered_at": MONDAY + timedelta(hours=number, seconds=5),
                    "talk_s": 60.0,
                    **values,
                },
            )
        if recorded:
            cls.env["cc.recording"].create(
                [
                    {"call_id": call.id, "part": 1, "state": "stored", "channels": 2}
                    for call in calls
                ]
            )
        return env_calls | calls

    @classmethod
    def make_list(cls, **values):
        return cls.env["cc.quality.list"].create(
            {
                "name": "November",
                "template_id": cls.template.id,
                "date_from": MONDAY,
                "date_to": MONDAY + timedelta(days=30),
                "department_ids": [(6, 0, cls.service.ids)],
                "rule": "per_agent",
                "count": 3,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def generate(cls, row):
        """Run the list's jobs now."""
        row.with_context(queue_job__no_delay=True).action_generate()
        return row.sheet_ids

    @classmethod
    def handed_out(cls, inspector=None, calls=1):
        """Sheets of Ann's calls in the hands of an inspector."""
        cls.make_calls(cls.ann, calls)
        sheets = cls.generate(cls.make_list(count=calls))
        sheets._hand_out(inspector or cls.ivy)
        return sheets

    def rows_of(self, sheet, *points):
        """What the score sheet sends: points by row; None leaves a row open, "na" not applicable."""
        return [
            {"id": row.id, "points": None if given == "na" else given, "na": given == "na"}
            for row, given in zip(sheet.sudo().score_ids, points, strict=True)
        ]

    def score(self, sheet, *points, user=None):
        """Finish a sheet as its inspector."""
        mine = sheet.with_user(user or sheet.inspector_id)
        return mine.save_scores(self.rows_of(sheet, *points), "", True)
