# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

METRICS = [
    ("handled", "Calls handled"),
    ("outbound_answered", "Outbound calls answered"),
    ("talk_h", "Talk time (h)"),
    ("signed_in_h", "Signed in (h)"),
    ("occupancy", "Occupancy (%)"),
    ("answer_rate", "Rings answered (%)"),
    ("satisfaction", "Customers satisfied (%)"),
    ("wrap_up_s", "Average wrap-up (s)"),
    ("quality", "Inspection result (%)"),
    ("assessment", "Assessment (%)"),
]


class CcPerformance(models.Model):
    """Workload and performance of persons or departments: figures against targets, weighted, ranked."""

    _name = "cc.performance"
    _description = "Workload and performance"
    _order = "date_from desc, id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Datetime("From", required=True)
    date_to = fields.Datetime("Until", required=True)
    by = fields.Selection(
        [("agent", "Persons"), ("department", "Departments")], required=True, default="agent"
    )
    department_ids = fields.Many2many("hr.department", string="Departments", help="None: all.")
    line_ids = fields.One2many("cc.performance.line", "performance_id", "Figures", copy=True)
    result_ids = fields.One2many("cc.performance.result", "performance_id", "Ranking")
    computed_at = fields.Datetime("Computed at", readonly=True, copy=False)

    _period_valid = models.Constraint(
        "CHECK (date_from < date_to)", "The period must end after it begins."
    )

    def action_compute(self):
        """Compute the ranking anew from the figures."""
        for row in self:
            row.check_access("write")
            if not row.line_ids:
                raise UserError(self.env._("Choose figures and their weights."))
            # sudo: cc.performance.result - made by computing only, from figures of the departments chosen
            row.sudo()._compute_results()
        return True

    def _agents(self):
        domain = [("company_id", "=", self.company_id.id)]
        if self.department_ids:
            domain.append(("department_id", "child_of", self.department_ids.ids))
        return self.env["cc.agent"].search(domain)

    def _compute_results(self):
        self.ensure_one()
        self.result_ids.unlink()
        groups = {}
        for agent in self._agents():
            key = agent if self.by == "agent" else agent.department_id
            if key:
                groups[key] = groups.get(key, self.env["cc.agent"]) | agent
        found = []
        for key, agents in groups.items():
            sums = self._sums(agents)
            values = {metric: self._value(metric, sums) for metric, _label in METRICS}
            parts = [(line, values[line.metric]) for line in self.line_ids]
            counted = [(line, value) for line, value in parts if value is not None]
            weights = sum(line.weight for line, _value in counted)
            score = (
                sum(line.weight * line._points(value) for line, value in counted) / weights
                if weights
                else None
            )
            found.append((key, agents, score, parts))
        scores = [score for _key, _agents, score, _parts in found if score is not None]
        self.env["cc.performance.result"].create(
            [
                {
                    "performance_id": self.id,
                    "agent_id": key.id if self.by == "agent" else False,
                    "department_id": key.id if self.by == "department" else key.department_id.id,
                    "persons": len(agents),
                    "score": score or 0.0,
                    "rated": score is not None,
                    # the same score is the same place
                    "place": 1 + sum(round(one, 6) > round(score, 6) for one in scores)
                    if score is not None
                    else 0,
                    "figures": [[line.metric, value] for line, value in parts],
                }
                for key, agents, score, parts in found
            ]
        )
        self.computed_at = fields.Datetime.now()

    def _sums(self, agents):
        """Sums over the period: of quarters of an hour, inspections and assessments."""
        names = (
            "signed_in_s",
            "ready_s",
            "ring_s",
            "talk_s",
            "hold_s",
            "wrap_up_s",
            "rings",
            "answered",
            "no_answer",
            "rejected",
            "outbound_answered",
            "handled",
            "satisfied",
            "neutral",
            "dissatisfied",
        )
        period = [
            ("agent_id", "in", agents.ids),
            ("bucket_at", ">=", self.date_from),
            ("bucket_at", "<", self.date_to),
        ]
        [totals] = self.env["cc.stat.agent"]._read_group(
            period, [], [f"{name}:sum" for name in names]
        )
        sums = {name: total or 0 for name, total in zip(names, totals, strict=True)}
        self.env.flush_all()
        [(sums["quality"],)] = self.env["cc.quality.result"]._read_group(
            [
                ("agent_id", "in", agents.ids),
                ("call_started_at", ">=", self.date_from),
                ("call_started_at", "<", self.date_to),
                ("rated", "=", True),
            ],
            [],
            ["percent:avg"],
        )
        [(sums["assessment"],)] = self.env["cc.assessment.sheet"]._read_group(
            [
                ("agent_id", "in", agents.ids),
                ("state", "=", "done"),
                ("rated", "=", True),
                ("date_to", ">=", self.date_from.date()),
                ("date_to", "<", self.date_to.date()),
            ],
            [],
            ["percent:avg"],
        )
        # no row, no figure: an average of nothing reads False
        return {name: None if total is False else total for name, total in sums.items()}

    def _value(self, metric, sums):
        """:return: the figure; None where nothing was there to measure"""

        def ratio(part, whole, factor=100.0):
            return factor * part / whole if whole else None

        busy = sums["ring_s"] + sums["talk_s"] + sums["hold_s"] + sums["wrap_up_s"]
        if metric in ("handled", "outbound_answered"):
            return float(sums[metric]) if sums["signed_in_s"] else None
        return {
            "talk_h": ratio(sums["talk_s"], 3600, 1.0) if sums["signed_in_s"] else None,
            "signed_in_h": ratio(sums["signed_in_s"], 3600, 1.0) if sums["signed_in_s"] else None,
            "occupancy": ratio(busy, busy + sums["ready_s"]),
            "answer_rate": ratio(
                sums["answered"], sums["answered"] + sums["no_answer"] + sums["rejected"]
            ),
            "satisfaction": ratio(
                sums["satisfied"], sums["satisfied"] + sums["neutral"] + sums["dissatisfied"]
            ),
            "wrap_up_s": ratio(sums["wrap_up_s"], sums["handled"], 1.0),
            "quality": sums["quality"],
            "assessment": sums["assessment"],
        }[metric]


class CcPerformanceLine(models.Model):
    """A figure, what is expected of it, and how much it weighs."""

    _name = "cc.performance.line"
    _description = "Figure of a ranking"
    _order = "performance_id, sequence, id"

    performance_id = fields.Many2one(
        "cc.performance", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="performance_id.company_id")
    sequence = fields.Integer(default=10)
    metric = fields.Selection(METRICS, "Figure", required=True)
    target = fields.Float(required=True, help="Reaching it gives 100 points.")
    less_is_better = fields.Boolean()
    weight = fields.Float(required=True, default=1.0)

    _metric_unique = models.UniqueIndex("(performance_id, metric)", "This figure already exists.")
    _numbers_valid = models.Constraint(
        "CHECK (target > 0 AND weight > 0)", "Target and weight must be greater than 0."
    )

    def _points(self, value):
        """:return: 0 to 100; who does better than the target has 100"""
        self.ensure_one()
        if self.less_is_better:
            return 100.0 if value <= self.target else 100.0 * self.target / value
        return min(100.0 * value / self.target, 100.0)


class CcPerformanceResult(models.Model):
    """A place in the ranking."""

    _name = "cc.performance.result"
    _description = "Place in a ranking"
    _order = "performance_id, rated desc, place, id"

    performance_id = fields.Many2one(
        "cc.performance", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="performance_id.company_id", store=True, index=True)
    place = fields.Integer(aggregator=None)
    agent_id = fields.Many2one("cc.agent", "Person", ondelete="cascade")
    department_id = fields.Many2one("hr.department", index="btree_not_null", ondelete="cascade")
    persons = fields.Integer()
    score = fields.Float(digits=(16, 1), aggregator="avg")
    rated = fields.Boolean()
    score_text = fields.Char("Score (of 100)", compute="_compute_score_text")
    figures = fields.Json(
        "Values",
        help="Figures when the ranking was computed, by name; none: nothing to measure.",
    )
    details = fields.Text("Figures", compute="_compute_details")

    @api.depends("agent_id", "department_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = (row.agent_id or row.department_id).display_name or ""

    @api.depends("score", "rated")
    @api.depends_context("lang")
    def _compute_score_text(self):
        for row in self:
            row.score_text = f"{row.score:.1f}" if row.rated else self.env._("No data yet")

    @api.depends("figures")
    @api.depends_context("lang")
    def _compute_details(self):
        metrics = self.env["cc.performance.line"]._fields["metric"]
        labels = dict(metrics._description_selection(self.env))
        for row in self:
            texts = [
                f"{labels[metric]} " + ("–" if value is None else f"{value:.1f}".removesuffix(".0"))
                for metric, value in row.figures or []
            ]
            row.details = " · ".join(texts) or False
