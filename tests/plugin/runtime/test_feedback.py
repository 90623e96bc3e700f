from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.config import load_store
from replygate.events import Presence, Rating
from replygate.ledger import DutyRow, InlineExecutor, RatingRow, SqliteLedger

from .kit import World, broken
from .virtual import run

AT_MS = 5_000
RATED = Rating(
    "shop",
    "c-1",
    score=4,
    scale_max=5,
    reason="加我微信13800138000",
    source="invited",
    at_ms=AT_MS,
    received_ms=6_000,
    agent="小王",
)
CAME = Presence("shop", "小王", online=True, at_ms=AT_MS, received_ms=6_000)


async def written(world: World) -> tuple[list[RatingRow], list[DutyRow]]:
    ledger = await SqliteLedger.open(world.url, executor=InlineExecutor)
    try:
        until_ms = 10**14
        ratings = [row async for row in ledger.ratings("shop", 0, until_ms)]
        return ratings, [row async for row in ledger.duty("shop", 0, until_ms)]
    finally:
        await ledger.close()


def test_what_was_said_is_in_the_ledger_once(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            for event in (RATED, CAME, replace(CAME, online=False)):
                first, again = await gate.received(event), await gate.received(event)
                assert (first.new, first.recorded) == (True, True)
                assert (again.new, again.recorded) == (False, True)
            assert (await gate.received(replace(RATED, score=1))).new

    run(world.clock, main())
    ratings, duty = run(world.clock, written(world))
    assert [(row.score, row.scale_max, row.source, row.agent) for row in ratings] == [
        (4.0, 5.0, "invited", "小王"),
        (1.0, 5.0, "invited", "小王"),
    ]
    assert {(row.at_ms, row.received_ms) for row in ratings} == {(AT_MS, 6_000)}
    assert duty == [
        DutyRow("shop", "小王", AT_MS, 6_000, online=True),
        DutyRow("shop", "小王", AT_MS, 6_000, online=False),
    ]


def test_a_rating_with_an_id_is_known_by_it(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            assert (await gate.received(replace(RATED, id="g-1"))).new
            assert not (await gate.received(replace(RATED, id="g-1", score=1))).new

    run(world.clock, main())
    [rating], _ = run(world.clock, written(world))
    assert (rating.id, rating.score) == ("g-1", 4.0)


@pytest.mark.parametrize("log_text", ["none", "hash", "findings", "full"])
def test_a_reason_is_kept_where_texts_are_and_masked(tmp_path: Path, log_text: str) -> None:
    world = World(tmp_path, f'privacy = {{ log_text = "{log_text}" }}')

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(RATED)
            await gate.received(Rating("shop", "c-2", label="satisfied", at_ms=AT_MS))

    run(world.clock, main())
    ratings, _ = run(world.clock, written(world))
    kept, bare = ratings
    assert bare.reason is None
    if log_text == "full":
        assert kept.reason is not None
        assert kept.reason.startswith("加我微信")
        assert "13800138000" not in kept.reason
    else:
        assert kept.reason is None


RUDE = """
[[metric]]
id = "rude"
name = "态度差"
unit = "rating"
rating = { labels = ["disappointed"], reasons = ["态度差"], excluded_reasons = ["未解决"] }
"""


@pytest.mark.parametrize(
    ("reason", "kept"), [("态度差", "态度差"), ("未解决", "未解决"), ("态度差，还骂人", None)]
)
def test_a_reason_that_a_metric_looks_for_is_kept(
    tmp_path: Path, reason: str, kept: str | None
) -> None:
    world = World(tmp_path)
    path = tmp_path / "shop.toml"
    path.write_text(path.read_text("utf-8") + RUDE, "utf-8")
    world.store = load_store(path)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(replace(RATED, label="disappointed", reason=reason))

    run(world.clock, main())
    [rating], _ = run(world.clock, written(world))
    assert rating.reason == kept


def test_a_fault_keeps_them_until_recording_resumes(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with broken(gate):
                for event in (RATED, CAME):
                    received = await gate.received(event)
                    assert (received.new, received.recorded) == (True, False)
            await asyncio.sleep(3)
            assert not (await gate.received(RATED)).new
            assert not (await gate.received(CAME)).new

    run(world.clock, main())
    ratings, duty = run(world.clock, written(world))
    assert (len(ratings), len(duty)) == (1, 1)
