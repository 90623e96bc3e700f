from __future__ import annotations

import pytest

from replygate.errors import UnknownStore

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
            assert served.templates[gate._core.ledger.text_hash(HOLD)] == HOLD
            assert served.terms.rules == world.store.deadlines

    run(world.clock, main())
