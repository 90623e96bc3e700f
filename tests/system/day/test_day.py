"""A day of each platform's shop, lived by the real gate, and its figures counted by hand.

`REPLYGATE_LONG=1 python -m pytest tests/system/day` has 2,000 buyers on each day.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from replygate.report.replay_metrics import figure_json, replay_figures
from replygate.report.report import StoreReport
from replygate.runtime.replay import Span, replay
from replygate.sidecar.figures import report_json
from replygate.timing.metrics.figure import Figure

from .book import Book, Count
from .command import main
from .figures import AT_LEAST, FIGURES, GATES, TARGETS, charges
from .live import CLOSE_MS, recorded
from .lived import EVENING, Day, day
from .script import Act
from .shop import DAY, SHOPS, at_ms, of_day
from .table import table

BUYERS = 2_000 if "REPLYGATE_LONG" in os.environ else 300

LATE_MS = 50
"""A tick of the timers."""

each_platform = pytest.mark.parametrize("platform", SHOPS)


Days = Callable[[str], Day]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    return cache(lambda platform: day(platform, BUYERS, str(tmp_path_factory.mktemp(platform))))


def readings(count: Count, value: str) -> tuple[float | None, float | None]:
    """The lower and the higher one."""
    match value:
        case "count":
            both = [float(count.units), float(count.lenient_units)]
        case "mean_s":
            both = [
                count.good / (count.units * 1000),
                count.lenient_good / (count.lenient_units * 1000),
            ]
        case _:
            if not count.units:
                return None, None
            both = [count.good / count.units, count.lenient_good / count.lenient_units]
    return min(both), max(both)


def agrees(figure: Figure, count: Count) -> None:
    name, value = figure.rule.id, figure.rule.value
    good = round(count.good / 1000) if value == "mean_s" else count.good
    assert (figure.numerator, figure.denominator) == (good, count.units), name
    assert (figure.low, figure.high) == readings(count, value), name
    gate, target = GATES.get(name), TARGETS.get(name)
    line = gate or target
    if value != "share" or not count.units:
        return
    assert figure.room == (None if line is None else line.room(count)), name
    enough = count.units >= AT_LEAST.get(name, 0)
    violated = enough and gate is not None and gate.is_bad(count.good, count.units)
    assert figure.violated == (None if gate is None else violated), name
    aim = target or gate
    if aim is not None and enough:
        assert figure.met == (not aim.is_bad(count.good, count.units)), name


def check_report(report: StoreReport, known: Book) -> None:
    counted = FIGURES[report.store.platform]
    shown = [metric for metric in report.metrics if not metric.external]
    assert {metric.rule.id for metric in shown} == counted.keys()
    for metric in shown:
        agrees(metric.today, counted[metric.rule.id](known))
    for rule, clock in zip(known.shop.deadlines, report.clocks, strict=True):
        count = known.clocks(rule)
        assert (clock.rule, clock.opened) == (rule.id, count.units)
        assert clock.missed == count.units - count.good, rule.id
        assert clock.surely_missed == count.lenient_units - count.lenient_good, rule.id
    assert [[*hour.buckets, hour.unanswered] for hour in report.waits] == known.waits()
    slowest = [(one.conversation, one.waited_ms if one.answered else -1) for one in report.slowest]
    assert slowest == known.slowest(len(slowest))
    assert report.messages_in == known.received()
    sent = Counter(
        {(one.agent, origin): number for one in report.agents for origin, number in one.messages}
    )
    assert sent == Counter({key: number for key, number in known.sent().items() if key[0]})
    assert report.messages_out == known.sent().total()
    told, verdicts = report.verdicts, known.verdicts()
    assert (told.passed, told.rewritten, told.blocked, told.elsewhere) == tuple(
        verdicts[name] for name in ("pass", "rewrite", "block", "elsewhere")
    )
    assert {(one.rule, one.action): one.texts for one in report.rules} == known.rules()


@each_platform
def test_the_report_of_the_day_is_what_is_counted_by_hand(platform: str, days: Days) -> None:
    lived = days(platform)
    check_report(lived.report, lived.book())


@each_platform
def test_so_is_the_report_of_the_evening(platform: str, days: Days) -> None:
    lived = days(platform)
    check_report(lived.lived.asides[EVENING], lived.book(EVENING))


@each_platform
def test_every_period_around_the_day_has_its_figures(platform: str, days: Days) -> None:
    lived = days(platform)
    on_the_day = {metric.rule.id: metric for metric in lived.report.metrics}
    for metric in lived.next_report.metrics:
        rule = metric.rule
        if not metric.external and rule.period != "day":
            # What lags a day behind shows the day on the next one.
            shown = metric if rule.lag_days else on_the_day[rule.id]
            agrees(shown.current, FIGURES[platform][rule.id](lived.book()))


@each_platform
def test_holding_replies_go_out_when_they_should_and_no_others(platform: str, days: Days) -> None:
    lived = days(platform)
    for chat, planned in zip(lived.chats, lived.plans, strict=True):
        went = lived.lived.holds.get(chat.name, [])
        assert len(went) == len(planned.holds), chat
        for hold, act in zip(planned.holds, went, strict=True):
            assert hold.first_ms <= act.at_ms <= hold.last_ms + LATE_MS, chat
    assert lived.holds, "a day without any shows nothing"


@each_platform
def test_every_message_of_ours_went_out_once(platform: str, days: Days) -> None:
    lived = days(platform)
    said = Counter(
        (chat.name, act.at_ms)
        for chat in lived.chats
        for act in (*chat.acts, *lived.lived.holds.get(chat.name, ()))
        if act.what in {"say", "hold"} and act.arrives
    )
    assert Counter((name, when_ms) for name, when_ms, _ in lived.lived.given) == said


@each_platform
def test_every_promise_is_kept_or_somebody_is_told(platform: str, days: Days) -> None:
    lived = days(platform)
    kept = Counter(hold.chat for hold in lived.holds if hold.kept)
    broken = Counter(hold.chat for hold in lived.holds if hold.kept is False)
    journal = lived.lived.journal.told
    assert kept == Counter(
        fields["conversation"] for event, fields in journal if event == "promise.kept"
    )
    assert broken == Counter(
        fields["conversation"] for event, fields in journal if event == "promise.broken"
    )
    assert broken == Counter(
        fields["conversation"]
        for event, fields in journal
        if event == "people.told" and fields["reason"] == "follow_up"
    )
    told, today = lived.report.holds, [hold for hold in lived.holds if of_day(hold.asked_ms)]
    assert (told.kept, told.broken) == (
        sum(hold.kept is True for hold in today),
        sum(hold.kept is False for hold in today),
    )
    went = [act for acts in lived.lived.holds.values() for act in acts]
    assert told.sent == sum(of_day(act.at_ms) for act in went)
    skipped = Counter(
        why for each in lived.plans for why, asked_ms in each.skipped if of_day(asked_ms)
    )
    assert dict(told.skipped) == skipped


@each_platform
def test_what_is_punished_is_charged(platform: str, days: Days) -> None:
    lived = days(platform)
    found = {charge.rule.id: charge.times for charge in lived.report.charges if charge.times}
    assert found == charges(platform, lived.book())


@each_platform
def test_the_api_gives_the_same_figures(platform: str, days: Days) -> None:
    lived = days(platform)
    answer = report_json(lived.report)
    for metric in lived.report.metrics:
        if not metric.external:
            told = answer["metrics"][metric.rule.id]
            assert figure_json(metric.current).items() <= told.items()


@each_platform
def test_a_replay_of_the_record_gives_the_same_metrics(platform: str, days: Days) -> None:
    lived = days(platform)
    events = recorded(lived.store.id, lived.chats, lived.lived.holds)
    replayed = replay_figures(lived.store, events, Span(DAY, DAY))
    on_the_next = {metric.rule.id: metric for metric in lived.next_report.metrics}
    for metric in (*lived.report.metrics, *lived.report.deadlines):
        name = metric.rule.id
        if not metric.external:
            (figure,) = replayed[name]
            # A recording has no next day on which what lags behind would be shown.
            lags = metric.rule.period != "day" and metric.rule.lag_days
            shown = on_the_next[name] if lags else metric
            assert figure_json(figure) == figure_json(shown.current)


@each_platform
def test_a_replay_without_holds_sends_the_same_ones(platform: str, days: Days) -> None:
    lived = days(platform)
    played = replay(lived.store, recorded(lived.store.id, lived.chats, {}))
    went = [
        (hold.conversation, hold.rule, hold.sent_ms)
        for hold in played.holds
        if hold.sent_ms < CLOSE_MS
    ]
    assert sorted(went) == sorted((hold.chat, hold.rule, hold.last_ms) for hold in lived.holds)


@each_platform
def test_the_table_has_a_row_for_every_figure(platform: str, days: Days) -> None:
    rows = table(days(platform))
    assert {row.split("|")[1].split()[0] for row in rows[4:]} >= FIGURES[platform].keys()
    assert all(row.split("|")[3].strip() == row.split("|")[4].strip() for row in rows[4:])


def test_the_day_has_everything_in_it(days: Days) -> None:
    kinds = Counter[str]()
    for platform in SHOPS:
        for chat in days(platform).chats:
            kinds.update(act.what for act in chat.acts)
            kinds.update("twice" for act in chat.acts if act.twice)
            kinds.update("late" for act in chat.acts if act.late_ms)
            kinds.update("night" for act in chat.acts if not _awake(act))
    wanted = {"ask", "say", "typed", "auto", "move", "open", "close", "mark", "rate"}
    assert kinds.keys() == wanted | {"twice", "late", "night"}
    assert min(kinds.values()) >= 10


def _awake(act: Act) -> bool:
    return at_ms("08:00:00") <= act.at_ms < at_ms("23:00:00")


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    main(30, ["tmall"])
    told = capsys.readouterr().out
    assert told.startswith("**天猫演示店**, 30 buyers, ")
    assert "| TM-D-01 15秒首次回应 | in time | " in told
