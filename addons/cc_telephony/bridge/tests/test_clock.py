# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The PBX's time: steps of either clock neither turn times round nor shift them for long."""

from cc_bridge.clock import PbxClock

S = 1_000_000
T0 = 1_795_000_000 * S


class Clocks:
    """Wall and monotonic time of the bridge's machine, and the PBX's."""

    def __init__(self) -> None:
        self.wall = T0 + 5 * S
        self.mono = 77 * S
        self.pbx = T0
        self.clock = PbxClock(lambda: self.wall, lambda: self.mono)

    def go(self, seconds: float) -> None:
        for name in ("wall", "mono", "pbx"):
            setattr(self, name, getattr(self, name) + round(seconds * S))

    def event(self, late: float = 0.0) -> int:
        """An event that was made `late` seconds ago; the time the bridge gives it."""
        t = self.pbx - round(late * S)
        event: dict[str, str | list[str]] = {"Timestamp": f"{t // S}.{t % S:06d}"}
        self.clock.adjust(event)
        stamp = event["Timestamp"]
        assert isinstance(stamp, str)
        return round(float(stamp) * S)


def test_without_timestamps_the_own_clock_counts() -> None:
    c = Clocks()
    assert c.clock.now_us() == c.wall
    c.clock.adjust({"Event": "Newchannel"})
    assert c.clock.now_us() == c.wall and c.clock.last_us == 0


def test_a_reply_tells_the_time_until_an_event_does() -> None:
    c = Clocks()
    c.wall -= 3600 * S
    c.clock.begin({"Timestamp": ""})
    assert c.clock.pbx_us() == c.wall
    c.clock.begin({"Timestamp": f"{c.pbx // S}.000000"})
    c.go(3)
    assert c.clock.pbx_us() == c.clock.now_us() == c.pbx
    # nothing was heard yet, and an event that was late is no clock that was set back
    assert c.clock.last_us == 0
    assert c.event(late=2.5) == c.pbx - 2.5 * S
    assert c.clock.now_us() == c.pbx


def test_the_pbx_s_time_and_late_events() -> None:
    c = Clocks()
    assert c.event() == T0 and c.clock.now_us() == T0
    c.go(10)
    assert c.event(late=1.5) == T0 + 8.5 * S
    assert c.clock.now_us() == T0 + 10 * S


def test_a_step_of_the_own_clock_is_not_seen() -> None:
    c = Clocks()
    c.event()
    c.wall += 3600 * S
    c.go(1)
    assert c.clock.now_us() == T0 + S
    c.wall -= 7200 * S
    c.go(1)
    assert c.clock.now_us() == T0 + 2 * S and c.event() == T0 + 2 * S


def test_a_pbx_that_was_set_back_goes_on_and_is_followed() -> None:
    c = Clocks()
    c.go(1)
    last = c.event()
    c.pbx -= 30 * S
    first = last
    for _ in range(400):
        c.go(1)
        t = c.event()
        # a second by the clock on the wall is told as a second, less a tenth
        assert 0.89 * S <= t - last <= 1.01 * S
        assert t <= c.clock.now_us() <= t + S
        last = t
        # its files are written by its own clock
        assert c.clock.pbx_us() == c.pbx
    assert last == c.pbx and last - first == 370 * S
    assert c.clock.last_us == c.pbx


def test_a_pbx_that_was_set_ahead_is_followed_at_once() -> None:
    c = Clocks()
    c.event()
    c.pbx += 30 * S
    c.go(1)
    assert c.event() == c.pbx and c.clock.now_us() == c.pbx


def test_a_burst_of_late_events_is_told_by_its_own_times() -> None:
    """During a resync events wait; or a recording is played at once."""
    c = Clocks()
    c.go(10)
    for late in (9.0, 6.0, 6.0, 3.5, 0.1, 0.0):
        assert c.event(late=late) == c.pbx - late * S
    assert c.clock.now_us() == c.pbx


def test_set_back_twice_and_ahead_again() -> None:
    c = Clocks()
    last = 0
    for step in (0, -20, -15, 35, -5, 0, 0):
        c.pbx += step * S
        for _ in range(5):
            c.go(1)
            t = c.event()
            assert t > last and c.clock.now_us() >= t
            last = t


def test_a_clock_that_was_wrong_for_a_while_leaves_nothing() -> None:
    """Set back by half an hour and right again: not half an hour ahead for hours."""
    c = Clocks()
    c.go(1)
    c.event()
    c.pbx -= 1800 * S
    for _ in range(60):
        c.go(1)
        last = c.event()
    c.pbx += 900 * S
    c.go(1)
    # half of it is still to come down from
    assert last < c.event() and abs(c.event() - c.pbx - 894 * S) <= S
    c.pbx += 900 * S
    c.go(1)
    assert c.event() == c.pbx == c.clock.now_us()


def test_a_clock_that_was_never_set_is_followed_at_once() -> None:
    c = Clocks()
    c.event()
    c.pbx += 5 * 365 * 86400 * S
    c.go(1)
    assert c.event() == c.pbx and c.clock.now_us() == c.pbx
    c.pbx -= 5 * 365 * 86400 * S
    c.go(1)
    assert c.event() == c.pbx and c.clock.now_us() == c.pbx


def test_a_drift_is_followed() -> None:
    c = Clocks()
    for _ in range(1000):
        c.go(1)
        c.pbx -= 500
        t = c.event(late=0.3)
        assert t == c.pbx - 300_000
    assert 0 <= c.clock.now_us() - t <= 320_000


def test_a_frozen_link_s_late_events_are_no_step() -> None:
    c = Clocks()
    c.event()
    c.go(60)
    for late in range(60, 0, -1):
        assert c.event(late=late) == c.pbx - late * S
    assert c.clock.now_us() >= c.pbx - S
