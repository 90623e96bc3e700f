from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from replygate.config import check_file, load_store
from replygate.timing.calendar import Interval, Window
from replygate.timing.deadline import Counts
from replygate.timing.metrics.rule import Limit, MetricRule, PenaltyRule, RatingCount

TODAY = dt.date(2026, 11, 22)
STORE = 'id = "s"\nplatform = "p.toml"\nedition = "current"\n'

METRIC = """
[[metric]]
id = "P-M-1"
name = "reply rate"
unit = "user_day"
answered = "all"
within_s = 300
inclusive = false
windows = ["08:00-23:00"]
anchor = "session"
counts = { bot = "no", hold = "no" }
period = "week"
target = { op = "<", at = 0.9 }
gate = { op = "<=", at = 0.7, disputed = true }
min_sample = 100
min_inclusive = false
source = "the platform's terms"
quote = "within five minutes"
reliability = "official"
as_of = 2026-01-02
note = "a note"
conflicts = ["P-M-2"]
effective_from = 2026-01-01
effective_to = 2027-01-01
"""

PENALTY = """
[[penalty]]
id = "P-X-1"
name = "too slow"
on_metrics = ["P-M-1"]
on_deadlines = ["P-D-1"]
on_findings = ["insult"]
gate = { op = "<", at = 0.5 }
min_sample = 100
points = 2
fine = [100, 300.5]
says = "a warning"
tiers = [{ count = 3, says = "a warning" }, { count = 10, says = "a fine" }]
period = "month"
once_per_period = true
cap = 25
cap_says = "closed"
at_most = 30
source = "the platform's terms"
quote = "two points each"
editions = ["current"]
"""


def put(more: str) -> None:
    path = Path("p.toml")
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    Path("s.toml").write_text(STORE, "utf-8")


def said(more: str) -> list[str]:
    put(more)
    problems = check_file("s.toml", today=TODAY).problems
    return [str(problem) for problem in problems if problem.level == "error"]


def test_a_metric_is_what_its_entry_says() -> None:
    put(METRIC)
    (metric,) = load_store("s.toml", today=TODAY).metrics
    assert metric == MetricRule(
        id="P-M-1",
        name="reply rate",
        unit="user_day",
        source="the platform's terms",
        answered="all",
        within_s=300,
        inclusive=False,
        window=Window((Interval(8 * 3600, 23 * 3600),), anchor="session"),
        counts=Counts(bot="no", hold="no"),
        period="week",
        target=Limit("<", 0.9),
        gate=Limit("<=", 0.7, disputed=True),
        min_sample=100,
        min_inclusive=False,
        reliability="official",
        as_of=dt.date(2026, 1, 2),
        quote="within five minutes",
        note="a note",
        conflicts=("P-M-2",),
        effective_from=dt.date(2026, 1, 1),
        effective_to=dt.date(2027, 1, 1),
    )


def test_a_penalty_is_what_its_entry_says() -> None:
    put(METRIC + PENALTY)
    (penalty,) = load_store("s.toml", today=TODAY).penalties
    assert penalty == PenaltyRule(
        id="P-X-1",
        name="too slow",
        source="the platform's terms",
        on_metrics=("P-M-1",),
        on_deadlines=("P-D-1",),
        on_findings=("insult",),
        gate=Limit("<", 0.5),
        min_sample=100,
        points=2,
        fine=(100, 300.5),
        says="a warning",
        tiers=((3, "a warning"), (10, "a fine")),
        period="month",
        once_per_period=True,
        cap=25,
        cap_says="closed",
        at_most=30,
        quote="two points each",
    )


def test_a_metric_of_ratings_says_which() -> None:
    put(
        '[[metric]]\nid = "r"\nname = "r"\nunit = "rating"\nsource = "t"\n'
        'rating = { labels = ["satisfied"], of = "cards", of_labels = ["satisfied", "average"] }\n'
    )
    (metric,) = load_store("s.toml", today=TODAY).metrics
    assert metric.rating == RatingCount(
        ("satisfied",), of="cards", of_labels=("satisfied", "average")
    )


def test_a_store_s_own_metric_is_soft_and_its_source_the_file() -> None:
    own = '[[metric]]\nid = "m"\nname = "n"\nunit = "session"\nwithin_s = 30\n'
    Path("s.toml").write_text(STORE + own, "utf-8")
    (metric,) = load_store("s.toml", today=TODAY).metrics
    assert (metric.severity, metric.source, metric.reliability) == ("soft", "s.toml", "own")
    assert metric.counts == Counts(bot="yes", hold="no")


def test_a_group_s_metrics_and_the_store_s_add_up() -> None:
    metric = '[[metric]]\nid = "{}"\nname = "n"\nunit = "session"\nwithin_s = 30\n'
    Path("g.toml").write_text(metric.format("a"), "utf-8")
    Path("s.toml").write_text('extends = "g.toml"\n' + STORE + metric.format("b"), "utf-8")
    assert [rule.id for rule in load_store("s.toml", today=TODAY).metrics] == ["a", "b"]


@pytest.mark.parametrize(
    ("status", "loaded", "judged"),
    [
        ("active", True, True),
        ("conflict", True, False),
        ("superseded", False, False),
        ("suspect_typo", False, False),
    ],
)
def test_what_is_in_doubt_judges_nothing(status: str, loaded: bool, judged: bool) -> None:
    put(METRIC + f'status = "{status}"\n')
    metrics = load_store("s.toml", today=TODAY).metrics
    assert len(metrics) == loaded
    assert all((metric.gate is not None) == judged for metric in metrics)
    assert all((metric.target is not None) == judged for metric in metrics)


@pytest.mark.parametrize("status", ["conflict", "superseded", "suspect_typo"])
def test_a_penalty_or_deadline_in_doubt_is_not_used(status: str) -> None:
    doubt = f'status = "{status}"\n'
    deadline = '[[deadline]]\nid = "D"\nname = "n"\ndue_s = 5\nsource = "t"\n'
    put(METRIC + PENALTY + doubt + deadline + doubt)
    store = load_store("s.toml", today=TODAY)
    assert store.penalties == ()
    assert [rule.id for rule in store.deadlines] == ["P-D-1"]


BASE = '[[metric]]\nid = "m"\nname = "n"\nsource = "t"\n'
FINED = '[[penalty]]\nid = "x"\nname = "n"\nsource = "t"\n'


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            BASE + 'unit = "user_day"\n',
            "metric[0]: expected within_s; a share is of what was in time",
        ),
        (BASE + 'unit = "rating"\n', ".rating: is missing"),
        (
            BASE + 'unit = "session"\nwithin_s = 5\nrating = { labels = ["average"] }\n',
            '.rating: is for unit = "rating" alone',
        ),
        (
            BASE + 'unit = "duty"\nwithin_s = 5\n',
            '.within_s: nothing is answered where unit = "duty"; leave within_s out',
        ),
        (
            BASE + 'unit = "round"\nwithin_s = 5\nsince = "transfer"\n',
            '.since: is for unit = "session" alone',
        ),
        (
            BASE + 'unit = "sesion"\nwithin_s = 5\n',
            (
                ".unit: expected one of user_day, session, round, message, transfer, rating, "
                'duty, external; got the string "sesion"; did you mean session?'
            ),
        ),
        (
            BASE + 'unit = "duty"\ngate = { op = "=", at = 1 }\n',
            '.gate.op: expected one of <, <=, >, >=; got the string "="; did you mean >=?',
        ),
        (
            BASE + 'unit = "duty"\neffective_from = 2026-01-01\neffective_to = 2026-01-01\n',
            ".effective_to: 2026-01-01 is not after effective_from",
        ),
        (
            BASE + 'unit = "duty"\neditions = ["curent"]\n',
            '.editions[0]: there is no edition "curent"; did you mean current?',
        ),
        (
            BASE + 'unit = "duty"\ntopic = "weather"\n',
            'the metric "m" is for the topic "weather", which is not defined',
        ),
        (
            BASE + f'unit = "duty"\nquote = "{"x" * 41}"\n',
            ".quote: has 41 characters; at most 40 are allowed",
        ),
        (
            FINED + "fine = [300, 100]\n",
            ".fine: expected two amounts, from and to; write fine = [100, 300]",
        ),
        (
            FINED + "fine = [300]\n",
            ".fine: expected two amounts, from and to; write fine = [100, 300]",
        ),
        (FINED + "fine = 300\n", ".fine: expected a list of numbers, got the number 300"),
        (
            FINED + 'tiers = "3"\n',
            ".tiers: expected a list of tables, got a string; write [[penalty.tiers]]",
        ),
        (
            FINED + 'tiers = [{ count = 3, says = "a" }, { count = 3, says = "b" }]\n',
            ".tiers[1].count: 3 is not above the tier before, which starts at 3",
        ),
        (
            FINED + 'on_deadlines = ["P-D-2"]\neditions = ["current"]\n',
            'the penalty "x" is for the deadline "P-D-2", which is not there; did you mean P-D-1?',
        ),
        (
            FINED + 'on_metrics = ["m"]\n',
            'the penalty "x" is for the metric "m", which is not there',
        ),
    ],
)
def test_a_bad_entry_gets_one_clear_line(entry: str, expected: str) -> None:
    (line,) = said(entry)
    assert line.startswith("p.toml:")
    assert line.endswith(expected)


def test_an_id_stands_once_among_platform_and_store() -> None:
    put(METRIC)
    own = '[[metric]]\nid = "P-M-1"\nname = "n"\nunit = "session"\nwithin_s = 30\n'
    Path("s.toml").write_text(STORE + own, "utf-8")
    (problem,) = check_file("s.toml", today=TODAY).problems
    assert problem.what == 'the metric "P-M-1" is defined twice'
