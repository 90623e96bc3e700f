"""What each platform measures and takes: the numbers, written out once more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from replygate.config import load_store
from replygate.config.store import Store
from replygate.timing.calendar import Interval
from replygate.timing.deadline import Counts
from replygate.timing.metrics.rule import Limit, MetricRule, PenaltyRule

Table = dict[str, Any]

PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")
EDITIONS = ("sources-2023", "current")
ADS = "ad_reported"
HUMAN = Counts(human="yes", bot="no", hold="no", platform="no")
OPEN = Counts(human="yes", bot="unknown", hold="unknown", platform="no")
EITHER = Counts(human="yes", bot="yes", hold="unknown", platform="no")
DAY, EVE, LATE, WORK = (8, 23), (9, 23), (8, 24), (9, 18)
BOTH, OLD, NEW = EDITIONS, EDITIONS[:1], EDITIONS[1:]


@cache
def store(platform: str, edition: str) -> Store:
    return load_store(f"demo-{platform}", settings=(f"edition={edition}",))


def metric(platform: str, name: str, edition: str) -> MetricRule:
    return {rule.id: rule for rule in store(platform, edition).metrics}[name]


def penalty(platform: str, name: str, edition: str = "sources-2023") -> PenaltyRule:
    return {rule.id: rule for rule in store(platform, edition).penalties}[name]


# Id, platform, editions; unit, what of it is answered, seconds, hours, anchor, period, who counts.
WAITS = [
    ("PDD-M-01", "pdd", BOTH, "user_day", "all", 3600, DAY, "message", "day", OPEN),
    ("PDD-M-05", "pdd", BOTH, "user_day", "all", 300, DAY, "message", "day", OPEN),
    ("PDD-M-06", "pdd", BOTH, "user_day", "all", 300, DAY, "message", "day", OPEN),
    ("PDD-X-05", "pdd", BOTH, "user_day", "all", 3600, DAY, "message", "day", OPEN),
    ("PDD-X-06", "pdd", BOTH, "user_day", "all", 3600, DAY, "message", "day", OPEN),
    ("OUT-PDD-01", "pdd", NEW, "user_day", "all", 180, DAY, "message", "day", HUMAN),
    ("OUT-PDD-01.30s", "pdd", NEW, "session", "first", 30, DAY, "message", "day", OPEN),
    ("OUT-PDD-03", "pdd", NEW, "user_day", "first", 300, DAY, "message", "day", EITHER),
    ("DY-M-01", "douyin", OLD, "session", "first", 120, (), "message", "half_month", HUMAN),
    ("DY-M-02", "douyin", OLD, "session", "mean", 180, (), "message", "half_month", HUMAN),
    ("OUT-DY-12", "douyin", NEW, "round", "first", 180, DAY, "message", "rolling_30", HUMAN),
    ("KS-M-01", "kuaishou", BOTH, "user_day", "first", 180, LATE, "message", "day", OPEN),
    ("KS-M-03", "kuaishou", BOTH, "user_day", "first", 180, LATE, "message", "week", OPEN),
    ("KS-M-04", "kuaishou", BOTH, "user_day", "first", 180, LATE, "message", "rolling_30", OPEN),
    ("OUT-KS-02", "kuaishou", NEW, "user_day", "first", 900, DAY, "message", "day", OPEN),
    ("JD-D-01", "jd", OLD, "session", "first", 30, WORK, "session", "day", OPEN),
    ("OUT-JD-01", "jd", NEW, "session", "first", 30, EVE, "session", "day", OPEN),
    ("OUT-JD-03", "jd", NEW, "session", "first", 180, (), "message", "month", HUMAN),
    ("XHS-M-01", "xiaohongshu", BOTH, "session", "first", 180, EVE, "session", "rolling_7", OPEN),
    ("OUT-XHS-01", "xiaohongshu", NEW, "session", "first", 180, EVE, "session", "rolling_7", HUMAN),
    ("TM-D-01", "tmall", BOTH, "session", "first", 15, (), "message", "day", OPEN),
    ("TM-M-01", "tmall", BOTH, "session", "first", 15, (), "message", "week", OPEN),
    ("OUT-TB-01", "tmall", NEW, "round", "first", 180, DAY, "message", "rolling_30", HUMAN),
]

# Id, platform; period, hours, who counts, what an unanswered one weighs.
MEANS = [
    ("OUT-PDD-01.mean", "pdd", "day", DAY, HUMAN, None),
    ("OUT-DY-01", "douyin", "rolling_30", DAY, HUMAN, 600),
    ("OUT-JD-01.mean", "jd", "day", EVE, OPEN, None),
    ("TM-D-01.mean", "tmall", "day", (), OPEN, None),
]

# Id, platform, target, gate, smallest sample and whether it counts itself.
LIMITS = [
    ("PDD-M-01", "pdd", None, Limit("<", 0.5), 100, True),
    ("PDD-X-05", "pdd", None, Limit("<", 0.5), 100, True),
    ("PDD-X-06", "pdd", None, Limit("<", 0.5), 100, False),
    ("PDD-M-05", "pdd", None, None, 0, True),
    ("PDD-M-06", "pdd", Limit("<", 0.8), None, 0, True),
    ("PDD-M-09", "pdd", Limit("<", 0.5), None, 0, True),
    ("OUT-PDD-03", "pdd", None, None, 0, True),
    ("DY-M-01", "douyin", None, Limit("<", 0.85), 0, True),
    ("DY-M-02", "douyin", None, Limit("<", 0.8), 0, True),
    ("DY-M-03", "douyin", None, Limit("<", 0.8), 0, True),
    ("OUT-DY-01", "douyin", None, None, 0, True),
    ("KS-M-01", "kuaishou", None, None, 0, True),
    ("KS-M-03", "kuaishou", None, Limit("<=", 0.7, disputed=True), 0, True),
    ("KS-M-04", "kuaishou", Limit("<", 0.9), None, 0, True),
    ("KS-M-06", "kuaishou", Limit("<", 0.9), Limit("<=", 0.8, disputed=True), 0, True),
    ("KS-M-08", "kuaishou", None, None, 0, True),
    ("OUT-KS-02", "kuaishou", None, None, 0, True),
    ("JD-D-01", "jd", None, None, 0, True),
    ("OUT-JD-02", "jd", None, Limit(">=", 0.5), 0, True),
    ("XHS-M-01", "xiaohongshu", None, None, 0, True),
    ("XHS-M-02", "xiaohongshu", None, None, 0, True),
    ("OUT-XHS-01", "xiaohongshu", Limit("<", 0.9), Limit("<=", 0.5), 0, True),
    ("TM-D-01.mean", "tmall", Limit(">", 15), None, 0, True),
]

# Id, platform, edition; points, fine, at most, from which sum, tiers, period.
TAKEN = [
    ("PDD-X-01", "pdd", 0, 30, None, None, None, (), "rolling_30"),
    ("PDD-X-02", "pdd", 0, 10, None, None, None, (), "rolling_30"),
    ("PDD-X-04", "pdd", 0, None, None, None, None, (3,), "rolling_30"),
    ("PDD-X-05", "pdd", 0, None, (1000, 1000), None, None, (), "day"),
    ("PDD-X-07", "pdd", 0, None, (100, 100), None, None, (), "rolling_30"),
    ("PDD-X-08", "pdd", 0, None, (100_000, 100_000), None, None, (), "rolling_30"),
    ("PDD-X-09", "pdd", 0, None, (100_000, 100_000), None, None, (), "rolling_30"),
    ("OUT-DY-02", "douyin", 1, 3, None, 15, None, (), "rolling_30"),
    ("OUT-DY-02.invoice", "douyin", 1, 2, None, 10, None, (), "rolling_30"),
    ("OUT-DY-07", "douyin", 1, None, None, None, None, (3, 10, 15), "week"),
    ("KS-X-02", "kuaishou", 0, None, (100, 300), None, None, (), "week"),
    ("KS-X-03", "kuaishou", 0, None, (500, 1000), None, None, (), "week"),
    ("JD-X-03", "jd", 0, 2, None, None, 25, (), "rolling_30"),
    ("JD-X-03", "jd", 1, 2, None, None, 25, (), "rolling_30"),
    ("OUT-JD-02", "jd", 1, 2, None, None, None, (), "month"),
    ("OUT-JD-03", "jd", 1, None, (500, 500), None, None, (), "month"),
    ("XHS-F-01", "xiaohongshu", 0, 5, None, None, None, (), "month"),
    ("XHS-F-02", "xiaohongshu", 0, 25, None, None, None, (), "month"),
    ("XHS-F-03", "xiaohongshu", 0, 25, None, None, None, (), "month"),
    ("XHS-F-04", "xiaohongshu", 0, 25, None, None, None, (), "month"),
    ("XHS-F-05", "xiaohongshu", 0, 25, None, None, None, (), "month"),
    ("XHS-F-06", "xiaohongshu", 0, 25, None, None, None, (), "month"),
    ("XHS-T-01", "xiaohongshu", 0, 10, None, None, None, (), "month"),
    ("XHS-P-01", "xiaohongshu", 0, 2, None, None, None, (), "month"),
    ("XHS-P-02", "xiaohongshu", 0, None, None, None, None, (3,), "month"),
    ("XHS-X-01", "xiaohongshu", 0, 25, None, None, None, (), "month"),
    ("OUT-TB-03", "tmall", 1, 4, (500, 500), None, None, (), "rolling_30"),
]

# Deadlines of the newer edition: id, platform, opens, seconds, hours, anchor, who counts.
NEWER = [
    ("OUT-PDD-01", "pdd", "message", 180, DAY, "message", HUMAN),
    ("OUT-DY-01", "douyin", "turn", 600, DAY, "session", HUMAN),
    ("OUT-DY-12", "douyin", "turn", 180, DAY, "message", HUMAN),
    ("OUT-JD-01", "jd", "turn", 30, EVE, "session", OPEN),
    ("OUT-TB-01", "tmall", "turn", 180, DAY, "message", HUMAN),
]


def hours(span: tuple[int, ...]) -> tuple[Interval, ...]:
    return (Interval(*(hour * 3600 for hour in span)),) if span else ()


@pytest.mark.parametrize("row", WAITS, ids=lambda row: row[0])
def test_what_is_in_time(row: tuple[Any, ...]) -> None:
    name, platform, editions, *expected, span, anchor, period, counts = row
    for edition in editions:
        rule = metric(platform, name, edition)
        assert [rule.unit, rule.answered, rule.within_s] == expected
        assert (rule.value, rule.inclusive, rule.period) == ("share", True, period)
        assert (rule.window.intervals, rule.window.anchor) == (hours(span), anchor)
        assert rule.counts == counts
        assert rule.since == ("transfer" if platform == "douyin" and edition in OLD else "question")
    for edition in set(EDITIONS) - set(editions):
        assert name not in {rule.id for rule in store(platform, edition).metrics}


@pytest.mark.parametrize(("name", "platform", "period", "span", "counts", "unanswered_s"), MEANS)
def test_mean_waits(
    name: str,
    platform: str,
    period: str,
    span: tuple[int, ...],
    counts: Counts,
    unanswered_s: int | None,
) -> None:
    rule = metric(platform, name, "current")
    assert (rule.value, rule.unit, rule.period) == ("mean_s", "round", period)
    assert (rule.window.intervals, rule.counts) == (hours(span), counts)
    assert (rule.unanswered_s, rule.higher_is_better) == (unanswered_s, False)


@pytest.mark.parametrize(("name", "platform", "target", "gate", "sample", "itself"), LIMITS)
def test_limits(
    name: str, platform: str, target: Limit | None, gate: Limit | None, sample: int, itself: bool
) -> None:
    edition = "current" if name.startswith("OUT-") else "sources-2023"
    rule = metric(platform, name, edition)
    assert (rule.target, rule.gate) == (target, gate)
    assert (rule.min_sample, rule.min_inclusive) == (sample, itself)


@pytest.mark.parametrize("row", TAKEN, ids=lambda row: f"{row[0]}-{EDITIONS[row[2]]}")
def test_what_is_taken(row: tuple[Any, ...]) -> None:
    name, platform, edition, points, fine, at_most, cap, tiers, period = row
    rule = penalty(platform, name, EDITIONS[edition])
    assert (rule.points, rule.fine, rule.at_most, rule.cap) == (points, fine, at_most, cap)
    assert (tuple(count for count, _ in rule.tiers), rule.period) == (tiers, period)


@pytest.mark.parametrize(("name", "platform", "opens", "due_s", "span", "anchor", "counts"), NEWER)
def test_the_newer_deadlines(
    name: str,
    platform: str,
    opens: str,
    due_s: int,
    span: tuple[int, ...],
    anchor: str,
    counts: Counts,
) -> None:
    rules = {rule.id: rule for rule in store(platform, "current").deadlines}
    rule = rules[name]
    assert (rule.opens, rule.due_s, rule.counts) == (opens, due_s, counts)
    assert (rule.window.intervals, rule.window.anchor) == (hours(span), anchor)
    assert rule.severity == "hard"


def test_the_old_clocks_of_douyin_and_jd_do_not_run_on() -> None:
    assert [rule.id for rule in store("douyin", "current").deadlines] == ["OUT-DY-01", "OUT-DY-12"]
    assert [rule.id for rule in store("jd", "current").deadlines] == ["OUT-JD-01"]


def test_ratings() -> None:
    stars = metric("douyin", "DY-M-03", "sources-2023")
    assert stars.rating
    assert (stars.unit, stars.rating.min_stars, stars.period) == ("rating", 4, "half_month")
    assert stars.rating.labels == ("satisfied",)
    for name, of, of_labels, period in (
        ("KS-M-05", "rated", ("satisfied", "average", "disappointed"), "day"),
        ("KS-M-06", "rated", ("satisfied", "average", "disappointed"), "week"),
        ("KS-M-07", "cards", (), "rolling_30"),
    ):
        rule = metric("kuaishou", name, "sources-2023")
        assert rule.rating
        assert (rule.rating.labels, rule.rating.of) == (("satisfied",), of)
        assert (rule.rating.of_labels, rule.period) == (of_labels, period)
    rude = metric("kuaishou", "KS-M-08", "sources-2023")
    assert rude.rating
    assert rude.rating.labels == rude.rating.of_labels == ("average", "disappointed")
    assert (rude.rating.reasons, rude.period) == (("服务态度差",), "month")
    unhappy = metric("xiaohongshu", "XHS-M-02", "sources-2023")
    assert unhappy.rating
    assert (unhappy.rating.labels, unhappy.rating.max_stars) == (("disappointed",), 2)
    assert (unhappy.period, unhappy.higher_is_better) == ("month", False)
    solved = metric("tmall", "OUT-TB-02", "current")
    assert solved.rating
    assert (solved.rating.labels, solved.rating.min_stars) == (("satisfied",), 4)
    assert (solved.rating.excluded_reasons, solved.period) == (("未解决",), "rolling_30")


def test_counts_and_days() -> None:
    asked = metric("pdd", "PDD-M-10", "sources-2023")
    served = metric("pdd", "PDD-M-03", "sources-2023")
    assert (asked.unit, asked.value, asked.window.intervals, asked.lag_days) == (
        *("user_day", "count", ()),
        3,
    )
    assert (served.unit, served.value, served.window.intervals) == ("user_day", "count", hours(DAY))
    assert metric("xiaohongshu", "XHS-M-01", "sources-2023").lag_days == 1
    online = metric("jd", "JD-D-02", "sources-2023")
    assert (online.unit, online.window.intervals) == ("duty", hours(WORK))
    assert metric("pdd", "PDD-M-09", "sources-2023").unit == "external"


@pytest.mark.parametrize(
    ("platform", "name", "cause"),
    [
        ("pdd", "PDD-X-02", ((), ("PDD-D-06", "PDD-D-07"))),
        ("pdd", "PDD-X-05", (("PDD-M-01",), ())),
        ("pdd", "PDD-X-11", (("PDD-M-05",), ())),
        ("douyin", "DY-X-03", (("DY-M-01", "DY-M-02", "DY-M-03"), ())),
        ("kuaishou", "KS-X-01", (("KS-M-03", "KS-M-06"), ())),
        ("jd", "JD-X-03", (("JD-D-01",), ())),
        ("xiaohongshu", "XHS-M-03", (("XHS-M-01", "XHS-M-02"), ())),
    ],
)
def test_what_is_punished(
    platform: str, name: str, cause: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    rule = penalty(platform, name)
    assert (rule.on_metrics, rule.on_deadlines) == cause
    assert rule.once_per_period == (name == "XHS-M-03")


def test_a_fine_that_the_official_text_contradicts_is_not_charged() -> None:
    assert "PDD-X-06" not in {rule.id for rule in store("pdd", "current").penalties}
    official = penalty("pdd", "PDD-X-05")
    assert (official.gate, official.min_sample, official.min_inclusive) == (
        Limit("<", 0.5),
        *(100, True),
    )


@pytest.mark.parametrize(("platform", "name"), [("douyin", "OUT-DY-11")])
def test_what_was_superseded_is_on_record_only(
    platform: str, name: str, read_packaged: Callable[[str, str], Table]
) -> None:
    for edition in EDITIONS:
        assert name not in {rule.id for rule in store(platform, edition).metrics}
    (entry,) = (m for m in read_packaged("platforms", platform)["metric"] if m["id"] == name)
    assert entry["status"] == "superseded"


def test_no_misprint_is_a_threshold() -> None:
    # PDD-M-14: 5 % stands beside 50 % in the same paragraph.
    for edition in EDITIONS:
        for rule in store("pdd", edition).metrics:
            assert all(one is None or one.at != 0.05 for one in (rule.target, rule.gate))


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_needs_no_reply(edition: str) -> None:
    # PDD-D-12, PDD-D-13, JD-D-03.
    assert store("pdd", edition).excuses == {"recall", "platform_spam", "platform_no_reply_needed"}
    for platform in PLATFORMS[1:]:
        assert ADS in store(platform, edition).excuses
    # OUT-JD-02.
    assert store("jd", edition).session_gap_s == 600


@pytest.mark.parametrize("platform", PLATFORMS)
def test_soft_wishes_are_none_of_the_platform_s(platform: str) -> None:
    for edition in EDITIONS:
        for rule in store(platform, edition).metrics:
            wish = rule.id.startswith("TM-") or rule.id == "OUT-XHS-01"
            assert rule.severity == ("soft" if wish else "hard"), rule.id


def test_the_general_platform_measures_a_wish_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('id = "s"\n', "utf-8")
    (rule,) = load_store(path).metrics
    assert (rule.id, rule.within_s, rule.severity) == ("GEN-D-01", 30, "soft")


@pytest.mark.parametrize("platform", [*PLATFORMS, "general"])
def test_every_number_has_its_source(
    platform: str, read_packaged: Callable[[str, str], Table]
) -> None:
    profile = read_packaged("platforms", platform)
    for kind in ("deadline", "metric", "penalty"):
        for entry in profile.get(kind, ()):
            assert 0 < len(entry["quote"]) <= 40, entry["id"]
            assert entry["reliability"], entry["id"]
            dated = isinstance(entry.get("as_of"), dt.date)
            assert dated == ("日期不详" not in entry["source"]), entry["id"]


def test_every_metric_and_penalty_is_written_down_here() -> None:
    told = {row[:2] for row in (*WAITS, *MEANS, *LIMITS, *TAKEN)}
    told |= {("DY-X-03", "douyin"), ("KS-X-01", "kuaishou"), ("PDD-X-11", "pdd")}
    told |= {("KS-M-05", "kuaishou"), ("KS-M-07", "kuaishou"), ("OUT-TB-02", "tmall")}
    told |= {("PDD-M-03", "pdd"), ("PDD-M-10", "pdd"), ("JD-D-02", "jd"), ("JD-X-01", "jd")}
    told |= {(f"XHS-{name}", "xiaohongshu") for name in ("M-03", "X-02", "X-03")}
    held = {
        (rule.id, platform)
        for platform in PLATFORMS
        for edition in EDITIONS
        for rule in store(platform, edition).metrics
    }
    held |= {
        (rule.id, platform)
        for platform in PLATFORMS
        for edition in EDITIONS
        for rule in store(platform, edition).penalties
    }
    assert held == told
