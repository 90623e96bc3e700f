from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replygate.config import Store
from replygate.errors import LedgerError
from replygate.ledger import Ledger, SqliteLedger, SummaryRow
from replygate.report import days as room
from replygate.report.days import _from_facts, day_summaries, days_of, is_closed
from replygate.report.gather import start_ms
from replygate.report.kept import RECEIVED, Day, agents_of, to_body
from replygate.report.law import counted, law_of
from replygate.report.summary import DaySummary
from replygate.timing.metrics.tally import Tally

from .shop import TODAY, ledger_of, line, live, ms, plain_shop, reply, shop, tell

NOW_MS = ms("20:00")
WEEK = list(days_of(TODAY - dt.timedelta(days=6), TODAY))
YESTERDAY = TODAY - dt.timedelta(days=1)
CLOSED = TODAY - dt.timedelta(days=2)


def tally(store: Store, day: Day, name: str = "deadline:ours") -> Tally:
    return day.tally([rule.id for rule in counted(store)].index(name))


async def counted_anew(ledger: Ledger, store: Store, now_ms: int) -> dict[dt.date, Day]:
    """As if the ledger kept nothing."""
    return await _from_facts(ledger, store, WEEK, now_ms)


async def direct(ledger: Ledger, store: Store, now_ms: int = NOW_MS) -> dict[dt.date, Day]:
    return await day_summaries(ledger, store, WEEK, now_ms=now_ms, keep=False)


async def kept_days(ledger: Ledger, store: Store) -> list[dt.date]:
    rows = await ledger.days.summaries(store.id, 0, TODAY.toordinal() + 9)
    return [dt.date.fromordinal(row.day) for row in rows if row.law == law_of(store)]


def test_a_day_is_closed_when_its_longest_deadline_is_over() -> None:
    end_ms = start_ms(TODAY) + 2 * 86_400_000
    assert not is_closed(TODAY, end_ms - 1)
    assert is_closed(TODAY, end_ms)


@settings(max_examples=15)
@given(
    seed=st.integers(0, 10_000),
    steps=st.lists(st.integers(1, 36_000), min_size=1, max_size=4),
    spoken=st.sampled_from(["", "question", "answer"]),
)
async def test_what_is_kept_is_what_the_facts_say(seed: int, steps: list[int], spoken: str) -> None:
    store = plain_shop()
    async with ledger_of() as ledger:
        await live(ledger, seed=seed)
        first = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        assert set(await kept_days(ledger, store)) >= set(WEEK[:-2])
        again = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        assert again == first == await one_by_one(ledger, store)
        assert any(sum(day.numbers) for day in first.values())
        now_ms = NOW_MS
        for number, seconds in enumerate(steps):
            now_ms += seconds * 1000
            if spoken:
                say = line if spoken == "question" else reply
                await tell(ledger, say(f"s-{number}", now_ms - 1_000, conversation="b-1"))
            found = await day_summaries(ledger, store, WEEK, now_ms=now_ms, keep=True)
            assert found == await counted_anew(ledger, store, now_ms)


async def one_by_one(ledger: Ledger, store: Store) -> dict[dt.date, Day]:
    """Each day from its own facts alone, nothing kept."""
    for row in await ledger.days.summaries(store.id, 0, TODAY.toordinal()):
        await ledger.days.claim(store.id, [row.day], "nobody's")
    found: dict[dt.date, Day] = {}
    for day in WEEK:
        found |= await day_summaries(ledger, store, [day], now_ms=NOW_MS, keep=False)
    return found


async def test_a_late_fact_is_counted(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", ms("10:00", CLOSED)))
        before = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        assert tally(store, before[CLOSED]).strict_good == 0
        # The platform tells days later that somebody had answered in time.
        await tell(ledger, reply("a-1", ms("10:01", CLOSED)))
        after = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        assert tally(store, after[CLOSED]).strict_good == 1
        assert agents_of([after[CLOSED]]).sent == {("甲", "human"): 1}


async def test_a_day_is_kept_until_somebody_has_waited_too_long(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with ledger_of() as ledger:
        await tell(
            ledger,
            line("q-1", ms("19:59")),
            line("q-2", ms("23:00", YESTERDAY), conversation="c-2"),
        )
        found = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        # Both days have a question that is not late yet: q-1 for 180 s, q-2 for three hours.
        assert set(await kept_days(ledger, store)) == set(WEEK)
        # Nobody has answered yet, and nothing is late.
        assert tally(store, found[TODAY]) == Tally()
        later = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS + 180_000, keep=True)
        assert tally(store, later[TODAY]).units == 1


async def test_other_rules_count_again(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", ms("10:00", CLOSED)), reply("a-1", ms("10:02", CLOSED)))
        kept = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        assert tally(store, kept[CLOSED]).strict_good == 1
        ours = next(rule for rule in store.deadlines if rule.id == "ours")
        strict = replace(store, deadlines=(replace(ours, due_s=60),))
        found = await day_summaries(ledger, strict, WEEK, now_ms=NOW_MS, keep=True)
        assert tally(store, found[CLOSED]).strict_good == 0
        assert set(await kept_days(ledger, strict)) == set(WEEK)


async def test_what_another_law_left_is_not_shown(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with ledger_of() as ledger:
        body = to_body(DaySummary(received=99), [rule.id for rule in counted(store)])
        await ledger.days.claim(store.id, [CLOSED.toordinal()], "token")
        await ledger.days.put(
            [SummaryRow(store.id, CLOSED.toordinal(), "another law", body)], "token"
        )
        assert (await direct(ledger, store))[CLOSED].numbers[RECEIVED] == 0


async def test_a_fact_while_a_day_is_worked_out_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = shop(tmp_path)
    real = room._from_facts
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", ms("10:00", CLOSED)))

        async def slow(*args: object) -> dict[dt.date, Day]:
            found = await real(*args)  # type: ignore[arg-type] # as they were given
            await tell(ledger, line("q-2", ms("11:00", CLOSED)))
            return found

        monkeypatch.setattr(room, "_from_facts", slow)
        await day_summaries(ledger, store, [CLOSED], now_ms=NOW_MS, keep=True)
        monkeypatch.undo()
        found = await day_summaries(ledger, store, [CLOSED], now_ms=NOW_MS, keep=True)
        assert found[CLOSED].numbers[RECEIVED] == 2


async def test_a_store_never_sees_another_ones_days(tmp_path: Path) -> None:
    one, two = shop(tmp_path, name="one"), shop(tmp_path, name="two")
    async with ledger_of() as ledger:
        await live(ledger, store="one")
        await day_summaries(ledger, one, WEEK, now_ms=NOW_MS, keep=True)
        found = await day_summaries(ledger, two, WEEK, now_ms=NOW_MS, keep=True)
        assert not any(sum(day.numbers) for day in found.values())


async def test_a_ledger_that_can_not_be_written_still_tells(tmp_path: Path) -> None:
    store, path = shop(tmp_path), tmp_path / "ledger.db"
    async with ledger_of(path) as ledger:
        await live(ledger)
        reader = await SqliteLedger.open(f"sqlite:///{path}", read_only=True)
        found = await day_summaries(reader, store, WEEK, now_ms=NOW_MS, keep=True)
        assert found == await direct(ledger, store)
        assert await kept_days(ledger, store) == []
        await reader.close()


async def test_no_days_are_none(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        assert await day_summaries(ledger, shop(tmp_path), [], now_ms=NOW_MS, keep=True) == {}


async def test_a_closed_ledger_is_an_error(tmp_path: Path) -> None:
    async with ledger_of() as ledger:
        pass
    with pytest.raises(LedgerError):
        await direct(ledger, shop(tmp_path))


async def test_a_day_that_soon_changes_is_not_kept(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", NOW_MS - 170_000))
        await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        assert set(await kept_days(ledger, store)) == set(WEEK[:-1])


async def test_a_day_is_not_kept_while_something_lies_ahead_of_the_clock(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", NOW_MS + 1_000), reply("a-1", NOW_MS + 2_000))
        before = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS, keep=True)
        assert TODAY not in await kept_days(ledger, store)
        after = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS + 3_000, keep=True)
        assert before[TODAY] != after[TODAY]


async def test_a_clock_that_goes_back_reads_nothing_of_later(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with ledger_of() as ledger:
        await tell(ledger, line("q-1", NOW_MS))
        late_ms = NOW_MS + 9_000_000
        late = await day_summaries(ledger, store, WEEK, now_ms=late_ms, keep=True)
        assert tally(store, late[TODAY]).units == 1
        early = await day_summaries(ledger, store, WEEK, now_ms=NOW_MS + 1_000, keep=True)
        assert tally(store, early[TODAY]).units == 0
