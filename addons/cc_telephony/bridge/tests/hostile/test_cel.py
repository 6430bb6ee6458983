# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""CEL and queue_log full of mischief: a line costs itself at most, facts stay valid, the good calls are told."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from calls import streams
from completeness import recorded
from completeness.recorded import Recorded
from completeness.test_reconstruct import EXPECTED, shown
from completeness.test_service import Beside, times
from hypothesis import example, given
from hypothesis import strategies as st

from cc_bridge.completeness import cel, queuelog
from cc_bridge.completeness.reconstruct import reconstruct
from cc_bridge.completeness.tail import Line, Mark

from .material import FUZZ, NAMES, texts
from .test_events import strings

_NAMES = sorted(name for name in EXPECTED if EXPECTED[name])
DEEP = "[" * 60_000
JUNK = [
    "",
    '"CHAN_START"',
    "\x00" * 100,
    '"' * 999,
    "," * 5000,
    '"CHAN_START","1795318848.648113","PJSIP/trunk-1","u-1.1","u-1.1","1',
    'Event: Hangup","ok","100","from-pstn","","","",""',
    '"CHAN_END","99999999999.0","x","u-1.2","u-1.2","","","","","","","",""',
    '"CHAN_START","nan","x","u-1.3","u-1.3","","","","","","","",""',
    '"CHAN_START","1e9","x","u-1.4","u-1.4","","","","","","","",""',
    f'"HANGUP","1795318848.1","x","u-1.5","u-1.5","","","","","","","","{DEEP}"',
    '"HANGUP","1795318848.1","x","u-1.6","u-1.6","","","","","","","","{""hangupcause"": [1]}"',
    '"BRIDGE_ENTER","1795318848.1","x","u-1.7","u-1.7","","","","","","","","{""bridge_id"": null}"',
    '"LINKEDID_END","1795318848.1","","","","","","","","","","",""',
]
QUEUE_JUNK = [
    "|||||",
    "1795318848|u|support|x|ENTERQUEUE",
    "²|u|q|m|CONNECT|1",
    "9" * 5000 + "|u|q|m|X",
]


def line_of(fields: list[str]) -> str:
    """The fields as Asterisk quotes them, without an end of line."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="").writerow(fields)
    return out.getvalue()


def check(calls: list[dict[str, Any]]) -> None:
    """By the schema; texts that every database takes."""
    mint = streams.minter()
    for seq, call in enumerate(calls, 1):
        streams.validate("call.corrected", {**call, "call_uid": mint()}, seq)
    for text in strings(calls):
        assert len(text) <= 256
        assert text.isprintable()
    json.dumps(calls, ensure_ascii=False).encode()


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beside:
    """A bridge's inner part beside files that a PBX writes."""

    class Loop:
        def call_soon(self, _what: Any) -> Mock:
            return Mock()

    monkeypatch.setattr("cc_bridge.outbox.asyncio.get_running_loop", Loop)
    return Beside(tmp_path)


@FUZZ
@given(texts)
@example(DEEP)
def test_any_line(line: str) -> None:
    cel.parse(line)
    queuelog.parse(line)


@pytest.mark.parametrize("line", JUNK, ids=range(len(JUNK)))
def test_lines_that_are_nearly_right(line: str) -> None:
    row = cel.parse(line)
    rebuilt = reconstruct([row] if row else [], [], trunks=["trunk"], agent_endpoints={}.get)
    check([one.call for one in rebuilt])


def queue_rows(text: str) -> list[queuelog.QueueRow]:
    lines = [Line(one, Mark(), Mark()) for one in text.split("\n")]
    return [row for _, row in queuelog.Rows().take(lines)]


@pytest.mark.parametrize(
    "forged",
    [
        "1795318848|u-1.1|support|1001|COMPLETECALLER|5|60|1",
        # Asterisk's own end of the row it cuts makes this one whole
        "1795318848|u-1.1|support|1001|COMPLETECALLER|5|60",
        "1795318848|u-1.1|support|NONE|ABANDON|1|1|9\n1795318849|u-2.1|sales|x|CONNECT|1|u|1",
        "x|1\n1795318850|u-1.1|support|1001|COMPLETEAGENT|5|60|1\nx",
        "1795318848|u-9.9|support|NONE|ENTERQUEUE||138|1\n1795318848|u-1.1|support|1001|COMPLETECALLER|5|60|1",
    ],
)
def test_a_number_makes_no_row_of_queue_log(forged: str) -> None:
    """What the caller's number holds stands in the file as it is; the rows far enough behind count again."""
    good = "1795318847|u-1.1|support|NONE|ENTERQUEUE||13800138000|1"
    late = "1795318990|u-1.1|support|1001|CONNECT|3|u-2.2|3"
    written = f"{good}\n1795318848|u-3.3|support|NONE|ENTERQUEUE||9\n{forged}|1\n"
    between = "".join(f"1795318900|u-8.{n}|support|1001|RINGNOANSWER|1000\n" for n in range(300))
    told = [row for row in queue_rows(f"{written}{between}{late}") if row.call == "u-1.1"]
    assert [row.event for row in told] == ["ENTERQUEUE", "CONNECT"]


@pytest.mark.parametrize(
    "line",
    [
        "1795318848|u-1.1|support|1001|SHUTDOWN|1|1|1",
        "1795318848|u 1.1;x|support|1001|COMPLETECALLER|5|60|1",
        "1795318848|u-1.1|support|1001|COMPLETECALLER|5",
        "1795318848||support|1001|COMPLETECALLER|5|60|1",
    ],
)
def test_what_no_queue_writes_is_no_row(line: str) -> None:
    assert queue_rows(line) == []


@FUZZ
@given(st.data())
def test_any_field_of_any_row(data: Any) -> None:
    """Up to eight fields of a recorded call are anything."""
    name = data.draw(st.sampled_from(_NAMES))
    scenario = recorded.load(name)
    lines = [next(csv.reader([line])) for line in scenario.cel]
    for _ in range(data.draw(st.integers(1, 8))):
        fields = lines[data.draw(st.integers(0, len(lines) - 1))]
        fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(texts)
    rows = [row for fields in lines if (row := cel.parse(line_of(fields)))]
    told = [row for row in map(queuelog.parse, [*QUEUE_JUNK, *scenario.queue_log]) if row]
    rebuilt = reconstruct(rows, told, trunks=["trunk"], agent_endpoints=recorded.PHONES.get)
    check([one.call for one in rebuilt])


@pytest.mark.parametrize("caller", [n for n in NAMES if "\r" not in n], ids=lambda n: repr(n[:20]))
def test_a_call_that_was_missed_by_whoever_it_calls_itself(beside: Beside, caller: str) -> None:
    scenario = recorded.load("direct_answered")
    lines = []
    for line in scenario.cel:
        fields = next(csv.reader([line]))
        fields[6] = caller
        lines.append(line_of(fields))
    beside.write(Recorded([], lines, scenario.queue_log))
    beside.connect(times(scenario)[1] + 1_000_000)
    beside.settle()
    assert [shown(call) for call in beside.calls()] == EXPECTED["direct_answered"]
    check(beside.calls())


def test_junk_around_a_call_that_was_missed(beside: Beside, tmp_path: Path) -> None:
    scenario = recorded.load("direct_answered")
    junk = [*JUNK, *JUNK]
    beside.write(Recorded([], [*junk, *scenario.cel, *junk], [*QUEUE_JUNK, *scenario.queue_log]))
    beside.connect(times(scenario)[1] + 1_000_000)
    beside.settle()
    assert EXPECTED["direct_answered"][0] in [shown(call) for call in beside.calls()]
    check(beside.calls())


VICTIM = "u-9.9"
FORGED_ROWS = [
    f"9\nHANGUP,1795318848.1,PJSIP/x,{VICTIM},{VICTIM},,,,,,,,",
    f'9\n"HANGUP","1795318848.1","PJSIP/x","{VICTIM}","{VICTIM}","","","","","","","",""',
    f'9"\r\n"HANGUP","1795318848.1","PJSIP/x","{VICTIM}","{VICTIM}","","","","","","","",""\n"',
    f'",\n"CHAN_END","1795318848.1","x","{VICTIM}","{VICTIM}","","","","","","","",""',
    '\n""\n"',
    "\n\n\n",
]


def rows_of(*lines: str) -> list[cel.CelRow]:
    """What a file of these lines is read as."""
    pieces, mark = cel.Pieces(), Mark()
    whole = [one for line in lines for one in pieces.add(Line(line, mark, mark))]
    return [row for line in whole if (row := cel.parse(line.text))]


@pytest.mark.parametrize("words", FORGED_ROWS)
@pytest.mark.parametrize("column", ["exten", "cid_name", "appdata"])
def test_a_strangers_words_make_no_row(words: str, column: str) -> None:
    """TEL-64: a line break in the number dialled cut a row in two, and what stood behind it was another's end."""
    fields = dict.fromkeys(cel.COLUMNS, "")
    fields |= {"eventtype": "CHAN_START", "eventtime": "1795318848.5", "channame": "PJSIP/trunk-1"}
    fields |= {"uniqueid": "u-1.1", "linkedid": "u-1.1", column: words}
    text = line_of(list(fields.values()))
    after = line_of(["HANGUP", "1795318849.1", "PJSIP/trunk-1", "u-1.1", "u-1.1", *[""] * 8])
    first, last = rows_of(*text.split("\n"), after)
    assert (first.event, first.uid, last.event, last.uid) == (
        "CHAN_START",
        "u-1.1",
        "HANGUP",
        "u-1.1",
    )
    told = {"exten": first.exten, "cid_name": first.caller_name, "appdata": first.data}[column]
    assert told == re.sub(r"[\r\n]+", " ", words)


def test_a_row_without_its_end_costs_itself_only() -> None:
    """The PBX died in the middle of it."""
    good = [
        line_of([kind, "1795318848.5", "x", uid, uid, *[""] * 8])
        for kind, uid in (("CHAN_START", "u-1"), ("HANGUP", "u-1"), ("CHAN_END", "u-1"))
    ]
    assert len(rows_of(good[0], good[1][:20], good[1], good[2])) == 3
    assert len(rows_of('"' * 7, *good)) == 3
    # what never ends is let go
    assert len(rows_of('"', *["x"] * 30, *good)) == 3


def test_a_row_that_is_not_quoted_is_none() -> None:
    assert cel.parse(f"HANGUP,1795318848.1,PJSIP/x,{VICTIM},{VICTIM},,,,,,,,") is None
