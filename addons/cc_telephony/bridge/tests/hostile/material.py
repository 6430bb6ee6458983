# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Hostile texts and values, and the settings of the fuzzers."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FUZZ = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

#: Names that a caller may carry.
NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE cc_call; --",
    "Robert\r\nAction: Originate\r\nApplication: System\r\nData: id",
    "Event: Hangup\r\nUniqueid: 1.1",
    "name\r\n\r\nEvent: FullyBooted",
    "x" * 10_000,
    "王" * 10_000,
    "\u202egnp.exe\u202c",
    "\u200f\u200e\u2066abc\u2069",
    "nul\x00inside",
    "bell\x07 esc\x1b[31m",
    "${SHELL(touch /tmp/cc-hostile)}",
    "$[1+1]${EVAL(x)}",
    "{{7*7}} %(name)s {0}",
    "\ufeffbom \ufffd",
    "e\u0301\u0301\u0301" * 50,
    "👩‍👩‍👧‍👦",
    "",
    " ",
    "<unknown>",
    "null",
]

#: What may stand where a number is meant.
NUMBERS = [
    "1&PJSIP/2001",
    "1,30,S(1)",
    "${SHELL(id)}",
    "100)Hangup(",
    "100@trunk",
    "PJSIP/100",
    "1\r\nAction: Command\r\nCommand: core stop now",
    "1\nAction: Logoff",
    "1\x00",
    "-1",
    "1e9",
    "NaN",
    "１２３４",
    "٣٤٥",
    "²",
    "+",
    "",
    "0" * 10_000,
    "1;exten => 1",
    "1|2",
    "..//..",
    "#exec /bin/sh",
    "s",
    "h",
    "i,1",
    "abc",
]

texts = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(NUMBERS),
    st.text(max_size=60),
    # lone surrogates, which JSON can carry and no database takes
    st.sampled_from(["\ud800", "half \udfff"]),
)

#: Anything that JSON may hold.
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        texts,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=8,
)
