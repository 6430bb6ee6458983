# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Generated configuration: what it says, what it refuses, how it is written."""

import re
from pathlib import Path

import pytest

from cc_bridge.cli import main
from cc_bridge.encoder import Refused
from cc_bridge.pbx_config import generate, write
from cc_bridge.pbx_config.rating import rating_value

INTENT = {
    "agents": [
        {"agent": "1001", "name": "Ann", "session": 1, "device": "browser", "extension": "w1001"},
        {"agent": "1002", "name": "Bob", "session": None, "device": None, "extension": None},
        {
            "agent": "1003",
            "name": "Cai",
            "session": 2,
            "device": "mobile",
            "extension": "+8613900000000",
        },
    ],
    "queues": [
        {
            "queue": "support",
            "name": "Support",
            "strategy": "rrmemory",
            "ring_s": 15,
            "wrap_up_s": 10,
            "service_level_s": 20,
            "max_wait_s": 300,
            "max_waiting": 7,
            "music": "default",
            "weight": 3,
        }
    ],
    "extensions": [
        {
            "extension": "w1001",
            "kind": "browser",
            "secret": "s3cret",
            "name": 'Ann "A" Lee',
            "agent": "1001",
        },
        {"extension": "2001", "kind": "desk", "secret": "d3sk", "name": "Desk", "agent": None},
    ],
    "settings": {"country": "CN", "dial_prefix": "", "trunk": "trunk", "record": True},
}


def sections(text: str) -> dict[str, list[str]]:
    """Section heads to their lines, in order; a head that comes twice is numbered."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            head = line
            while head in found:
                head += "'"
            found[head] = lines = []
        elif line and not line.startswith(";"):
            lines.append(line)
    return found


def test_browser_and_desk_endpoints() -> None:
    found = sections(generate(INTENT)["cc_pjsip.conf"])
    assert "webrtc = yes" in found["[cc-browser](!,cc-endpoint)"]
    assert "max_contacts = 1" in found["[cc-aor](!)"]
    assert found["[w1001](cc-browser)"] == [
        "auth = w1001",
        "aors = w1001",
        'callerid = "Ann A Lee" <1001>',
    ]
    assert found["[w1001](cc-auth)"] == ["username = w1001", "password = s3cret"]
    assert found["[w1001](cc-aor)"] == []
    assert found["[2001](cc-endpoint)"][2] == 'callerid = "Desk" <2001>'


def test_queue_settings() -> None:
    lines = sections(generate(INTENT)["cc_queues.conf"])["[support]"]
    for line in (
        "strategy = rrmemory",
        "timeout = 15",
        "maxlen = 7",
        "weight = 3",
        "servicelevel = 20",
        "wrapuptime = 0",
        "ringinuse = no",
        "setinterfacevar = yes",
    ):
        assert line in lines


def test_hints_watch_the_device_of_the_moment() -> None:
    text = generate(INTENT, {"1002": "PJSIP/2001"})["cc_hints.conf"]
    assert "exten => 1001,hint,PJSIP/w1001&Custom:ag1001&Custom:al1001" in text
    assert "exten => 1002,hint,PJSIP/2001&Custom:ag1002&Custom:al1002" in text
    # a mobile has no state of its own; its number is nobody's business in a hint
    assert "exten => 1003,hint,Custom:am1003&Custom:ag1003&Custom:al1003" in text


def test_phones_dial_numbers_and_queues_and_nothing_else() -> None:
    """TEL-64: a pattern that ends in . or ! takes line breaks too, which would be lines on AMI."""
    files = generate(
        {**INTENT, "queues": [{"queue": "support"}, {"queue": "800"}, {"queue": "a]"}]}
    )
    text = files["cc_hints.conf"]
    digits = text[text.index("[cc-digits]") : text.index("[cc-names]")].split("\n")
    patterns = [m[1] for line in digits if (m := re.match(r"exten => _(\S+),1,Goto\(", line))]
    lengths = []
    for pattern in patterns:
        signs = re.findall(r"\[[0-9+*#-]+\]", pattern)
        assert "".join(signs) == pattern and len(f"_{pattern}") < 256
        lengths.append(len(signs))
    assert lengths == list(range(2, 37))
    names = text[text.index("[cc-names]") : text.index("[cc-urgent]")].strip().split("\n")[1:]
    assert names == ["exten => support,1,Goto(cc-queue,support,1)"]
    # the endpoints' own context holds nothing but these two
    phone = files["cc_extensions.conf"].partition("[cc-phone]")[2].partition("\n[")[0].split()
    assert phone == ["include", "=>", "cc-digits", "include", "=>", "cc-names"]


@pytest.mark.parametrize(
    "field,bad",
    [
        ("extension", "w1\n[evil]"),
        ("secret", "x\n[evil](cc-endpoint)"),
        ("secret", "x;y"),
        ("kind", "gateway"),
        ("agent", "1001&x"),
    ],
)
def test_a_bad_endpoint_is_left_out_and_the_others_stay(
    field: str, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [{**INTENT["extensions"][0], field: bad}, INTENT["extensions"][1]]  # type: ignore[index, dict-item]
    left_out: list[str] = []
    text = generate({**INTENT, "extensions": rows}, {}, left_out)["cc_pjsip.conf"]
    assert "evil" not in text and "[w1001]" not in text and "[2001](cc-endpoint)" in text
    assert "left out" in caplog.text
    assert len(left_out) == 1 and left_out[0].startswith(f"phone {rows[0]['extension']!r}: ")
    assert rows[0]["secret"] not in left_out[0]


@pytest.mark.parametrize(
    "field,bad",
    [
        ("queue", "a]\n#exec rm"),
        ("music", "x\ny"),
        ("strategy", "any"),
        ("ring_s", "5\nx"),
        ("weight", -1),
    ],
)
def test_a_bad_queue_is_left_out(field: str, bad: object, caplog: pytest.LogCaptureFixture) -> None:
    rows = [{**INTENT["queues"][0], field: bad}, {"queue": "sales", "ring_s": 9}]  # type: ignore[index, dict-item]
    left_out: list[str] = []
    text = generate({**INTENT, "queues": rows}, {}, left_out)["cc_queues.conf"]
    assert "exec" not in text and "[support]" not in text and "[sales]" in text
    assert len(left_out) == 1 and left_out[0].startswith(f"queue {rows[0]['queue']!r}: ")


def test_all_contexts_of_the_contract_are_there() -> None:
    text = generate({})["cc_extensions.conf"]
    for context in ("cc-queue", "cc-agent", "cc-room", "cc-direct", "cc-phone", "cc-out"):
        assert f"\n[{context}]\n" in text
    assert "\n[cc-hint]\n" in generate({})["cc_hints.conf"]


def test_files_are_written_only_when_they_differ(tmp_path: Path) -> None:
    files = {"cc_pjsip.conf": "a\n", "cc_queues.conf": "b\n"}
    assert sorted(write(tmp_path, files)) == ["cc_pjsip.conf", "cc_queues.conf"]
    stamp = (tmp_path / "cc_queues.conf").stat().st_mtime_ns
    assert write(tmp_path, {**files, "cc_pjsip.conf": "c\n"}) == ["cc_pjsip.conf"]
    assert (tmp_path / "cc_pjsip.conf").read_text() == "c\n"
    assert (tmp_path / "cc_queues.conf").stat().st_mtime_ns == stamp
    # passwords are not for everybody, and no half-written file is left
    assert (tmp_path / "cc_pjsip.conf").stat().st_mode & 0o007 == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cc_pjsip.conf", "cc_queues.conf"]


def test_the_command_writes_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--out", str(tmp_path)]) == 0
    assert sorted(capsys.readouterr().out.split()) == [
        "cc_confbridge.conf",
        "cc_extensions.conf",
        "cc_hints.conf",
        "cc_pjsip.conf",
        "cc_queues.conf",
    ]


def test_rating_of_a_queue() -> None:
    """TEL-27: what each key means, as one value; a bad one is refused."""
    keys = {"satisfied": "15", "neutral": "2", "dissatisfied": "3"}
    assert rating_value({"rating": keys}) == "-snd-s----:8:2:beep:"
    more = {**keys, "wait_s": 5, "tries": 1, "prompt": "cc/rate", "thanks": "auth-thankyou"}
    assert rating_value({"rating": more}) == "-snd-s----:5:1:cc/rate:auth-thankyou"
    assert rating_value({}) == rating_value({"rating": None}) == "0"
    assert rating_value({"rating": {"satisfied": ""}}) == "0"
    for bad in (
        {"satisfied": "1", "neutral": "1"},
        {"satisfied": "1*"},
        {"satisfied": 1},
        {**keys, "prompt": "a,b"},
        {**keys, "prompt": "${SHELL(x)}"},
        {**keys, "thanks": "../x:y"},
        {**keys, "wait_s": 0},
        {**keys, "tries": 99},
        "1",
    ):
        with pytest.raises(Refused):
            rating_value({"rating": bad})


def test_a_desk_phone_shows_nobodys_number() -> None:
    """Item 10 of the closed doors: what it shows by itself would be told of who has signed out of it."""
    desk = {
        "extension": "desk1",
        "kind": "desk",
        "secret": "s3cret",
        "name": "Hall",
        "agent": "1001",
    }
    found = sections(generate({"extensions": [desk]})["cc_pjsip.conf"])
    assert found["[desk1](cc-endpoint)"][-1] == 'callerid = "Hall" <desk1>'


def test_no_dial_follows_a_forwarding() -> None:
    """TEL-64: a phone or a carrier that answers 302 would call out in nobody's name."""
    text = generate({})["cc_extensions.conf"]
    dials = re.findall(r"Dial\(.*,\d+,([a-zA-Z]*)\w?\(", text)
    assert len(dials) == len(re.findall(r",Dial\(", text)) == 5
    assert all("i" in options for options in dials), dials
