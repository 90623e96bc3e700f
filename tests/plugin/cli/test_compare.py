"""Which reading fits: a recording whose truth is known, in every reading."""

from __future__ import annotations

import datetime as dt

import pytest

from recorded import Told, asks, says
from replygate.cli.compare import Fit, compare
from replygate.cli.compare_file import Stated
from replygate.config import Store, load_store
from replygate.report.law import measurable
from replygate.runtime.parse import parse_event

DAYS = [dt.date(2026, 11, number) for number in (17, 18, 19)]


@pytest.fixture(scope="module")
def store() -> Store:
    own = (
        'metric=[{id="own", name="own", unit="user_day", within_s=60, source="x",'
        ' counts={human="yes", bot="unknown", hold="unknown", platform="no"}}]'
    )
    return load_store("demo-pdd", settings=[own])


def recording(bot: int, hold: int, nobody: int) -> list[Told]:
    """Each day one buyer whom a person answers, and so many whom others answer, or nobody."""
    told = []
    for day in DAYS:
        kinds = ["human", *["bot"] * bot, *["hold"] * hold, *[""] * nobody]
        for number, origin in enumerate(kinds):
            where = {"store": "demo-pdd", "conversation": f"c-{number}"}
            told.append(asks(f"{day} 10:00:00", f"q-{day}-{number}", **where))
            if origin:
                told.append(says(f"{day} 10:00:30", origin, name=f"a-{day}-{number}", **where))
    return told


def fit(store: Store, told: list[Told], *values: float, metric: str = "own") -> Fit:
    stated = [
        Stated(f"x:{number}", day, day, metric, value, 0.0005)
        for number, (day, value) in enumerate(zip(DAYS, values, strict=False), 2)
    ]
    rules = {rule.id: rule for rule in measurable(store).values()}
    (found,) = compare(store, rules, map(parse_event, told), stated)
    return found


def test_a_bot_that_counts_and_a_hold_that_does_not(store: Store) -> None:
    # One person, two bots, one hold, one nobody: 3 of 5 where bots count and holds do not.
    found = fit(store, recording(2, 1, 1), 0.6, 0.6, 0.6)
    assert (found.outcome, dict(found.settled)) == ("settled", {"bot": "yes", "hold": "no"})
    by_reading = {
        (dict(one.answers)["bot"], dict(one.answers)["hold"]): one for one in found.readings
    }
    assert {key: one.values[0] for key, one in by_reading.items()} == {
        ("yes", "yes"): 0.8,
        ("yes", "no"): 0.6,
        ("no", "yes"): 0.4,
        ("no", "no"): 0.2,
    }
    assert by_reading["yes", "yes"].off == pytest.approx(0.2)
    assert found.readings[0].hits == 3


def test_what_a_recording_can_not_tell_stays_open(store: Store) -> None:
    found = fit(store, recording(1, 0, 1), 0.667)
    assert (found.outcome, dict(found.settled)) == ("open", {"bot": "yes"})
    assert len(found.best) == 2


def test_readings_that_do_not_differ(store: Store) -> None:
    found = fit(store, recording(0, 0, 1), 0.5)
    assert found.outcome == "same"


def test_figures_that_no_reading_explains(store: Store) -> None:
    assert fit(store, recording(2, 1, 1), 0.95, 0.1).outcome == "far"


def test_days_that_are_not_in_the_recording(store: Store) -> None:
    later = Stated("x:2", dt.date(2026, 12, 24), dt.date(2026, 12, 24), "own", 0.5, 0.0005)
    rules = {rule.id: rule for rule in measurable(store).values()}
    (found,) = compare(store, rules, map(parse_event, recording(1, 1, 1)), [later])
    assert found.outcome == "nothing"
    assert found.missing == (later,)


def test_nothing_is_open_where_the_sources_agree() -> None:
    own = (
        'metric=[{id="own", name="own", unit="user_day", within_s=60, source="x",'
        ' counts={human="yes", bot="yes", hold="no", platform="no"}}]'
    )
    found = fit(load_store("demo-pdd", settings=[own]), recording(1, 1, 0), 0.667)
    assert (found.outcome, found.settled) == ("known", ())
