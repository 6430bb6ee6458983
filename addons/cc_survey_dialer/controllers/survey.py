# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import http
from odoo.http import content_disposition, request

CAMPAIGN = re.compile(r"[0-9]{1,9}")


class SurveyController(http.Controller):
    """The statistics of a questionnaire as a file."""

    @http.route("/cc/survey/statistics/<int:survey_id>", type="http", auth="user", readonly=True)
    def statistics(self, survey_id, campaign="", **_more):
        """An Excel file; the user's rights are those of the page."""
        survey = request.env["survey.survey"].browse(survey_id).exists()
        if not survey or not survey.has_access("read"):
            raise request.not_found()
        data = survey._cc_workbook(int(campaign) if CAMPAIGN.fullmatch(campaign) else False)
        return request.make_response(
            data,
            [
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", content_disposition(f"{survey.title}.xlsx")),
            ],
        )
