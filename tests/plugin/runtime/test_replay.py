"""Recorded days whose outcome is worked out by hand. Times are local, on 2026-11-20."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from recorded import Told, asks, event, ms, says
from replygate.config import Store, load_store
from replygate.events import Event
from replygate.model import Draft, Finding
from replygate.runtime.parse import parse_event
from replygate.runtime.replay import EXAMPLES_MAX, Report, Span, replay
from replygate.timing.facts import RETAIN_MS

Shop = Callable[..., Store]

HALF_MINUTE = '[[deadline]]\nid = "30s"\nname = "30 seconds"\ndue_s = 30\n'
DOUBTFUL = HALF_MINUTE + 'counts = { bot = "unknown", hold = "unknown" }\n'
FIVE_MINUTES = '[[deadline]]\nid = "5min"\nname = "5 minutes"\ndue_s = 300\n'
SAME_DAY = '[[deadline]]\nid = "day"\nname = "the same day"\nsame_day = true\n'
TRANSFER = '[[deadline]]\nid = "move"\nname = "taken up"\nopens = "transfer"\ndue_s = 60\n'


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Makes a store of these deadlines; its holding texts are 甲, 乙, and 夜 off duty."""

    def make(*deadlines: str, more: str = "", **options: object) -> Store:
        path = tmp_path / "shop.toml"
        path.write_text(
            'id = "shop"\n[holding]\ntexts = ["甲", "乙"]\noff_duty_texts = ["夜"]\n'
            f"{more}\n" + "".join(deadlines),
            "utf-8",
        )
        return load_store(path, **options)  # type: ignore[arg-type]  # passed on as they came

    return make


def events_of(told: Sequence[Told]) -> list[Event]:
    events = [parse_event(one) for one in told]
    return sorted(events, key=lambda one: one.received_ms or one.at_ms or 0)


def played(store: Store, *told: Told, span: Span | None = None) -> Report:
    return replay(store, events_of(told), span)


def holds(report: Report) -> list[tuple[str, str, str]]:
    return [(told_of(hold.sent_ms), hold.rule, hold.text) for hold in report.holds]


def follow_ups(report: Report) -> list[tuple[str, str]]:
    return [(told_of(one.due_ms), one.outcome) for one in report.follow_ups]


def turns(report: Report) -> list[tuple[str | None, ...]]:
    """Asked, first of any kind and its origin, first that counts, first human."""
    return [
        (
            of_day(one.turn.asked_ms),
            of_day(one.turn.closed_ms),
            one.turn.closed_origin,
            of_day(one.first_counted_ms),
            of_day(one.first_human_ms),
        )
        for one in report.turns
    ]


def deadlines(report: Report) -> list[list[tuple[str, str]]]:
    return [[(c.rule.id, told_of(c.due_ms)) for c in one.clocks] for one in report.turns]


def of_day(at_ms: int | None) -> str | None:
    return None if at_ms is None else told_of(at_ms)


def told_of(at_ms: int) -> str:
    at = dt.datetime.fromtimestamp(at_ms / 1000, dt.timezone(dt.timedelta(hours=8)))
    return f"{at:%H:%M:%S}" if f"{at:%F}" == "2026-11-20" else f"{at:%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("due_s", "sent"),
    [
        (15, "10:00:09"),  # a third would be 5 s; the lead is at least 6 s
        (30, "10:00:20"),  # 30 - 10
        (60, "10:00:40"),  # 60 - 20
        (300, "10:04:40"),  # a third would be 100 s; the lead is at most 20 s
    ],
)
def test_a_hold_goes_out_a_lead_before_the_deadline(shop: Shop, due_s: int, sent: str) -> None:
    store = shop(f'[[deadline]]\nid = "d"\nname = "d"\ndue_s = {due_s}\n')
    report = played(store, asks("10:00:00"))
    assert holds(report) == [(sent, "d", "甲")]
    (hold,) = report.holds
    assert hold.due_ms == hold.sent_ms == ms(sent)
    assert turns(report) == [("10:00:00", sent, "hold", None, None)]


def test_a_lead_of_the_stores_own(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE, more="lead_s = 4"), asks("10:00:00"))
    assert holds(report) == [("10:00:26", "30s", "甲")]


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ("10:00:19", []),
        ("10:00:20", []),  # at the very second the answer is ahead
        ("10:00:20.001", [("10:00:20", "30s", "甲")]),
        ("10:00:30", [("10:00:20", "30s", "甲")]),
    ],
)
def test_an_answer_before_the_hold_takes_its_place(
    shop: Shop, answered: str, expected: list[tuple[str, str, str]]
) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00"), says(answered))
    assert holds(report) == expected
    ((asked, _, origin, counted, human),) = turns(report)
    assert asked == "10:00:00"
    assert counted == human == answered.partition(".")[0]
    assert origin == ("hold" if expected else "human")


def test_a_bots_answer_leaves_open_whether_it_counts_but_nobody_is_held(shop: Shop) -> None:
    report = played(shop(DOUBTFUL), asks("10:00:00"), says("10:00:05", "bot"))
    assert holds(report) == []
    assert turns(report) == [("10:00:00", "10:00:05", "bot", None, None)]
    ((clock,),) = (one.clocks for one in report.turns)
    assert (clock.met_strictly, clock.met_leniently) == (None, True)


def test_a_human_answer_after_the_bots_is_the_first_that_counts(shop: Shop) -> None:
    report = played(shop(DOUBTFUL), asks("10:00:00"), says("10:00:05", "bot"), says("10:00:25"))
    assert turns(report) == [("10:00:00", "10:00:05", "bot", "10:00:25", "10:00:25")]


def test_the_platforms_own_greeting_answers_nothing(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00"), says("10:00:01", "platform"))
    assert holds(report) == [("10:00:20", "30s", "甲")]
    assert turns(report) == [("10:00:00", "10:00:20", "hold", None, None)]


def test_what_nobody_knows_the_origin_of_answers_and_may_count(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00"), says("10:00:05", "unknown"))
    assert holds(report) == []
    assert turns(report) == [("10:00:00", "10:00:05", "unknown", None, None)]


def test_a_follow_up_that_was_answered(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00"), says("10:05:19"))
    assert follow_ups(report) == [("10:05:20", "answered")]  # 10:00:20 + 5 min
    assert turns(report) == [("10:00:00", "10:00:20", "hold", "10:05:19", "10:05:19")]


@pytest.mark.parametrize("later", [[], ["10:05:21"]])
def test_a_follow_up_that_was_not(shop: Shop, later: list[str]) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00"), *map(says, later))
    assert follow_ups(report) == [("10:05:20", "escalated")]


def test_a_follow_up_is_due_a_lead_before_the_next_deadline(shop: Shop) -> None:
    store = shop(HALF_MINUTE, FIVE_MINUTES)
    for told, outcome in (((), "escalated"), ((says("10:04:00"),), "answered")):
        report = played(store, asks("10:00:00"), *told)
        # The hold of 10:00:20 is for the 30 s; of the 5 min 20 s are the lead.
        assert holds(report) == [("10:00:20", "30s", "甲")]
        assert follow_ups(report) == [("10:04:40", outcome)]
        assert deadlines(report) == [[("30s", "10:00:30"), ("5min", "10:05:00")]]


def test_the_same_day_ends_at_midnight(shop: Shop) -> None:
    report = played(shop(SAME_DAY), asks("22:50:00"))
    # The day has 70 minutes left: the lead is 20 s; it is after hours by then.
    assert holds(report) == [("23:59:40", "day", "夜")]
    assert deadlines(report) == [[("day", "11-21 00:00:00")]]
    assert follow_ups(report) == [("11-21 00:04:40", "escalated")]


def test_the_window_of_jd_is_that_of_the_sessions_start() -> None:
    store = load_store("demo-jd")
    session = {"store": "demo-jd"}
    for opened, asked, expected in (
        ("17:59:50", "18:00:10", [("JD-D-01", "18:00:40")]),
        ("18:00:00", "18:00:10", []),
        ("08:59:59", "09:00:05", []),
        ("09:00:00", "09:00:05", [("JD-D-01", "09:00:35")]),
    ):
        report = played(
            store, event("session_open", opened, id="s", **session), asks(asked, **session)
        )
        assert deadlines(report) == [expected], opened
        assert len(report.holds) == len(expected)


def test_a_transfer_starts_its_own_clock_although_a_bot_had_answered(shop: Shop) -> None:
    report = played(
        shop(TRANSFER),
        asks("10:00:00"),
        says("10:00:05", "bot"),
        event("transfer_to_human", "10:00:30"),
    )
    assert deadlines(report) == [[], [("move", "10:01:30")]]
    assert holds(report) == [("10:01:10", "move", "甲")]  # 10:00:30 + 60 - 20


def test_texts_take_turns_and_holds_keep_their_distance(shop: Shop) -> None:
    report = played(
        shop(HALF_MINUTE),
        asks("10:00:00"),
        asks("10:00:25"),  # its hold would come at 10:00:45, 25 s after the first
        says("10:02:00"),
        asks("10:03:00"),
        says("10:04:00"),
        asks("10:05:00"),
    )
    assert holds(report) == [
        ("10:00:20", "30s", "甲"),
        ("10:03:20", "30s", "乙"),
        ("10:05:20", "30s", "甲"),
    ]


def test_a_recorded_hold_is_an_answer_and_a_promise(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00"), says("10:00:10", "hold", "请稍候"))
    assert holds(report) == []
    # The 30 s run on, for a hold may not count: what it promised is due their lead earlier.
    assert follow_ups(report) == [("10:00:20", "escalated")]


def test_a_question_that_was_recalled_in_time_never_was_one(shop: Shop) -> None:
    told = [asks("10:00:00", "m-1"), event("recall", "10:00:10", message="m-1")]
    report = played(shop(HALF_MINUTE), *told)
    assert (report.holds, report.turns) == ([], [])


def test_an_answer_that_was_seen_late(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00"), says("10:00:05", seen="10:01:00"))
    # By then the hold is out; the turn was answered all the same, and nothing was missed.
    assert holds(report) == [("10:00:20", "30s", "甲")]
    assert turns(report) == [("10:00:00", "10:00:05", "human", "10:00:05", "10:00:05")]


def test_a_question_that_was_seen_late_is_held_at_once(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00", seen="10:00:25"))
    ((sent, *_),) = holds(report)
    assert sent == "10:00:25"
    assert report.holds[0].due_ms == ms("10:00:20")
    assert deadlines(report) == [[("30s", "10:00:30")]]


def test_a_question_that_was_seen_too_late_is_not_held(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("10:00:00", seen="10:05:00"))
    assert report.holds == []
    assert turns(report) == [("10:00:00", None, None, None, None)]


def test_a_time_far_ahead_of_its_sight_is_that_of_its_sight(shop: Shop) -> None:
    report = played(shop(HALF_MINUTE), asks("11:00:00", seen="10:00:00"))
    assert holds(report) == [("10:00:20", "30s", "甲")]


def test_texts_are_judged_once_each_whoever_wrote_them(shop: Shop) -> None:
    rules = (
        '[[screening.rule]]\nid = "chat"\naction = "block"\nwords = ["微信"]\n'
        '[[screening.rule]]\nid = "brand"\naction = "rewrite"\nwords = ["别家"]\nreplace = "本店"\n'
    )
    told = [
        asks("10:00:00", text="微信多少"),
        says("10:00:01", "bot", "加微信"),
        says("10:00:02", "human", "别家没有"),
        says("10:00:03", "platform", "欢迎"),
        says("10:00:04", "human", "", kind="image"),
        {**says("10:00:05", "human", "好"), "id": None},
        {**says("10:00:06", "human", "好"), "id": None},
    ]
    report = played(shop(rules), *told, *told)
    assert report.verdicts == {"pass": 4, "rewrite": 1, "block": 1}
    assert [(one.cleared.action, one.cleared.text) for one in report.examples] == [
        ("block", None),
        ("rewrite", "本店没有"),
    ]


def test_examples_are_few(shop: Shop) -> None:
    rule = '[[screening.rule]]\nid = "chat"\naction = "block"\nwords = ["微信"]\n'
    told = [says(f"10:00:{n:02}", "bot", "加微信") for n in range(EXAMPLES_MAX + 5)]
    report = played(shop(rule), *told)
    assert report.verdicts["block"] == EXAMPLES_MAX + 5
    assert len(report.examples) == EXAMPLES_MAX


def test_a_hold_that_the_gate_blocks_does_not_go_out(shop: Shop) -> None:
    def refuse(draft: Draft) -> list[Finding]:
        found = Finding("own", draft.text, 0, len(draft.text), "block", None, "no", "test")
        return [found] if draft.origin == "hold" else []

    report = played(shop(HALF_MINUTE, checks=()), asks("10:00:00"))
    assert len(report.holds) == 1
    store = shop(HALF_MINUTE)
    store.gate.checks = (refuse,)
    report = played(store, asks("10:00:00"), says("10:02:00"))
    assert (report.holds, report.follow_ups) == ([], [])
    assert turns(report) == [("10:00:00", "10:02:00", "human", "10:02:00", "10:02:00")]


def test_a_store_that_observes_is_no_replay(shop: Shop) -> None:
    store = shop(HALF_MINUTE, settings=["mode=observe"])
    with pytest.raises(AssertionError, match="enforcing"):
        replay(store, [])


def test_days_bound_what_is_reported_and_not_what_is_known(shop: Shop) -> None:
    told = [
        asks("2026-11-19 23:59:50", "m-1"),
        says("2026-11-19 23:59:55", "bot", name="o-1"),
        says("00:10:00", "bot", name="o-2"),
        asks("10:00:00", "m-2"),
        asks("2026-11-21 00:00:00", "m-3", conversation="c-2"),
    ]
    store, friday = shop(HALF_MINUTE), dt.date(2026, 11, 20)
    whole = played(store, *told)
    assert (whole.first_day, whole.last_day) == (dt.date(2026, 11, 19), dt.date(2026, 11, 21))
    assert (len(whole.turns), len(whole.holds), whole.verdicts.total()) == (3, 2, 2)

    report = played(store, *told, span=Span(friday, friday))
    assert (report.first_day, report.last_day) == (friday, friday)
    assert [one[0] for one in turns(report)] == ["10:00:00"]
    assert [one[0] for one in holds(report)] == ["10:00:20"]
    assert [one[0] for one in follow_ups(report)] == ["10:05:20"]
    assert report.verdicts.total() == 1
    assert len(played(store, *told, span=Span(since=friday)).turns) == 2
    assert len(played(store, *told, span=Span(until=friday)).turns) == 2
    nothing = played(store, *told, span=Span(dt.date(2026, 1, 1), dt.date(2026, 1, 2)))
    assert nothing == Report()


def test_an_answer_after_the_last_day_still_counts(shop: Shop) -> None:
    span = Span(dt.date(2026, 11, 20), dt.date(2026, 11, 20))
    report = played(shop(HALF_MINUTE), asks("23:59:50"), says("2026-11-21 09:00:00"), span=span)
    assert turns(report) == [
        ("23:59:50", "11-21 00:00:10", "hold", "11-21 09:00:00", "11-21 09:00:00")
    ]
    assert report.holds == [], "it would have gone out on the next day"


def test_presence_and_ratings_change_nothing_but_the_days(shop: Shop) -> None:
    online = event("agent_online", "2026-11-18 09:00:00", agent="a")
    del online["conversation"]
    report = played(
        shop(HALF_MINUTE), online, event("rating", "2026-11-22 09:00:00", label="satisfied")
    )
    assert (report.first_day, report.last_day) == (dt.date(2026, 11, 18), dt.date(2026, 11, 22))
    assert (report.turns, report.holds, report.verdicts) == ([], [], {})


def random_day(seed: int) -> list[Told]:
    """Questions and answers of some conversations, seen as they happen."""
    draw = random.Random(seed)  # noqa: S311 - a test's
    told: list[Told] = []
    for number in range(60):
        at = f"{draw.randrange(9, 18):02}:{draw.randrange(60):02}:{draw.randrange(60):02}"
        where = {"name": f"m-{number}", "conversation": f"c-{draw.randrange(4)}"}
        if draw.random() < 0.5:
            told.append(asks(at, **where))
        else:
            told.append(says(at, draw.choice(["human", "bot", "platform", "hold"]), **where))
    return told


@pytest.mark.parametrize("seed", range(5))
def test_order_and_repetition_in_the_file_mean_nothing(shop: Shop, seed: int) -> None:
    store = shop(HALF_MINUTE, FIVE_MINUTES, SAME_DAY)
    told = random_day(seed)
    expected = played(store, *told)
    assert expected.holds
    draw = random.Random(seed)  # noqa: S311 - a test's
    mixed = [*told, *draw.sample(told, 20)]
    draw.shuffle(mixed)
    report = played(store, *mixed)
    report.examples, expected.examples = [], []
    assert report == expected


@pytest.mark.parametrize("seed", range(3))
def test_a_conversation_means_nothing_to_another(shop: Shop, seed: int) -> None:
    store = shop(HALF_MINUTE, FIVE_MINUTES)
    told = random_day(seed)
    whole = played(store, *told)
    for name in {one["conversation"] for one in told}:
        alone = played(store, *(one for one in told if one["conversation"] == name))
        assert alone.holds == [hold for hold in whole.holds if hold.conversation == name]
        assert alone.turns == [turn for turn in whole.turns if turn.conversation == name]


def test_silent_conversations_are_written_off_and_not_forgotten(shop: Shop) -> None:
    first = [asks("10:00:00", "m-1"), says("10:00:05", text="微信", name="o-1")]
    later = [
        asks(f"2026-{month}-{day:02} 10:00:00", f"n-{month}-{day}", conversation="c-9")
        for month, day in ((11, 25), (11, 29), (12, 3), (12, 7), (12, 11))
    ]
    again = [{**one, "received_at": "2026-12-12T10:00:00+08:00"} for one in first]
    more = [asks("2026-12-12 11:00:00", "m-2")]
    assert ms("2026-12-03 10:00:00") - ms("10:00:00") > 2 * RETAIN_MS
    rule = '[[screening.rule]]\nid = "chat"\naction = "block"\nwords = ["微信"]\n'
    report = played(shop(HALF_MINUTE, more=rule), *first, *later, *again, *more)
    assert report.verdicts == {"block": 1}
    own = [one for one in turns(report) if one[0] == "10:00:00"]
    assert own == [("10:00:00", "10:00:05", "human", "10:00:05", "10:00:05")]
    assert len(report.turns) == 7


def test_deadlines_of_a_topic_open_for_questions_about_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text('id = "shop"\nplatform = "pdd"\nedition = "sources-2023"\n', "utf-8")
    told = [
        asks("10:00:00", text="收到的杯子碎了"),
        says("10:05:00", "bot"),
        asks("11:00:00", text="怎么还不发货"),
        says("11:00:05", "bot"),
        asks("12:00:00", text="有货吗"),
        says("12:00:05", "bot"),
    ]
    opened = [{rule for rule, _ in one} for one in deadlines(played(load_store(path), *told))]
    on_topic = {"PDD-D-05", "PDD-D-08"}
    assert [one & on_topic for one in opened] == [{"PDD-D-05"}, {"PDD-D-08"}, set()]


def test_a_replay_minds_what_went_out_before(shop: Shop) -> None:
    store = shop(
        more='[screening.memory]\nrepeat = "block"\nin_a_row = "block"\nin_a_row_max = 2\n'
    )
    told = [
        asks("10:00:00"),
        says("10:00:01", text="今天发"),
        says("10:00:02", text="今天发"),
        says("10:00:03", text="明天到"),
        asks("10:00:04"),
        says("10:00:05", text="后天到"),
    ]
    report = played(store, *told)
    examples = [[finding.rule for finding in one.cleared.findings] for one in report.examples]
    assert examples == [["memory.repeat"], ["memory.in-a-row"]]


PDD = 'platform = "pdd"\nedition = "sources-2023"\n'


def test_to_thanks_a_closer_that_nobody_must_follow_up_where_the_platform_wants_it(
    shop: Shop, tmp_path: Path
) -> None:
    told = asks("10:00:00", text="好的谢谢")
    report = played(shop(HALF_MINUTE, more='closers = ["不客气"]'), told)
    assert holds(report) == [], "nothing elsewhere"
    path = tmp_path / "shop.toml"
    path.write_text(
        path.read_text("utf-8").replace('id = "shop"\n', 'id = "shop"\n' + PDD), "utf-8"
    )
    report = played(load_store(path), told)
    assert holds(report)[0] == ("10:00:20", "30s", "不客气")
    assert report.follow_ups == []


def test_texts_of_a_topic_and_of_the_buyer(shop: Shop) -> None:
    store = shop(
        HALF_MINUTE,
        more='min_gap_s = 0\n[screening]\nlexicons = ["topics"]\n'
        '[[holding.text]]\ntexts = ["{buyer}，订单{order}的发票已记下"]\ntopics = ["invoice"]\n',
    )
    named = asks("10:00:00", text="能开发票吗", buyer_name="小陈", order="A7")
    report = played(store, named, says("10:05:00"), asks("10:06:00", text="在吗"))
    assert [text for _, _, text in holds(report)] == ["小陈，订单A7的发票已记下", "甲"]
    unnamed = asks("10:00:00", text="能开发票吗")
    assert [text for _, _, text in holds(played(store, unnamed))] == ["甲"]


def test_a_quota_keeps_holds_back(shop: Shop) -> None:
    few = shop(HALF_MINUTE + TRANSFER, more="[holding.quota]\nmessages = 4\n")
    told = [
        asks("10:00:00"),
        says("10:00:05", "bot"),
        says("10:00:06", "bot"),
        event("transfer_to_human", "10:01:00"),
    ]
    assert holds(played(few, *told)) == []
    enough = shop(HALF_MINUTE + TRANSFER, more="[holding.quota]\nmessages = 5\n")
    assert holds(played(enough, *told)) == [("10:01:40", "move", "甲")]
