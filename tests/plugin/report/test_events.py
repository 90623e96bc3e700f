from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replygate.events import Event, Inbound, Marked, Outbound, Presence, Rating, Transferred
from replygate.ledger import InlineExecutor
from replygate.report.days import day_summaries, days_of
from replygate.report.events import facts_of_events, tallies_of_events
from replygate.report.kept import agents_of
from replygate.report.law import counted
from replygate.runtime import ReplyGate
from replygate.testing import VirtualClock
from replygate.timing.metrics.talk import Line, OnlineFact, RatingFact
from replygate.timing.metrics.tally import Tally

from .shop import TODAY, ms, plain_shop, shop

LATER_MS = ms("12:00", TODAY + dt.timedelta(days=9))


def asked(id_: str, at_ms: int, conversation: str = "c-1", text: str = "在吗") -> Inbound:
    return Inbound("shop", conversation, id_, text, at_ms=at_ms, received_ms=at_ms)


def answered(
    id_: str | None, at_ms: int, conversation: str = "c-1", *, agent: str | None = "甲"
) -> Outbound:
    return Outbound(
        "shop",
        conversation,
        "在的",
        id_,
        origin="human",
        at_ms=at_ms,
        received_ms=at_ms,
        agent=agent,
    )


def test_each_event_is_one_fact_however_often_it_comes(tmp_path: Path) -> None:
    at_ms = ms("10:00")
    events: list[Event] = [
        asked("q-1", at_ms),
        asked("q-1", at_ms),
        Transferred("shop", "c-1", at_ms=at_ms + 1),
        Marked("shop", "c-1", "q-1", "recall", at_ms=at_ms + 2),
        answered(None, at_ms + 3),
        answered(None, at_ms + 3),
        Inbound("shop", "c-1", "n", "欢迎", origin="platform", at_ms=at_ms),
        Rating("shop", "c-1", label="satisfied", at_ms=at_ms + 4),
        Rating("shop", "c-1", label="satisfied", at_ms=at_ms + 4),
        Presence("shop", "甲", online=True, at_ms=at_ms),
    ]
    facts = facts_of_events(shop(tmp_path), events)
    ((name, lines),) = facts.talks
    assert name == "c-1"
    assert list(lines[:2]) == [
        Line(at_ms, "question", "q-1", "buyer", "", (), ("recall",)),
        Line(at_ms + 1, "transfer", f"transfer:{at_ms + 1}"),
    ]
    assert [(line.what, line.origin, line.agent) for line in lines[2:]] == [
        ("answer", "human", "甲")
    ]
    assert facts.ratings == [RatingFact(at_ms + 4, "c-1", label="satisfied")]
    assert facts.online == [OnlineFact(at_ms, "甲", online=True)]


def test_what_nobody_answered_in_a_recording_is_late(tmp_path: Path) -> None:
    late = ms("23:59:50")
    found = tallies_of_events(
        shop(tmp_path),
        [asked("q-1", late), asked("q-2", late, "c-2"), answered("a", late + 20_000)],
    )
    tally = found[TODAY]["deadline:ours", TODAY, ""]
    assert (tally.units, tally.strict_good) == (2, 1)


def test_another_stores_event_is_a_fault_of_the_caller(tmp_path: Path) -> None:
    stranger = Inbound("other", "c-1", "q", at_ms=1)
    with pytest.raises(AssertionError, match="another store's event"):
        tallies_of_events(shop(tmp_path), [stranger])


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
async def test_the_ledger_of_the_same_events_counts_the_same(
    seed: int,
) -> None:
    """The whole way through the gate, with late and repeated events, against the recording."""
    store = plain_shop()
    chance = random.Random(seed)  # noqa: S311 - the seed is what the test is given
    events = list(_recording(chance))
    clock = VirtualClock(LATER_MS)
    async with ReplyGate.open(
        stores=[store], ledger="sqlite://", journal=_Quiet(), clock=clock, executor=InlineExecutor
    ) as gate:
        for event in events:
            await gate.received(event)
        days = days_of(TODAY - dt.timedelta(days=3), TODAY + dt.timedelta(days=1))
        kept = await day_summaries(gate.ledger, store, days, now_ms=LATER_MS, keep=True)
    recorded: dict[tuple[str, dt.date, str], Tally] = {}
    for tallies in tallies_of_events(store, events).values():
        recorded |= tallies
    in_ledger = {
        (rule.id, date, ""): day.tally(place)
        for date, day in kept.items()
        for place, rule in enumerate(counted(store))
        if day.tally(place) != Tally()
    }
    for date, day in kept.items():
        for (key, agent), tally in agents_of([day]).tallies.items():
            in_ledger[key, date, agent] = tally
    assert in_ledger == recorded
    assert recorded


class _Quiet:
    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        pass


def _recording(chance: random.Random) -> list[Event]:
    events: list[Event] = []
    for buyer in range(8):
        at_ms = ms("00:00", TODAY - dt.timedelta(days=chance.randrange(3)))
        at_ms += chance.randrange(86_400_000)
        for number in range(chance.randint(1, 4)):
            name = f"c-{buyer}"
            events.append(asked(f"q-{number}", at_ms, name))
            at_ms += chance.choice([0, 10_000, 200_000, 5_000_000])
            match chance.randrange(5):
                case 0:
                    pass
                case 1:
                    events.append(Transferred("shop", name, at_ms=at_ms, received_ms=at_ms))
                case 2:
                    mark = Marked("shop", name, f"q-{number}", "recall", at_ms=at_ms)
                    events.append(mark)
                case _:
                    agent = chance.choice(["甲", "乙", None])
                    events.append(answered(f"a-{number}", at_ms, name, agent=agent))
            at_ms += chance.choice([1, 60_000, 30_000_000])
    events += chance.sample(events, 3)
    chance.shuffle(events)
    return events
