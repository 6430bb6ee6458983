# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL


class CcAssessmentFigures(models.AbstractModel):
    """The three figures that the system knows of a person."""

    _name = "cc.assessment.figures"
    _description = "Figures of an assessment"

    @api.model
    def _figure(self, kind, agent, begin, end, answer_within_s, wrap_up_within_s):
        """Count from the rows themselves; call as superuser.

        :param datetime begin: first moment, UTC; the period is half-open
        :return: (how many were good, of how many); a ring that the caller ended is no late answer
        """
        query = {
            "answer_timeliness": SQL(
                """SELECT count(*) FILTER (WHERE outcome = 'answered' AND ring_s <= %s), count(*)
                   FROM cc_call_attempt WHERE agent_id = %s AND ring_at >= %s AND ring_at < %s
                   AND outcome IN ('answered', 'no_answer', 'rejected', 'busy')""",
                answer_within_s,
                agent.id,
                begin,
                end,
            ),
            "wrap_up_timeliness": SQL(
                """SELECT count(*) FILTER (WHERE duration_s <= %s), count(*)
                   FROM cc_agent_interval WHERE agent_id = %s AND state = 'wrap_up'
                   AND ended_at IS NOT NULL AND started_at >= %s AND started_at < %s""",
                wrap_up_within_s,
                agent.id,
                begin,
                end,
            ),
            "satisfaction": SQL(
                """SELECT count(*) FILTER (WHERE rating = 'satisfied'), count(*)
                   FROM cc_call WHERE agent_id = %s AND started_at >= %s AND started_at < %s
                   AND rating IN ('satisfied', 'neutral', 'dissatisfied')""",
                agent.id,
                begin,
                end,
            ),
        }[kind]
        self.env.flush_all()
        [(good, whole)] = self.env.execute_query(query)
        return good, whole
