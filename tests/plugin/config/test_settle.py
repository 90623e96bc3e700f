from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from replygate.config import check_file, load_store
from replygate.timing.metrics.rule import Limit

TODAY = dt.date(2026, 11, 22)
STORE = 'id = "s"\nplatform = "p.toml"\nedition = "current"\n'
OWN = '[[deadline]]\nid = "own"\nname = "n"\ndue_s = 9\n'
METRICS = """
[[metric]]
id = "P-D-1"
name = "open"
unit = "session"
within_s = 30
counts = { platform = "unknown" }
source = "the platform's terms"
[[metric]]
id = "P-M-2"
name = "known"
unit = "session"
within_s = 60
counts = { bot = "no" }
target = { op = "<", at = 0.8 }
source = "the platform's terms"
"""


@pytest.fixture(autouse=True)
def profile(shop: Path) -> None:
    path = shop / "p.toml"
    path.write_text(path.read_text("utf-8") + METRICS, "utf-8")


def errors(settled: str) -> list[str]:
    Path("s.toml").write_text(STORE + settled, "utf-8")
    return [str(problem) for problem in check_file("s.toml", today=TODAY).problems]


def test_a_store_settles_what_its_platform_s_sources_leave_open() -> None:
    settled = (
        '[settle."P-D-1"]\ncounts = { bot = "yes", hold = "no" }\ngate = { op = "<", at = 0.9 }\n'
    )
    Path("s.toml").write_text(STORE + settled, "utf-8")
    store = load_store("s.toml", today=TODAY)
    (deadline,) = store.deadlines
    metric, other = store.metrics
    assert (deadline.counts.bot, deadline.counts.hold) == ("yes", "no")
    assert (metric.counts.bot, metric.counts.hold, metric.counts.platform) == (
        *("yes", "no"),
        "unknown",
    )
    assert (metric.gate, metric.target) == (Limit("<", 0.9), None)
    assert other.counts.hold == "unknown"


def test_a_group_settles_for_its_stores() -> None:
    Path("g.toml").write_text('[settle."P-M-2"]\ngate = { op = "<", at = 0.5 }\n', "utf-8")
    Path("s.toml").write_text('extends = "g.toml"\n' + STORE, "utf-8")
    assert load_store("s.toml", today=TODAY).metrics[1].gate == Limit("<", 0.5)
    assert check_file("g.toml", today=TODAY).problems == ()


@pytest.mark.parametrize(
    ("settled", "line"),
    [
        (
            '[settle."P-M-2"]\ncounts = { bot = "yes" }\n',
            's.toml:5: settle.P-M-2.counts.bot: is not open: the sources say "no"',
        ),
        (
            '[settle."P-M-2"]\ntarget = { op = "<", at = 0.7 }\n',
            's.toml:5: settle.P-M-2.target: is not open: the sources say "< 0.8" is wrong',
        ),
        (
            '[settle."P-M-3"]\ngate = { op = "<", at = 0.7 }\n',
            's.toml:4: settle.P-M-3: there is no metric or deadline "P-M-3"; did you mean P-M-2?',
        ),
        (
            OWN + '[settle.own]\ngate = { op = "<", at = 1 }\n',
            's.toml:8: settle.own: "own" is a deadline; only metrics have limits',
        ),
    ],
)
def test_what_is_known_stays_as_it_is(settled: str, line: str) -> None:
    assert errors(settled) == [line]


def test_what_the_sources_say_may_be_said_again() -> None:
    assert (
        errors('[settle."P-M-2"]\ncounts = { bot = "no" }\ntarget = { op = "<", at = 0.8 }\n') == []
    )
