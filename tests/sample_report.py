"""A report of invented figures: a month of a small shop, and texts that mean harm."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from recorded import ms
from replygate.config import load_store
from replygate.report.report import (
    WAIT_BUCKETS_S,
    AgentReport,
    ClockCounts,
    Example,
    HoldCounts,
    HourWaits,
    MetricReport,
    MissedClocks,
    RuleCount,
    SlowConversation,
    StoreReport,
    VerdictCounts,
)
from replygate.timing.deadline import Counts
from replygate.timing.metrics.figure import Charge, Figure, Period
from replygate.timing.metrics.rule import Limit, MetricRule, PenaltyRule

TODAY = dt.date(2026, 11, 20)
FIRST = dt.date(2026, 10, 22)
HOSTILE = "<script>alert('x')</script> & \"$\\frac{1}{2}$\""

ALL_DAY_RATE = MetricRule(
    "PDD-M-01",
    "当日有效回复率",
    "user_day",
    "拼多多商家客服规则 3.2",
    answered="all",
    within_s=3600,
    counts=Counts(bot="no", hold="no"),
    target=Limit("<", 0.8),
    gate=Limit("<", 0.5),
    min_sample=10,
    reliability="official-copy",
    as_of=dt.date(2022, 7, 22),
)
FAST_RATE = MetricRule(
    "PDD-M-06",
    "5分钟回复率",
    "user_day",
    "拼多多客服回复率问答",
    within_s=300,
    counts=Counts(bot="unknown", hold="unknown"),
    period="week",
    target=Limit("<", 0.9),
    gate=Limit("<=", 0.8, disputed=True),
    as_of=dt.date(2023, 3, 3),
)
MEAN_WAIT = MetricRule(
    "OUT-PDD-05",
    "平均回复时长",
    "round",
    "商家后台说明",
    value="mean_s",
    answered="mean",
    period="rolling_7",
    target=Limit(">", 45),
    higher_is_better=False,
    reliability="third-party",
    as_of=dt.date(2025, 6, 1),
)
BAD_RATINGS = MetricRule(
    "PDD-M-07",
    "不满意评价",
    "rating",
    "拼多多服务态度体验分解读",
    value="share",
    period="rolling_30",
    gate=Limit(">", 0.06),
    min_sample=30,
    higher_is_better=False,
    as_of=dt.date(2023, 11, 27),
)


def figure(rule: MetricRule, good: int, units: int, first: dt.date, last: dt.date) -> Figure:
    """A figure of a share with nothing special about it; tests change what they look at."""
    rate = good / units if units else None
    return Figure(
        rule=rule,
        period=Period(first, last),
        numerator=good,
        denominator=units,
        rate=rate,
        low=rate,
        high=rate,
        value_s=None,
        assessed=units >= max(rule.min_sample, 1),
        met=None if rate is None else True,
        violated=None if rate is None else False,
        boundary=False,
        room=None,
        heading_for=None,
    )


def days() -> list[dt.date]:
    return [FIRST + dt.timedelta(days=number) for number in range((TODAY - FIRST).days + 1)]


def wobbling() -> list[tuple[dt.date, int]]:
    """Every day, and by how much it is better than today."""
    wobble = (1, 2, 3, 1, 2, 4, 3, 2, 4, 3, 1, 0, -1, 0, -2, -1, -3, -2, 0, 1, -1, 0, 2, 1, 0, 2)
    return list(zip(days(), (*wobble, 1, -1, 1, 0), strict=True))


def metrics() -> tuple[MetricReport, ...]:
    """One good, one below its target with readings that differ, a mean, one without a sample."""
    daily = [figure(ALL_DAY_RATE, 34 + more, 41, day, day) for day, more in wobbling()]
    good = MetricReport(
        ALL_DAY_RATE,
        replace(daily[-1], room=14),
        figure(ALL_DAY_RATE, 1080, 1230, FIRST, TODAY),
        replace(daily[-1], room=14, heading_for=0.86),
        (*daily[:-1], replace(daily[-1], room=14)),
        tuple(daily),
    )
    fast = [figure(FAST_RATE, 35 + more, 41, day, day) for day, more in wobbling()]
    fast = [replace(one, low=one.rate, high=min((one.rate or 0) + 0.1, 1)) for one in fast]
    week = replace(
        figure(FAST_RATE, 172, 205, dt.date(2026, 11, 16), dt.date(2026, 11, 22)),
        high=0.871,
        met=False,
        room=8,
        heading_for=0.853,
    )
    means = [
        replace(figure(MEAN_WAIT, 0, 60, day, day), rate=None, low=38.0, high=38.0, value_s=38.0)
        for day in days()
    ]
    means = [
        replace(one, value_s=39.0 + more) for one, (_, more) in zip(means, wobbling(), strict=True)
    ]
    rolling = replace(
        means[-1], period=Period(dt.date(2026, 11, 14), TODAY), denominator=402, value_s=36.4
    )
    ratings = [figure(BAD_RATINGS, 0, 0, day, day) for day in days()]
    bad = replace(figure(BAD_RATINGS, 1, 12, FIRST, TODAY), assessed=False, met=None)
    return (
        good,
        MetricReport(FAST_RATE, replace(fast[-1], met=False), week, week, (week,), tuple(fast)),
        MetricReport(MEAN_WAIT, means[-1], rolling, rolling, (rolling,), tuple(means)),
        MetricReport(BAD_RATINGS, ratings[-1], bad, bad, (bad,), tuple(ratings)),
    )


def hours() -> tuple[HourWaits, ...]:
    """Busy before noon and in the evening."""
    busy = [0, 0, 0, 0, 0, 0, 1, 3, 22, 48, 61, 52, 31, 38, 44, 40, 36, 33, 41, 58, 66, 49, 27, 6]
    spread = (0.42, 0.2, 0.14, 0.1, 0.06, 0.04)
    rows = []
    for hour, asked in enumerate(busy):
        quick = [round(asked * part) for part in spread]
        rest = asked - sum(quick) - asked // 40
        rows.append(HourWaits(hour, asked, _shared(quick, rest), asked // 40))
    return tuple(rows)


def _shared(quick: list[int], rest: int) -> tuple[int, ...]:
    """Fill as many buckets as the room has."""
    buckets = [*quick, max(rest, 0)] + [0] * (len(WAIT_BUCKETS_S) + 1)
    return tuple(buckets[: len(WAIT_BUCKETS_S) + 1])


def rules() -> tuple[RuleCount, ...]:
    """What the gate found, with and without texts, and one that would break a page."""
    return (
        RuleCount(
            "contact.wechat",
            "block",
            9,
            (
                Example(ms("16:20:05"), "c-204", "bot", "加微信", "亲，加微信 ab*** 给您优惠"),
                Example(ms("11:02:40"), "c-131", "human", "威❤信", None),
            ),
        ),
        RuleCount(
            "absolute-claims.best",
            "rewrite",
            23,
            (Example(ms("15:44:00"), "c-188", "bot", "全网最低", None),),
        ),
        RuleCount("tone.wait", "warn", 4, ()),
    )


def missed(rule: str, name: str, most: int, surely: int) -> MissedClocks:
    return MissedClocks(rule, name, hard=True, opened=650, missed=most, surely_missed=surely)


def sample_report() -> StoreReport:
    """The whole report."""
    store = replace(load_store("demo-pdd"), name="清风茶具旗舰店")
    penalty = PenaltyRule(
        "PDD-X-05",
        "当日有效回复率过低",
        "拼多多商家客服规则 3.3",
        on_metrics=("PDD-M-01",),
        points=-10,
        reliability="official-copy",
    )
    return StoreReport(
        store=store,
        platform="拼多多",
        edition="sources-2023",
        as_of=dt.date(2023, 11, 28),
        range=Period(FIRST, TODAY),
        today=TODAY,
        generated_ms=ms("21:30:00"),
        messages_in=656,
        messages_out=702,
        conversations=389,
        metrics=metrics(),
        deadlines=(),
        charges=(
            Charge(penalty, Period(FIRST, TODAY), 1, -10, None, None, unsure=False),
            Charge(
                replace(penalty, id="PDD-X-07", name="辱骂买家", points=None, fine=(100, 500)),
                Period(FIRST, TODAY),
                0,
                None,
                None,
                None,
                unsure=True,
            ),
        ),
        counts=(
            ClockCounts("PDD-D-01", "1小时有效回复", Counts(bot="no", hold="no"), "规则 3.2"),
            ClockCounts("PDD-D-04", "5分钟回复", Counts(), "拼多多客服回复率问答"),
            ClockCounts("PDD-M-06", "5分钟回复率", Counts(), "拼多多客服回复率问答"),
        ),
        waits=hours(),
        slowest=(
            SlowConversation("c-77", ms("12:11:09"), 5_403_000, answered=True, agent="小李"),
            SlowConversation("c-19", ms("22:40:00"), 1_271_000, answered=False, agent=None),
            SlowConversation("c-240", ms("10:03:12"), 611_000, answered=True, agent=None),
        ),
        holds=HoldCounts(58, 1, 0, (("answered", 7), ("off_duty", 3)), 52, 6),
        verdicts=VerdictCounts(690, 23, 9, 2),
        rules=rules(),
        clocks=(
            missed("PDD-D-01", "1小时有效回复", 3, 3),
            missed("PDD-D-04", "5分钟回复", 48, 31),
        ),
        agents=(
            AgentReport(
                "小李",
                (("human", 240),),
                1,
                (figure(FAST_RATE, 101, 120, FIRST, TODAY),),
            ),
            AgentReport("机器人一号", (("bot", 402), ("hold", 58)), 31, ()),
        ),
        known_from=FIRST,
    )


def hostile_report() -> StoreReport:
    """The same shop, whose every name and text is an attack."""
    report = sample_report()
    rule = replace(ALL_DAY_RATE, name=HOSTILE, source=HOSTILE)
    first = report.metrics[0]
    metric = replace(
        first,
        rule=rule,
        today=replace(first.today, rule=rule),
        current=replace(first.current, rule=rule),
        periods=(),
        trend=tuple(replace(one, rule=rule) for one in first.trend),
    )
    example = Example(ms("10:00:00"), HOSTILE, "bot", HOSTILE, HOSTILE)
    return replace(
        report,
        store=replace(report.store, name=HOSTILE),
        metrics=(metric, *report.metrics[1:]),
        slowest=(SlowConversation(HOSTILE, ms("10:00:00"), 61_000, answered=True, agent=HOSTILE),),
        rules=(RuleCount(HOSTILE, "block", 1, (example,)),),
        agents=(AgentReport(HOSTILE, (("human", 1),), 0, ()),),
    )
