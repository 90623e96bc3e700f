from __future__ import annotations

import pytest

from replygate.errors import UnknownStore
from replygate.runtime.breaker import FAILURES_MAX
from replygate.runtime.core import template_hash
from replygate.timing.holding import Margin

from .kit import HOLD, World
from .virtual import run


def test_a_store_that_is_not_there_is_one_clear_error(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with pytest.raises(UnknownStore, match='there is no store "shup"; open are shop'):
                gate._core.served("shup")

    run(world.clock, main())


def test_holding_texts_are_known_by_their_hash(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            served = gate._core.served("shop")
            assert served.templates[template_hash(gate._core.ledger, HOLD)] == HOLD
            assert set(served.templates.values()) == set(world.store.holding.all_texts)
            assert served.terms.rules == world.store.deadlines

    run(world.clock, main())


def test_what_a_send_takes_is_reckoned_with_from_then_on(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            core = gate._core
            core.reckon("shop")
            core.reckon("nowhere")
            served = core.served("shop")
            lane = core.lane(served.store)
            core.reckon("shop")
            assert core.served("shop") is served, "nothing was measured"
            lane.ended(probe=False, reached=True, took_s=4.2)
            core.note_lateness(700)
            core.note_lateness(60_000)
            core.reckon("shop")
            terms = core.served("shop").terms
            assert terms.margin == Margin(lateness_ms=1_000, send_p99_ms=4_500, retry_ms=4_500)
            assert terms.holding is served.terms.holding

    run(world.clock, main())


def test_a_platform_that_comes_and_goes_is_in_the_journal(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            core = gate._core
            lane = core.lane(core.served("shop").store)
            for _ in range(FAILURES_MAX):
                lane.ended(probe=False, reached=False)
            assert world.journal.reasons() == ["platform_down"]
            lane.ended(probe=False, reached=True)

    run(world.clock, main())
    names = [name for name, _ in world.journal.events]
    assert [name for name in names if name.startswith("platform.")] == [
        "platform.silent",
        "platform.answers",
    ]
