from __future__ import annotations

from pathlib import Path

from replygate.ledger import DutyRow
from replygate.runtime.duty import RETURN_MS, Duty
from replygate.timing.duty import planned

from .kit import shop

DAY = 'duty = [{ agents = ["a", "b"], open = ["08:00-16:00"] }]'
NOON_MS = 1_781_582_400_000
"""2026-06-16T12:00:00+08:00."""
HOUR_MS = 3_600_000


def test_what_was_heard_stands_over_the_plan(tmp_path: Path) -> None:
    store, duty = shop(tmp_path, DAY), Duty()
    assert duty.on_duty(store, NOON_MS) == ("a", "b")
    assert duty.heard("shop", "a", NOON_MS - 1, online=False)
    assert duty.heard("shop", "c", NOON_MS - 1, online=True)
    assert duty.heard("other", "z", NOON_MS - 1, online=True)
    assert duty.on_duty(store, NOON_MS) == ("b", "c")


def test_what_comes_late_changes_nothing(tmp_path: Path) -> None:
    store, duty = shop(tmp_path, DAY), Duty()
    duty.heard("shop", "a", NOON_MS, online=True)
    assert not duty.heard("shop", "a", NOON_MS - 1, online=False)
    assert duty.on_duty(store, NOON_MS) == ("a", "b")


def test_a_connection_that_breaks_is_no_news() -> None:
    duty = Duty()
    assert duty.heard("shop", "a", 0, online=True)
    assert not duty.heard("shop", "a", 1_000, online=False)
    assert not duty.heard("shop", "a", 2_000, online=True)
    assert not duty.heard("shop", "a", 2_000 + 2 * RETURN_MS, online=True)
    assert duty.heard("shop", "a", 2_001 + 3 * RETURN_MS, online=False)


def test_it_is_restored(tmp_path: Path) -> None:
    duty = Duty()
    duty.restore([DutyRow("shop", "a", NOON_MS - 1, NOON_MS, online=False)])
    assert duty.on_duty(shop(tmp_path, DAY), NOON_MS) == ("b",)


def test_a_shift_that_goes_on_keeps_its_people(tmp_path: Path) -> None:
    store, duty = shop(tmp_path, DAY), Duty()
    [spell] = planned(store.shifts, NOON_MS)
    later_ms = spell.end_ms + 60_000
    duty.extend("shop", spell)
    assert duty.on_duty(store, later_ms) == ("a", "b")
    duty.end("shop", spell)
    assert duty.on_duty(store, later_ms) == ()
    duty.end("shop", spell)


def test_everybody_is_listed(tmp_path: Path) -> None:
    store, duty = shop(tmp_path, DAY), Duty()
    duty.heard("shop", "c", NOON_MS - 1, online=False)
    a, _, c = duty.agents(store, NOON_MS)
    assert (a.name, a.on_duty, a.online, a.seen_ms) == ("a", True, None, None)
    assert (a.until_ms, a.next_ms) == (NOON_MS + 4 * HOUR_MS, NOON_MS + 20 * HOUR_MS)
    assert (c.name, c.on_duty, c.online, c.seen_ms) == ("c", False, False, NOON_MS - 1)
    assert (c.until_ms, c.next_ms) == (None, None)
