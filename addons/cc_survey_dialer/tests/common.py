# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from unittest.mock import patch

from odoo.addons.cc_telephony.tests.cases import CentreCase
from odoo.addons.cc_telephony.utils.times import from_us

from ..utils.outcomes import DEFAULT_RETRIES

# 2026-03-02 is a Monday; 02:30 UTC is 10:30 in Shanghai
MONDAY = from_us(1_772_418_600_000_000)
CLOCKS = (
    "cc_campaign_abandonment.now",
    "cc_campaign_why.clock",
    "cc_campaign_lease.now",
    "cc_campaign_attempt.now",
    "cc_agent.now",
    "cc_campaign_entry_contact.now",
)


class CampaignCase(CentreCase):
    """A campaign of Service over three numbers in Shanghai, at half past ten on a Monday there."""

    clock = MONDAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for target in CLOCKS:
            patcher = patch(
                f"odoo.addons.cc_survey_dialer.models.{target}", lambda: CampaignCase.clock
            )
            patcher.start()
            cls.addClassCleanup(patcher.stop)
        CampaignCase.clock = MONDAY
        cls.trunk = cls.env["cc.trunk"].create(
            {"name": "Line", "code": "line1", "pbx_id": cls.pbx.id, "caller_id": "+862155550100"}
        )
        cls.task = cls.make_task("13800138001", "13800138002", "13800138003")
        cls.campaign = cls.make_campaign()

    def setUp(self):
        super().setUp()
        CampaignCase.clock = MONDAY

    @classmethod
    def make_task(cls, *numbers, **values):
        task = cls.env["cc.customer.task"].create(
            {
                "name": "Task",
                "source": "manual",
                "department_id": cls.service.id,
                "company_id": cls.company.id,
                **values,
            }
        )
        cls.env["cc.customer.task.line"].create(
            [
                {"task_id": task.id, "number": number, "name": f"Customer {number[-1]}"}
                for number in numbers
            ]
        )
        if numbers:
            task.action_start()
        return task

    @classmethod
    def make_campaign(cls, **values):
        return cls.env["cc.campaign"].create(
            {
                "name": "Spring",
                "task_id": cls.task.id,
                "pbx_id": cls.pbx.id,
                "company_id": cls.company.id,
                "department_id": cls.service.id,
                "mode": "preview",
                "agent_ids": [(6, 0, (cls.ann | cls.ben).ids)],
                "tz": "Asia/Shanghai",
                "message_text": "This is Test centre. Call us back on 021 5555 0100.",
                "line_ids": [(0, 0, {"trunk_id": cls.trunk.id})],
                **values,
            }
        )

    @classmethod
    def start(cls, campaign=None, **values):
        campaign = campaign or cls.campaign
        if values:
            campaign.write(values)
        campaign.action_start()
        # rows are made by the database's clock, which is later than the test's
        cls.env.cr.execute(
            "UPDATE cc_campaign_entry SET next_at = create_date - interval '9 years' WHERE next_at IS NOT NULL"
        )
        cls.env.cr.execute(
            "UPDATE cc_campaign_entry SET create_date = create_date - interval '9 years'"
        )
        cls.env.invalidate_all()
        return campaign

    @classmethod
    def forward(cls, **delta):
        CampaignCase.clock += timedelta(**delta)

    def lease(self, count=1, campaign=None, holder="h1", request=None, got=None):
        """Ask as the bridge does."""
        self.request = request if request is not None else getattr(self, "request", 0) + 1
        got = self.request - 1 if got is None else got
        return (
            (campaign or self.campaign)
            .sudo()
            ._lease_for_bridge(self.pbx.sudo(), holder, self.request, got, count)
        )

    def entry(self, number, campaign=None):
        return (
            (campaign or self.campaign)
            .with_context(active_test=False)
            .entry_ids.filtered(lambda row: row.number_id.key == f"+86{number}")
        )

    def why(self, number, campaign=None):
        entry = self.entry(number, campaign)
        entry.invalidate_recordset(["why", "why_until"])
        return entry.why

    def tell(self, lease, state, rev, outcome=None, **more):
        """A fact of the dialler about a try."""
        t = round((CampaignCase.clock - from_us(0)).total_seconds() * 1_000_000)
        body = {
            "lease": lease,
            "campaign": self.campaign.id,
            "rev": rev,
            "state": state,
            "call_uid": None,
            "channel": f"cc-{lease}",
            "line": "line1",
            "caller_id": "+862155550100",
            "dialled_t": t,
            "ring_t": None,
            "answered_t": None,
            "ended_t": t if state == "ended" else None,
            "outcome": outcome,
            "cause": None,
            "counts": True,
            "amd": None,
            "agent": None,
            "agent_t": None,
            "waited_ms": None,
            "abandoned": outcome == "abandoned",
            "message_t": None,
            "hung_up_by": None,
            **more,
        }
        self.apply(self.fact("dialer.attempt", t, attempt=body))
        return self.env["cc.campaign.attempt"].search([("lease", "=", lease)])

    def dialled(self, outcome, **more):
        """One number leased, dialled and ended; its try."""
        [lease] = self.lease()["leases"]
        self.tell(lease["lease"], "dialled", 1)
        return self.tell(lease["lease"], "ended", 2, outcome, **more)

    def waits(self):
        """`{outcome: minutes}` of a new campaign."""
        return {outcome: wait for outcome, wait, _tries in DEFAULT_RETRIES}
