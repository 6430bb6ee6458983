# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A record of each model for the access walk: of Ann's campaign, of Service."""

from .all_day import ALL_DAY


def make_samples(case):
    """:return: `{model: record}`"""
    env = case.env
    service = {"department_id": case.service.id, "company_id": case.company.id}
    survey = env["survey.survey"].create(
        {
            "title": "Walk",
            "question_and_page_ids": [(0, 0, {"title": "How?", "question_type": "text_box"})],
        }
    )
    survey.action_cc_publish()
    trunk = env["cc.trunk"].create({"name": "Walk", "code": "walk-line", "pbx_id": case.pbx.id})
    task = env["cc.customer.task"].create({"name": "Walk", "source": "manual", **service})
    line = env["cc.customer.task.line"].create({"task_id": task.id, "number": "13800138999"})
    task.action_start()
    campaign = env["cc.campaign"].create(
        {
            "name": "Walk",
            "task_id": task.id,
            "pbx_id": case.pbx.id,
            "agent_ids": [(6, 0, case.ann.ids)],
            "survey_id": survey.id,
            "line_ids": [(0, 0, {"trunk_id": trunk.id})],
            "holiday_ids": [(0, 0, {"day": "2026-12-25"})],
            "use_country_rules": False,
            **ALL_DAY,
            **service,
        }
    )
    campaign.action_start()
    attempt = campaign.sudo()._grant(1, agent=case.ann)
    attempt.call_id = case.call
    disposition = env["cc.disposition"].create({"name": "Walk", "company_id": case.company.id})
    result = (
        env["cc.campaign.result"]
        .sudo()
        .create(
            {
                "entry_id": attempt.entry_id.id,
                "attempt_id": attempt.id,
                "disposition_id": disposition.id,
                "agent_id": case.ann.id,
            }
        )
    )
    gateway = env["cc.sms.gateway"].create(
        {"name": "Walk", "url": "http://127.0.0.1:9", "company_id": case.company.id}
    )
    job = env["cc.sms.job"].create(
        {"name": "Walk", "text": "x", "gateway_id": gateway.id, "source": "task", **service}
    )
    message = env["cc.sms.message"].create(
        {
            "uuid": "walk",
            "gateway_id": gateway.id,
            "user_id": case.ann.user_id.id,
            "agent_id": case.ann.id,
            "number_id": line.number_id.id,
            **service,
        }
    )
    imported = env["cc.customer.task.list"].create(
        {"name": "walk.txt", "task_id": task.id, "file": b"MQ==", "state": "done"}
    )
    taken = attempt._survey_input()
    return {
        "cc.customer.task": task,
        "cc.customer.task.line": line,
        "cc.campaign": campaign,
        "cc.campaign.entry": attempt.entry_id,
        "cc.campaign.attempt": attempt,
        "cc.campaign.result": result,
        "cc.campaign.log": campaign.log_ids[:1],
        "cc.campaign.line": campaign.line_ids,
        "cc.campaign.retry": campaign.retry_ids[:1],
        "cc.campaign.holiday": campaign.holiday_ids,
        "cc.do.not.call": env["cc.do.not.call"]._add(
            case.number_of("13800138998"), source="manual", company_id=case.company.id
        ),
        "cc.disposition": disposition,
        "cc.network.announcement": env["cc.network.announcement"].create(
            {"name": "Walk", "kind": "tone"}
        ),
        "cc.country.rule": env.ref("cc_survey_dialer.country_rule_cn"),
        "cc.sms.gateway": gateway,
        "cc.sms.message": message,
        "cc.sms.job": job,
        "cc.sms.job.problem": env["cc.sms.job.problem"].create(
            {"job_id": job.id, "line_no": 1, "kind": "text", "text": "x"}
        ),
        "cc.customer.task.list": imported,
        "cc.customer.task.list.problem": env["cc.customer.task.list.problem"].create(
            {"list_id": imported.id, "line_no": 1, "kind": "text", "text": "x"}
        ),
        "cc.sms.report": env["cc.sms.report"].create(
            {"gateway_id": gateway.id, "ref": "walk", "state": "sent"}
        ),
        "survey.survey": survey,
        "survey.user_input": taken,
        "cc.agent": case.ann,
    }
