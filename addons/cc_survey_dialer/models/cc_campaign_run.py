# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .cc_campaign_why import FINAL


class CcCampaignRun(models.Model):
    """Started, paused, resumed, finished, once more; and what may keep it from starting."""

    _inherit = "cc.campaign"

    def action_start(self):
        """Take in the task's numbers and begin.

        :raise UserError: there is nothing to dial, or nobody to dial to; the text says why
        """
        self.check_access("write")
        for campaign in self:
            if campaign.state != "draft":
                raise UserError(
                    self.env._("“%(name)s” has already been started.", name=campaign.name)
                )
            campaign._begin(self.env._("Started"))

    def _begin(self, note, may_wait=False):
        """Take in the task's numbers, and dial.

        :param may_wait: also when no number can be dialled yet
        """
        self._check_ready()
        self._take_in()
        self._derive_entries()
        if not may_wait:
            self._check_dialable()
        self.state = "running"
        self._tell_bridge("running")
        self.env["cc.campaign.log"]._note(self, note)

    def _check_ready(self):
        """:raise UserError: something is missing without which nobody can be called"""
        self.ensure_one()
        missing = []
        if self.task_id.state != "started":
            missing.append(
                self.env._("Start the customer task “%(task)s” first.", task=self.task_id.name)
            )
        if not any(self._week()):
            missing.append(self.env._("Choose at least one day and window for calls."))
        if self.mode == "preview":
            if not self._agents():
                missing.append(self.env._("Choose the agents or a queue with agents."))
        else:
            if not self.line_ids:
                missing.append(self.env._("Choose a line."))
            if self.on_answer == "queue" and not self.queue_id:
                missing.append(self.env._("Choose the queue that answered calls go to."))
            if self.on_answer == "ivr" and not self.ivr_id:
                missing.append(self.env._("Choose the voice menu that answered calls go to."))
            if self.on_answer == "play" and not self.sound:
                missing.append(self.env._("Upload the recording to play."))
            if self.on_answer == "say" and not self.say_text:
                missing.append(self.env._("Write the text to speak."))
            if self.on_answer == "queue" and not (self.message or self.message_text):
                missing.append(
                    self.env._(
                        "Set the message for people when no agent is free. It is required by law."
                    )
                )
        if self.survey_id and self.survey_id.cc_state != "published":
            missing.append(
                self.env._(
                    "Publish the questionnaire “%(survey)s” first.", survey=self.survey_id.title
                )
            )
        if missing:
            raise UserError("\n".join(missing))

    def _check_dialable(self):
        """:raise UserError: no number can ever be dialled; the text counts why"""
        sums = self._why_sums()
        if sums and sums.keys() <= FINAL:
            raise UserError(
                self.env._(
                    "No number of this campaign can be dialled:\n%(reasons)s",
                    reasons="\n".join(self._why_words(sums)),
                )
            )
        if not sums:
            raise UserError(self.env._("The campaign has no numbers."))

    def _why_words(self, sums):
        labels = dict(self.env["cc.campaign.entry"]._fields["why"]._description_selection(self.env))
        return [f"{labels[why]}: {count}" for why, (count, _until) in sums.items()]

    def _take_in(self):
        """Take the task's new numbers into the campaign.

        :return: how many there were
        """
        self.ensure_one()
        self.flush_recordset()
        added = self.env["cc.campaign.entry"]._insert_from_task(self)
        if added:
            # who plans by statistics in which this campaign has no numbers joins them each with each
            self.env.cr.execute("ANALYZE cc_campaign_entry (campaign_id)")
        self.env.cr.execute(
            SQL(
                """SELECT coalesce(json_agg(DISTINCT jsonb_build_array(coalesce(zones, ''),
                                                                      coalesce(country, ''))), '[]')
                     FROM cc_campaign_entry WHERE campaign_id = %s""",
                self.id,
            )
        )
        places = self.env.cr.fetchone()[0]
        if places != self.places:
            self.places = places
        return added

    def action_pause(self):
        """Dial nobody any more from now on; calls that go on are not touched."""
        self.check_access("write")
        running = self.filtered(lambda campaign: campaign.state == "running")
        running.state = "paused"
        running._tell_bridge("paused")
        self.env["cc.campaign.log"]._note(running, self.env._("Paused"))

    def action_resume(self):
        """Go on dialling."""
        self.check_access("write")
        for campaign in self.filtered(lambda campaign: campaign.state == "paused"):
            campaign._begin(self.env._("Resumed"), may_wait=True)

    def action_finish(self):
        """End the campaign; numbers that are about to be dialled are given back."""
        self.check_access("write")
        live = self.filtered(lambda campaign: campaign.state in ("running", "paused"))
        live.state = "done"
        # sudo: cc.campaign.attempt - the campaign is the user's to end; tries are written here only
        leased_sudo = (
            self.env["cc.campaign.attempt"]
            .sudo()
            .search([("campaign_id", "in", live.ids), ("state", "=", "leased")])
        )
        leased_sudo._drop()
        self.env["cc.campaign.log"]._note(live, self.env._("Finished"))

    def action_second_round(self):
        """Begin again over the numbers that were not reached; who was reached stays done."""
        self.check_access("write")
        for campaign in self:
            if campaign.state not in ("paused", "done"):
                raise UserError(self.env._("Pause or finish the campaign first."))
            campaign.round_no += 1
            campaign._begin(self.env._("Round %(number)s started", number=campaign.round_no))

    def _tell_bridge(self, state):
        """At once, beside the intent: a pause holds within a second."""
        for campaign in self.filtered(lambda row: row.mode != "preview"):
            self.env["cc.command"]._issue(
                campaign.pbx_id,
                "dialer_state",
                {"campaign": campaign.id, "rev": campaign.rev, "state": state},
            )
