# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Plug-ins from outside: one that uses every door, and some that fail at each of them (ALL-09).

They are tests/plugin_probe, seen as packages are: by their entry points.
"""

import sqlite3
import sys
import tomllib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from bridge_rig import INTENT, Rig, sign_in
from fake_odoo import FakeOdoo
from fake_pbx import FakePbx, block

from cc_bridge.ami.errors import AmiDown
from cc_bridge.facts import CallFact, uuid7
from cc_bridge.kernel import load
from cc_bridge.kernel.kernel import Kernel
from cc_bridge.kernel.load import found
from cc_bridge.kernel.tables import only

PROBE = Path(__file__).parents[4] / "tests" / "plugin_probe"
CUSTOMER = {"Uniqueid": "pbx-1.1", "Linkedid": "pbx-1.1", "Channel": "PJSIP/trunk-00000001"}


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Has the named plug-ins of the probe installed, as pip would: code on the path, entry points beside it."""
    project = tomllib.loads((PROBE / "pyproject.toml").read_text())["project"]
    points: dict[str, str] = project["entry-points"][load.GROUP]
    info = tmp_path / "site" / "cc_plugin_probe-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cc-plugin-probe\nVersion: 1\n")
    monkeypatch.syspath_prepend(str(PROBE / "src"))
    monkeypatch.syspath_prepend(str(info.parent))

    def those(*names: str) -> None:
        lines = [f"[{load.GROUP}]", *(f"{name} = {points[name]}" for name in names)]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
        monkeypatch.setattr(load, "found", lambda: [one for one in found() if one[0] in points])

    return those


@pytest.fixture
async def rigged(
    pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path, install: Callable[..., None]
) -> AsyncIterator[Callable[..., Any]]:
    """Starts a bridge with these plug-ins."""
    rigs: list[Rig] = []

    async def start(*names: str, plugins: dict[str, Any] | None = None) -> Rig:
        install(*names)
        before = reconciled(odoo)
        rig = Rig(pbx, odoo, tmp_path, plugins)
        rigs.append(rig)
        await rig.until(lambda: reconciled(odoo) > before)
        return rig

    yield start
    for rig in rigs:
        await rig.stop()


def reconciled(odoo: FakeOdoo) -> int:
    """How often the PBX was taken over."""
    return sum(f["kind"] == "pbx.state" and f["pbx_state"]["reconciled"] for f in odoo.facts)


def probe_of(rig: Rig) -> Any:
    return next(plugin for kernel, plugin in rig.bridge.plugins._others if kernel.name == "probe")


async def ring_in(rig: Rig) -> None:
    """A customer calls 100 and hangs up again."""
    more = {"ChannelStateDesc": "Ring", "CallerIDNum": "10086", "Exten": "100"}
    await rig.pbx.send(block(Event="Newchannel", **CUSTOMER, **more, Context="cc-in"))
    await rig.pbx.send(
        block(Event="QueueCallerJoin", **CUSTOMER, Queue="support", Position="1", Count="1", **more)
    )
    await rig.until(lambda: rig.bodies("call.started", "call"))
    await rig.pbx.send(block(Event="Hangup", **CUSTOMER, Cause="16"))
    await rig.until(lambda: rig.bodies("call.ended", "call"))


# -- every door ---------------------------------------------------------------------------------


async def test_made_started_and_closed(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    probe = probe_of(rig)
    assert rig.bridge.plugins.names == ["probe"]
    assert probe.seen["started"] == [[]]
    await rig.until(lambda: len(probe.seen.get("beats", ())) > 2)
    await rig.until(lambda: probe.seen.get("connected") == [True])
    assert "ProbeIsHere" in [a["UserEvent"] for a in rig.pbx.actions("UserEvent")]
    await rig.stop()
    assert probe.seen["closed"] == [True] and probe.seen["beat ended"] == [True]


async def test_a_start_finds_the_agents_as_they_were(
    rigged: Callable[..., Any], odoo: FakeOdoo
) -> None:
    rig = await rigged("probe")
    await sign_in(rig)
    await rig.stop()
    odoo.intent = {
        **INTENT,
        "agents": [{**INTENT["agents"][0], "session": 7, "device": "desk", "extension": "2001"}],
    }
    again = await rigged("probe")
    assert probe_of(again).seen["started"] == [["1001"]]
    ann = probe_of(again).kernel.agents.get("1001")
    assert (ann.state, ann.device, ann.extension, ann.session) == ("busy", "desk", "2001", 7)
    assert ann.queues == {"support": 2}


async def test_commands_with_a_row_and_its_fact(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    first = await rig.command("probe_knock", {})
    assert (first["code"], first["message"]) == ("ok", "knock 1")
    shy = await rig.command("probe_knock", {"shy": True})
    assert (shy["code"], shy["message"]) == ("refused", "nobody knocks shyly")
    # what was written is taken back with the fact about it
    assert (await rig.command("probe_knock", {"fall": True}))["code"] == "failed"
    uid = uuid7()
    second = await rig.command("probe_knock", {}, call_uid=uid)
    assert (second["message"], second["call_uid"]) == ("knock 2", uid)
    assert [k["count"] for k in rig.bodies("probe.knocked", "knock")] == [1, 2]
    numbers = [fact["seq"] for fact in rig.odoo.facts]
    assert numbers == list(range(1, len(numbers) + 1))
    # each fact before the result of the command that it came from
    order = [f["kind"] for f in rig.odoo.facts if f["kind"] in ("probe.knocked", "command.result")]
    assert order == [
        *("probe.knocked", "command.result"),
        *("command.result", "command.result"),
        *("probe.knocked", "command.result"),
    ]


async def test_rows_outlive_the_bridge(rigged: Callable[..., Any], tmp_path: Path) -> None:
    rig = await rigged("probe")
    await rig.command("probe_knock", {})
    await rig.stop()
    again = await rigged("probe")
    assert (await again.command("probe_knock", {}))["message"] == "knock 2"
    with sqlite3.connect(tmp_path / "spool") as db:
        assert db.execute("SELECT who FROM probe_knock").fetchall() == [("1001",), ("1001",)]
    db.close()


async def test_a_call_of_its_own(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    result = await rig.command("probe_ring", {"number": "+8613800138000"})
    assert result["code"] == "ok"
    [sent] = rig.pbx.actions("Originate")
    assert (sent["Channel"], sent["Context"]) == ("PJSIP/+8613800138000@trunk", "cc-probe")
    channel = {"Uniqueid": sent["ChannelId"], "Linkedid": sent["ChannelId"]}
    await rig.pbx.send(
        block(
            Event="Newchannel",
            **channel,
            Channel="PJSIP/trunk-00000009",
            ChannelStateDesc="Down",
            Context="cc-probe",
        )
    )
    await rig.until(lambda: rig.bodies("call.started", "call"))
    call = rig.bodies("call.started", "call")[0]
    assert (call["call_uid"], call["direction"]) == (result["call_uid"], "outbound")
    assert (await rig.command("probe_ring", {"number": "1\r\nAction: Logoff"}))["code"] == "refused"


async def test_what_it_hears(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    probe = probe_of(rig)
    await ring_in(rig)
    uid = rig.bodies("call.started", "call")[0]["call_uid"]
    kinds = [kind for kind, one in probe.seen["calls"] if one == uid]
    assert kinds == [f["kind"] for f in rig.odoo.facts if f["kind"].startswith("call.")]
    assert kinds[0] == "call.started" and kinds[-1] == "call.ended"
    await rig.pbx.send(block(Event="UserEvent", UserEvent="Anything"))
    await rig.until(lambda: probe.seen.get("user events") == ["Anything"])
    assert {"Newchannel", "QueueCallerJoin", "Hangup", "UserEvent"} <= set(probe.seen["events"])
    # it cleared its fact and its event: they were copies
    assert all(call["call_uid"] == uid for call in rig.bodies("call.ended", "call"))


async def test_agents_and_their_phones(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    await sign_in(rig)
    member = {
        "Queue": "support",
        "Interface": "Local/1001@cc-agent/n",
        "Paused": "1",
        "Penalty": "2",
    }
    await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status="5"))
    await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status="5"))
    await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status="1"))
    probe = probe_of(rig)
    expected = [("1001", "busy", True), ("1001", "busy", False), ("1001", "busy", True)]
    await rig.until(lambda: probe.seen.get("agents") == expected)
    await rig.command("set_state", {"state": "ready"})
    assert probe.seen["agents"][3:] == [("1001", "ready", True)]


async def test_a_section_of_the_intent(rigged: Callable[..., Any], odoo: FakeOdoo) -> None:
    odoo.intent = {**INTENT, "probe": {"ring": "desk"}}
    rig = await rigged("probe")
    probe = probe_of(rig)
    # nothing was kept at the first start
    assert probe.seen["sections"] == [{}, {"ring": "desk", "most": 3}]
    rig.bridge.link.bell("intent")
    odoo.intent = {**INTENT, "probe": {"ring": "satellite"}}
    rig.bridge.link.bell("intent")
    await rig.until(lambda: probe.seen["sections"][2:] == [{}])
    await rig.until(
        lambda: any(
            "section 'probe': 'satellite'" in line
            for health in odoo.healths
            for line in health.get("left_out", ())
        )
    )
    odoo.intent = {**INTENT, "probe": {"ring": "mobile", "most": 1}}
    rig.bridge.link.bell("intent")
    await rig.until(lambda: probe.seen["sections"][3:] == [{"ring": "mobile", "most": 1}])
    await rig.stop()
    again = await rigged("probe")
    # the kept one is told before Odoo is asked, and the same is not told twice
    assert probe_of(again).seen["sections"] == [{"ring": "mobile", "most": 1}]


async def test_its_dialplan_is_written(rigged: Callable[..., Any], tmp_path: Path) -> None:
    rig = await rigged("probe")
    await rig.until(lambda: rig.pbx.actions("Reload"))
    text = (tmp_path / "etc" / "cc_extensions.conf").read_text()
    assert text.endswith("\n[cc-probe]\nexten => s,1,Answer()\n same => n,Hangup()\n")


async def test_it_asks_odoo(rigged: Callable[..., Any], odoo: FakeOdoo) -> None:
    odoo.routes["/cc/probe"] = lambda body: {"heard": body["say"].upper()}
    rig = await rigged("probe")
    assert (await rig.command("probe_ask", {"say": "hello"}))["message"] == "HELLO"


async def test_it_hears_of_the_pbxs_loss(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    await rig.pbx.cut()
    await rig.until(lambda: probe_of(rig).seen.get("disconnected") == [False])
    await rig.until(lambda: probe_of(rig).seen.get("connected") == [True, True])


async def test_it_remembers_its_channels(rigged: Callable[..., Any]) -> None:
    """Who knows a channel that only CEL tells of; one who fails at it costs the others nothing."""
    rig = await rigged("broken", "probe")
    recall = rig.bridge.hub.recall
    assert recall("cc-1") == {"call_uid": "cc-1", "number": "+8613800138000"}
    assert recall("1795723114.1") is None


async def test_switched_off(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe", plugins={"probe": {"enabled": False}})
    assert rig.bridge.plugins.names == []
    assert (await rig.command("probe_knock", {}))["code"] == "refused"


async def test_its_options(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe", plugins={"probe": {"colour": "red"}})
    assert probe_of(rig).kernel.options == {"colour": "red"}


# -- those that fail ----------------------------------------------------------------------------


async def test_one_that_raises_in_every_hook_costs_nobody_anything(
    rigged: Callable[..., Any], odoo: FakeOdoo, caplog: pytest.LogCaptureFixture
) -> None:
    odoo.intent = {**INTENT, "broken": {"a": 1}, "broken_too": {"a": 1}, "probe": {"ring": "desk"}}
    rig = await rigged("broken", "probe")
    assert rig.bridge.plugins.names == ["broken", "probe"]
    await sign_in(rig)
    assert (await rig.command("broken", {}))["code"] == "failed"
    assert (await rig.command("broken_result", {}))["code"] == "failed"
    await ring_in(rig)
    await rig.pbx.send(block(Event="UserEvent", UserEvent="Anything"))
    probe = probe_of(rig)
    await rig.until(lambda: probe.seen.get("user events"))
    await rig.pbx.cut()
    await rig.until(lambda: probe.seen.get("connected") == [True, True])
    # the other one has heard it all, and the bridge has told it all
    assert probe.seen["sections"][-1] == {"ring": "desk", "most": 3}
    assert {"call.started", "call.ended"} <= {kind for kind, _ in probe.seen["calls"]}
    assert rig.states() == ["busy"]
    assert (await rig.command("set_state", {"state": "ready"}))["code"] == "ok"
    assert not rig.task.done()
    await rig.stop()
    assert probe.seen["closed"] == [True]
    for hook in (
        "listener to UserEvent",
        "listener to calls",
        "listener to agents",
        "listener to the loss of the PBX",
        "reader of section 'broken_too'",
        "check of section 'broken'",
    ):
        assert f"plug-in broken: {hook} failed" in caplog.text
    for text in ("broken-failing failed", "broken-connected failed", "broken did not close"):
        assert text in caplog.text
    # not once an event: a plug-in can't fill the disk with its log
    assert caplog.text.count("plug-in broken: listener to Newchannel failed") == 1


async def test_those_that_come_to_nothing_leave_nothing(
    rigged: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(load, "START_S", 0.2)
    rig = await rigged("unmade", "unstarted", "hanging", "missing", "probe")
    assert rig.bridge.plugins.names == ["probe"]
    for kind in ("unmade", "unstarted", "hanging"):
        assert (await rig.command(kind, {}))["code"] == "refused"
    await ring_in(rig)
    for name in ("unmade", "missing"):
        assert f"plug-in {name} can't be made: it is left out" in caplog.text
    for name in ("unstarted", "hanging"):
        assert f"plug-in {name} can't be started: it is left out" in caplog.text
    assert "plug-in unmade: listener" not in caplog.text


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM fact",
        "UPDATE command SET done = 1",
        "SELECT body FROM state",
        "DROP TABLE fact",
        "CREATE TABLE broken_new (a)",
        "CREATE TABLE fact_new (a)",
        "ATTACH DATABASE 'elsewhere' AS other",
        "PRAGMA synchronous = OFF",
        "INSERT INTO sqlite_master VALUES (1, 2, 3, 4, 5)",
    ],
)
async def test_others_tables_are_out_of_reach(rigged: Callable[..., Any], sql: str) -> None:
    rig = await rigged("broken")
    assert (await rig.command("broken_tables", {"sql": sql}))["code"] == "failed"
    # the spool goes on as before
    await sign_in(rig)
    assert rig.states() == ["busy"]


def test_tables_of_a_prefix_only() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE fact (seq INTEGER)")
    may = only("x_", define=True)
    db.set_authorizer(lambda *a: sqlite3.SQLITE_OK if may(*a[:3]) else sqlite3.SQLITE_DENY)
    for good in (
        "CREATE TABLE x_a (id INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT UNIQUE)",
        "CREATE UNIQUE INDEX x_a_b ON x_a (b)",
        "ALTER TABLE x_a ADD COLUMN c",
        "INSERT INTO x_a (b) VALUES ('1')",
        "DROP INDEX x_a_b",
        "DROP TABLE x_a",
    ):
        db.execute(good)
    for bad in (
        "CREATE TABLE y_a (b)",
        "CREATE INDEX x_f ON fact (seq)",
        "ALTER TABLE fact ADD COLUMN c",
        "CREATE TRIGGER x_t AFTER INSERT ON fact BEGIN DELETE FROM fact; END",
        "CREATE VIEW x_v AS SELECT * FROM fact",
        "DROP TABLE fact",
    ):
        with pytest.raises(sqlite3.DatabaseError):
            db.execute(bad)
    db.close()


# -- the kernel's own rules ---------------------------------------------------------------------


async def test_what_a_plugin_may_not_say(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    kernel = probe_of(rig).kernel
    for kind, body in (
        ("call.ended", {"call": {}}),
        ("agent.state", {"agent": {}}),
        ("no dot", {"a": {}}),
        ("probe.x", {}),
        ("probe.x", {"seq": {}}),
        ("probe.x", {"a": {"b": float("nan")}}),
    ):
        with pytest.raises(ValueError):
            kernel.fact(kind, 1, body)
    with pytest.raises(TypeError):
        kernel.fact("probe.x", 1, {"a": {"b": object()}})
    with pytest.raises(ValueError):
        kernel.command("hold", kernel.ami.action)
    with pytest.raises(ValueError):
        kernel.intent_section("agents", lambda _: None)
    with pytest.raises(TypeError):
        kernel.on_event("Hangup", kernel.ami.action)
    for text in ("[cc-in]\n", "exten => s,1,NoOp()\n", "[cc-probe]\n#exec rm\n", "[cc-probers]\n"):
        with pytest.raises(ValueError):
            kernel.dialplan(text)
    with pytest.raises(RuntimeError), kernel.db(), kernel.db():
        pass


async def test_a_full_disk_is_told_to_the_plugin_and_facts_go_on(
    rigged: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = await rigged("probe")
    spool = rig.bridge.spool

    def full(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(spool, "_store", full)
        probe_of(rig).kernel.fact("probe.knocked", 1, {"knock": {"who": "a", "count": 0}})
        with pytest.raises(sqlite3.OperationalError), probe_of(rig).kernel.db():
            pytest.fail("there is no room")
    await rig.until(lambda: rig.bodies("probe.knocked", "knock"))
    assert (await rig.command("probe_knock", {}))["message"] == "knock 1"


async def test_without_a_pbx_a_call_of_its_own_fails(rigged: Callable[..., Any]) -> None:
    rig = await rigged("probe")
    await rig.pbx.stop()
    await rig.until(lambda: not rig.bridge.ami.connected)
    assert (await rig.command("probe_ring", {"number": "10086"}))["code"] == "ami_down"
    with pytest.raises(AmiDown):
        await probe_of(rig).kernel.ami.action({"Action": "Ping"})
    await rig.pbx.start()


def test_the_probe_is_no_part_of_a_bridge() -> None:
    """Installed only in tests: its folder is on nobody's path but theirs."""
    assert not any(str(PROBE) in entry for entry in sys.path)


class Writer:
    """Writes a row at each fact of a call."""

    def __init__(self, kernel: Kernel, seen: list[list[str]]) -> None:
        self.kernel, self.seen = kernel, seen
        kernel.tables("CREATE TABLE IF NOT EXISTS writer_row (kind TEXT)")
        kernel.on_call(self.call)

    def call(self, fact: CallFact) -> None:
        with self.kernel.db() as db:
            db.execute("INSERT INTO writer_row VALUES (?)", (fact.kind,))
        # what a crash right now would leave
        stored = self.kernel._core.spool.batch(0)
        self.seen.append([one.body["kind"] for one in stored if "call" in one.body])

    async def start(self) -> None: ...

    async def close(self) -> None: ...


async def test_what_a_plugin_stores_is_not_in_the_middle_of_an_event(
    pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts and the calls' state that they came from stay one commit: a crash between them would lose the second."""
    seen: list[list[str]] = []
    monkeypatch.setattr(load, "found", lambda: [("writer", lambda: lambda k: Writer(k, seen))])
    rig = Rig(pbx, odoo, tmp_path)
    await rig.until(lambda: reconciled(odoo))
    feed = rig.bridge.calls.feed

    def two(event: Any) -> list[CallFact]:
        facts = feed(event)
        # one event that ends a call and begins the next
        again = [
            CallFact("call.corrected", f.t, {**f.call, "rev": f.call["rev"] + 1}) for f in facts
        ]
        return [*facts, *again]

    monkeypatch.setattr(rig.bridge.calls, "feed", two)
    await ring_in(rig)
    assert seen and all(len(kinds) % 2 == 0 for kinds in seen), seen
    await rig.stop()
