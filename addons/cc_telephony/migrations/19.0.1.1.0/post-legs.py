# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def migrate(cr, version):
    """Which departments had part in the calls that are there: of who served them as the call says, of others
    where they are now."""
    cr.execute(
        """
        UPDATE cc_call_leg leg
           SET department_id = CASE WHEN call.agent_id = agent.id
                                    THEN COALESCE(call.department_id, agent.department_id)
                                    ELSE agent.department_id END
          FROM cc_agent agent, cc_call call
         WHERE agent.id = leg.agent_id AND call.id = leg.call_id
           AND leg.role = 'agent' AND leg.department_id IS NULL
        """
    )
