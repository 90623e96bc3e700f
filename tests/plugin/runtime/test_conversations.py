from __future__ import annotations

import pytest

from replygate.runtime.conversations import IDLE_S

from .kit import World
from .virtual import run


def test_above_the_limit_the_longest_unused_go_but_none_that_is_used(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replygate.runtime.conversations.CONVERSATIONS_MAX", 3)

    async def main() -> None:
        async with world.gate() as gate:
            conversations = gate._lifetime.conversations
            with conversations.using("shop", "used"):
                for number in range(10):
                    with conversations.using("shop", f"c-{number}"):
                        pass
                assert list(conversations) == [
                    ("shop", "used"),
                    ("shop", "c-8"),
                    ("shop", "c-9"),
                ]

    run(world.clock, main())


def test_idle_ones_go_and_used_ones_stay(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            conversations = gate._lifetime.conversations
            with conversations.using("shop", "used"):
                with conversations.using("shop", "idle"):
                    pass
                world.clock.advance(IDLE_S + 1)
                with conversations.using("shop", "fresh"):
                    pass
                conversations.drop_idle()
                assert list(conversations) == [("shop", "used"), ("shop", "fresh")]

    run(world.clock, main())


def test_what_was_loaded_blind_is_loaded_again(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            conversations = gate._lifetime.conversations
            with conversations.using("shop", "c-1") as conversation:
                conversation.blind = True
            conversations.drop_idle()
            assert len(conversations) == 0

    run(world.clock, main())
