# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A record of each model for the access walk: Ann's, of Service."""

from datetime import date, datetime, timedelta

BEGIN = datetime(2026, 3, 1)


def make_samples(case):
    """:return: `{model: record}`; the sheet is scored by an inspector of its own, and appealed"""
    env = case.env
    inspector = case.make_user("walk_inspector", "cc_quality.group_inspector")
    recording = case.call.recording_ids[:1] or case.record(case.call)
    item = env["cc.quality.item"].create(
        {"name": "Item", "total": 10, "subitem_ids": [(0, 0, {"name": "Row", "maximum": 10})]}
    )
    template = env["cc.quality.template"].create(
        {"name": "Template", "line_ids": [(0, 0, {"item_id": item.id})], "enabled": True}
    )
    version = template._current_version()
    inspections = env["cc.quality.list"].create(
        {
            "name": "List",
            "template_id": template.id,
            "date_from": BEGIN,
            "date_to": BEGIN + timedelta(days=30),
            "company_id": case.company.id,
        }
    )
    sheet = env["cc.quality.sheet"]._make(
        version, case.call, inspector=inspector, list_id=inspections.id
    )
    mine = sheet.with_user(inspector)
    mine.add_mark(recording.id, 1.0)
    mine.save_scores([{"id": sheet.score_ids.id, "points": 5}], "", True)
    action = sheet.with_user(case.ann.user_id).action_appeal()
    appeal = env["cc.quality.appeal"].browse(action["res_id"])
    appeal.with_user(case.ann.user_id).write({"reason": "Listen"})
    appeal.with_user(case.ann.user_id).action_send()
    calibration = env["cc.quality.calibration"].create(
        {"name": "Calibration", "template_id": template.id, "company_id": case.company.id}
    )
    assessment = env["cc.assessment"].create(
        {
            "name": "Assessment",
            "company_id": case.company.id,
            "date_from": date(2026, 3, 1),
            "date_to": date(2026, 3, 31),
            "frequency": "once",
            "agent_ids": [(6, 0, case.ann.ids)],
        }
    )
    assessment.action_publish()
    ranking = env["cc.performance"].create(
        {
            "name": "Ranking",
            "company_id": case.company.id,
            "date_from": BEGIN,
            "date_to": BEGIN + timedelta(days=30),
            "department_ids": [(6, 0, case.service.ids)],
            "line_ids": [(0, 0, {"metric": "handled", "target": 10})],
        }
    )
    ranking.action_compute()
    handout = (
        env["cc.quality.handout"]
        .with_user(case.max.user_id)
        .create({"line_ids": [(0, 0, {"inspector_id": inspector.id, "count": 1})]})
    )
    word = env["cc.transcript.word"].create({"name": "word"})
    transcript = env["cc.transcript"].create(
        {"recording_id": recording.id, "engine": "test", "state": "done", "text": "a word"}
    )
    env.flush_all()
    return {
        "cc.call.kind": env["cc.call.kind"].create({"name": "Kind"}),
        "cc.call.summary": env["cc.call.summary"].create({"name": "Summary"}),
        "cc.quality.rating": env.ref("cc_quality.rating_satisfied"),
        "cc.quality.item": item,
        "cc.quality.subitem": item.subitem_ids,
        "cc.quality.template": template,
        "cc.quality.template.line": template.line_ids,
        "cc.quality.version": version,
        # without scores: it can be deleted
        "cc.quality.list": inspections.copy({"name": "Another list"}),
        "cc.quality.sheet": sheet,
        "cc.quality.score": sheet.score_ids,
        "cc.quality.mark": sheet.mark_ids,
        "cc.quality.appeal": appeal,
        "cc.quality.appeal.line": appeal.sudo().line_ids,
        "cc.quality.calibration": calibration,
        "cc.quality.agreement": env["cc.quality.agreement"].create(
            {"calibration_id": calibration.id, "name": "Row", "level": "interval"}
        ),
        "cc.quality.report": env["cc.quality.report"].browse(sheet.score_ids.id),
        "cc.quality.result": env["cc.quality.result"].browse(sheet.id),
        "cc.quality.handout": handout,
        "cc.quality.handout.line": handout.line_ids,
        "cc.recording.measure": env["cc.recording.measure"].create(
            {"recording_id": recording.id, "state": "done"}
        ),
        "cc.transcript": transcript,
        "cc.transcript.word": word,
        "cc.transcript.hit": env["cc.transcript.hit"].create(
            {"transcript_id": transcript.id, "word_id": word.id, "at_s": 1.0}
        ),
        "cc.assessment.item": env["cc.assessment.item"].create({"name": "Item"}),
        "cc.assessment": assessment,
        "cc.assessment.sheet": assessment.sheet_ids,
        "cc.assessment.line": assessment.sheet_ids.line_ids.filtered(
            lambda line: not line.computed
        )[:1],
        "cc.performance": ranking,
        "cc.performance.line": ranking.line_ids,
        "cc.performance.result": ranking.result_ids.filtered(lambda one: one.agent_id == case.ann),
    }
