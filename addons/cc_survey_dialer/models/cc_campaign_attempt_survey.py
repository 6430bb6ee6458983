# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class CcCampaignAttempt(models.Model):
    """A try of a campaign with a questionnaire."""

    _inherit = "cc.campaign.attempt"

    def _survey_input(self, create=True):
        """The participation of this try's customer in this campaign, made at the first answer.

        :raise UserError: the questionnaire is not published
        """
        self.ensure_one()
        inputs = self.env["survey.user_input"]
        found = inputs.search(
            [
                ("cc_entry_id", "=", self.entry_id.id),
                ("survey_id", "=", self.campaign_id.survey_id.id),
                ("test_entry", "=", False),
            ],
            order="id desc",
            limit=1,
        )
        if not create:
            return found
        survey = self.campaign_id.survey_id
        if not survey:
            raise UserError(self.env._("The campaign has no questionnaire."))
        if survey.cc_state != "published":
            raise UserError(
                self.env._("The questionnaire “%(name)s” is not published.", name=survey.title)
            )
        tied = {"cc_attempt_id": self.id, "cc_call_id": self.call_id.id}
        if found:
            if found.cc_attempt_id != self or found.cc_call_id != self.call_id:
                found.write(tied)
            return found
        return inputs.create(
            {
                "survey_id": survey.id,
                "partner_id": self.partner_id.id,
                "nickname": self.entry_id.name or False,
                "cc_campaign_id": self.campaign_id.id,
                "cc_entry_id": self.entry_id.id,
                **tied,
            }
        )
