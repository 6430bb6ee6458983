# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...utils.states import state_selection
from ...utils.times import now

INTENT_FIELDS = {"number", "name", "pbx_id", "active", "user_id"}


class CcAgent(models.Model):
    """A person who takes calls.

    The state is not kept here: the bridge owns it, and the open `cc.agent.interval` tells it.
    """

    _name = "cc.agent"
    _description = "Agent"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "number, id"
    _rec_names_search = ["name", "number"]
    # record rules name the agent and the departments led: the mixin clears their cache too
    _bell_fields = INTENT_FIELDS

    name = fields.Char(
        compute="_compute_from_user", store=True, readonly=False, required=True, precompute=True
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    number = fields.Char(
        "Agent number",
        required=True,
        default=lambda self: self._free_numbers(self.env["cc.pbx"]._default_one(), 1)[0],
        help="Digits that colleagues dial to reach this agent.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        compute="_compute_from_user",
        store=True,
        readonly=False,
        precompute=True,
    )
    led_department_ids = fields.Many2many(
        "hr.department",
        "cc_agent_led_department_rel",
        "agent_id",
        "department_id",
        string="Leads departments",
        help="Departments (including sub-departments) whose calls and agents this person can see.",
    )
    member_ids = fields.One2many("cc.queue.member", "agent_id", string="Queues")
    session_ids = fields.One2many("cc.agent.session", "agent_id")
    interval_ids = fields.One2many("cc.agent.interval", "agent_id")
    extension_ids = fields.One2many("cc.extension", "agent_id")
    active = fields.Boolean(default=True)
    avatar_128 = fields.Image("Picture", related="user_id.avatar_128")
    state = fields.Selection(
        state_selection,
        compute="_compute_state",
        search="_search_state",
    )
    reachable = fields.Boolean(
        compute="_compute_state", help="Whether the PBX reaches the agent's phone."
    )
    since = fields.Datetime("In this state since", compute="_compute_state")
    since_s = fields.Float(
        "Time in state",
        compute="_compute_state",
        help="Counted in the browser since the state began.",
    )
    break_reason = fields.Char("Break reason", compute="_compute_state")
    device = fields.Char(compute="_compute_state")
    extension = fields.Char("Signed-in phone", compute="_compute_state")
    phone_label = fields.Char("Signed in at", compute="_compute_state")

    _user_unique = models.UniqueIndex("(user_id)", "This user is already an agent.")
    _number_unique = models.UniqueIndex(
        "(company_id, number)", "Another agent of this company already has this number."
    )
    _number_on_pbx_unique = models.UniqueIndex(
        "(pbx_id, number)", "Another agent on this PBX already has this number."
    )

    @api.depends("user_id")
    def _compute_from_user(self):
        for agent in self:
            if not agent.user_id:
                continue
            agent.name = agent.name or agent.user_id.name
            # sudo: hr.employee - who makes agents need not be allowed to read staff files
            employee_sudo = agent.user_id.sudo().employee_id
            agent.department_id = agent.department_id or employee_sudo.department_id

    def _compute_state(self):
        # sudo: cc.agent.interval - colleagues see each other's state, not each other's work log
        open_sudo = (
            self.env["cc.agent.interval"]
            .sudo()
            .search([("agent_id", "in", self.ids), ("ended_at", "=", False)])
        )
        by_agent = {interval.agent_id.id: interval for interval in open_sudo}
        for agent in self:
            interval = by_agent.get(agent.id)
            agent.state = interval.state if interval else "offline"
            agent.reachable = bool(interval and interval.reachable)
            agent.since = interval.started_at if interval else False
            agent.since_s = (now() - interval.started_at).total_seconds() if interval else 0
            agent.break_reason = interval._reason_word() if interval else False
            agent.device = interval.device if interval else False
            agent.extension = interval.extension if interval else False
            agent.phone_label = (
                self.env._("Browser") if agent.device == "browser" else agent.extension
            )

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: cc.agent.interval - as in the compute
        intervals_sudo = self.env["cc.agent.interval"].sudo()
        found = intervals_sudo._search([("ended_at", "=", False), ("state", "in", list(value))])
        domain = Domain("interval_ids", "any!", [("id", "in", found)])
        if "offline" in value:
            domain |= ~Domain("interval_ids", "any!", [("ended_at", "=", False)])
        return domain

    @api.model
    def _free_numbers(self, pbx, count, first=None):
        """The next `count` agent numbers that nobody has, archived agents and phones included.

        :param pbx: the cc.pbx on which they must be free, and in its company
        :param str first: where to begin, zeros before it kept; without it behind the highest there is, 1001
            being the lowest
        """
        # sudo: cc.agent, cc.extension - taken is taken, whoever may see it
        agents_sudo = self.sudo().with_context(active_test=False)
        taken = set(
            agents_sudo.search(
                Domain("pbx_id", "=", pbx.id) | Domain("company_id", "=", pbx.company_id.id)
            ).mapped("number")
        )
        extensions_sudo = self.env["cc.extension"].sudo().with_context(active_test=False)
        phones = set(extensions_sudo.search([("pbx_id", "=", pbx.id)]).mapped("code"))
        given = bool(first and first.isdecimal())
        number = int(first) if given else max([1000, *map(int, taken)]) + 1
        width = len(first) if given else 0
        found = []
        while len(found) < count:
            digits = str(number).zfill(width)
            if not {digits, f"w{digits}"} & (taken | phones):
                found.append(digits)
            number += 1
        return found

    @api.depends("name", "number")
    def _compute_display_name(self):
        for agent in self:
            number = f"({agent.number})" if agent.number else ""
            agent.display_name = " ".join(filter(None, [agent.name, number]))

    @api.constrains("number")
    def _check_number(self):
        for agent in self:
            if not re.fullmatch(r"[0-9]{2,8}", agent.number):
                raise ValidationError(self.env._("An agent number must have 2 to 8 digits."))

    @api.constrains("pbx_id", "company_id")
    def _check_company(self):
        for agent in self:
            if agent.pbx_id.company_id != agent.company_id:
                raise ValidationError(self.env._("Agent and PBX belong to different companies."))

    @api.model_create_multi
    def create(self, vals_list):
        agents = super().create(vals_list)
        agents._make_browser_extension()
        agents._give_home()
        return agents

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & INTENT_FIELDS:
            self._make_browser_extension()
        return result

    def _give_home(self):
        """Who has no home of their own in Odoo finds the contact centre after logging in."""
        home = self.env.ref("cc_telephony.cc_dashboard_action", raise_if_not_found=False)
        # sudo: res.users - a new agent's first page; it is theirs to change in their preferences
        users_sudo = self.sudo().user_id.filtered(lambda user: not user.action_id)
        if home and users_sudo:
            users_sudo.action_id = home.id

    def _make_browser_extension(self):
        """Each agent has one browser endpoint, `w<number>`, on the agent's PBX."""
        # sudo: cc.extension - made for the agent by the system, with a secret nobody types
        extensions_sudo = self.env["cc.extension"].sudo().with_context(active_test=False)
        existing = extensions_sudo.search([("agent_id", "in", self.ids), ("kind", "=", "browser")])
        by_agent = {extension.agent_id.id: extension for extension in existing}
        missing = []
        for agent in self:
            values = {
                "code": f"w{agent.number}",
                "name": agent.name,
                "pbx_id": agent.pbx_id.id,
                "active": agent.active,
            }
            extension = by_agent.get(agent.id)
            if not extension:
                missing.append({**values, "kind": "browser", "agent_id": agent.id})
            elif any(extension[name] != agent[name] for name in ("name", "pbx_id", "active")) or (
                extension.code != values["code"]
            ):
                extension.write(values)
        if missing:
            extensions_sudo.create(missing)

    def _browser_extension(self):
        """The agent's own browser endpoint, as superuser: its secret is the agent's to use."""
        self.ensure_one()
        # sudo: cc.extension - the agent's own phone
        return (
            self.env["cc.extension"]
            .sudo()
            .search([("agent_id", "=", self.id), ("kind", "=", "browser")], limit=1)
        )

    def _open_session(self):
        """The agent's open session, as superuser; empty when signed out."""
        self.ensure_one()
        # sudo: cc.agent.session - the agent's own
        return (
            self.env["cc.agent.session"]
            .sudo()
            .search_fetch(
                [("agent_id", "=", self.id), ("ended_at", "=", False)], ["device"], limit=1
            )
        )

    def _open_interval(self):
        """The agent's current interval, as superuser; empty when offline."""
        self.ensure_one()
        # sudo: cc.agent.interval - the agent's own
        return (
            self.env["cc.agent.interval"]
            .sudo()
            .search([("agent_id", "=", self.id), ("ended_at", "=", False)], limit=1)
        )

    @api.model
    def _cc_state_handlers(self):
        """Methods of this model that take part in agents' changes of state. Addons add theirs.

        Each is called as `cc.call._cc_moment_handlers` says, with `(changes, batch)`: a list of
        `ingest.kinds.StateChange` in their order.

        :return: `{addon's technical name: name of the method}`
        """
        return {}

    def _bus_to_user(self, kind, payload):
        """Send to the agent's own browsers."""
        for agent in self:
            # sudo: res.users - a partner is the bus channel of its user
            agent.sudo().user_id._bus_send(kind, payload)
