from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from replygate.config import load_store
from replygate.events import Inbound
from replygate.runtime.conversation import Conversation
from replygate.runtime.housekeeping import JANITOR_S, RECONCILE_S
from replygate.runtime.resume import (
    LOOKED_OVER_PER_S,
    NEEDLESS_S,
    OVERDUE_PER_S,
    TOO_LATE_PER_S,
    Spread,
)

from .kit import HOLD, World, broken
from .virtual import run

QUIET = """
id = "shop"
[[deadline]]
id = "soon"
name = "nights only"
due_s = 30
windows = ["03:00-03:01"]
"""


def change(world: World, statement: str) -> None:
    """Have the ledger say something else, as a crash at the worst moment would."""
    with sqlite3.connect(world.url.removeprefix("sqlite:///")) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()
    connection.close()


def test_overdue_timers_get_slots_one_after_the_other(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            spread = Spread(gate._core)
            now_ms = world.clock.wall_ms()
            step_ms = 1_000 // OVERDUE_PER_S
            slots = [spread.slot(now_ms) for _ in range(3)]
            assert slots == [now_ms, now_ms + step_ms, now_ms + 2 * step_ms]
            assert spread.slot(now_ms + 9_000) == now_ms + 9_000
            gate._core.wheel.arm(("shop", "c-1", "hold"), now_ms + 5)
            assert spread.overdue(("shop", "c-1", "hold"), now_ms) == now_ms + 5
            assert spread.overdue(("shop", "c-2", "hold"), now_ms) > now_ms + 9_000

    run(world.clock, main())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM leg",
        "DELETE FROM clock",
        "UPDATE turn SET closed_ms = asked_ms, closed_by = 'nobody'",
    ],
)
def test_an_open_turn_gets_back_what_the_ledger_lost_of_it(world: World, statement: str) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
        change(world, statement)
        async with world.gate() as gate:
            # What nothing points to any more is found when the buyer writes again.
            await gate.received(world.asks("m-2"))
            assert len(await gate.waiting("shop")) == 1
            await asyncio.sleep(25)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)


def test_turns_and_clocks_that_do_not_follow_from_the_facts_are_closed(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
        change(world, "DELETE FROM message")
        async with world.gate() as gate:
            await asyncio.sleep(1)
            assert await gate.waiting("shop") == ()
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.sent == []


def test_every_timer_is_set_before_the_gate_is_ready(world: World) -> None:
    asked = 30

    async def main() -> None:
        async with world.gate() as gate:
            for number in range(asked):
                await gate.received(world.asks(of=f"c-{number}"))
            before = {key: gate._core.wheel.due_ms(key) for key in gate._core.wheel}
        async with world.gate() as gate:
            assert {key: gate._core.wheel.due_ms(key) for key in gate._core.wheel} == before
            assert gate.ready.reasons == ("the gate is catching up",)
            await asyncio.sleep(0.01)
            assert gate.ready.ok
            # Nothing is loaded until it is needed, and what is looked over is let go of.
            await asyncio.sleep(asked / LOOKED_OVER_PER_S + 1)
            assert len(gate._lifetime.conversations) == 0

    run(world.clock, main())


def test_those_who_can_still_be_held_go_first(world: World) -> None:
    """A hundred buyers nobody can help any more do not use up the minute of those who came last."""

    async def before() -> None:
        async with world.gate() as gate:
            for number in range(100):
                await gate.received(world.asks(of=f"old-{number}"))
            await asyncio.sleep(5)
            world.clock.jump_wall(200)
            await gate.received(world.asks(of="new"))

    async def after() -> None:
        world.clock.jump_wall(40)
        async with world.gate():
            await asyncio.sleep(0.2)
            assert world.platform.delivered == (HOLD,)
            await asyncio.sleep(100 / TOO_LATE_PER_S + 1)

    run(world.clock, before())
    run(world.clock, after())
    assert world.platform.delivered == (HOLD,)
    skipped = [fields["conversation"] for fields in world.journal.named("hold.skipped")]
    assert len(set(skipped)) == 100
    assert "new" not in skipped


def test_who_needs_no_timer_is_looked_at_once_an_hour(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question that no rule is about has no timer, for as long as nobody answers it."""
    file = tmp_path / "quiet.toml"
    file.write_text(QUIET, "utf-8")
    world.store = load_store(file)
    loaded: list[str] = []
    load = Conversation.load

    async def noted(self: Conversation, **given: Any) -> None:
        loaded.append(self.key[1])
        await load(self, **given)

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            gate._lifetime.conversations.let_go(("shop", "c-1"))
            monkeypatch.setattr(Conversation, "load", noted)
            await asyncio.sleep(NEEDLESS_S)
            assert loaded == ["c-1"]
            await asyncio.sleep(2 * JANITOR_S)
            assert loaded == ["c-1", "c-1"]
            assert len(await gate.waiting("shop")) == 1

    run(world.clock, main())


def test_a_timer_that_fired_while_the_ledger_was_away_is_set_again(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            now_ms = world.clock.wall_ms()
            await gate.received(Inbound("shop", "c-1", "m-1", "在吗", at_ms=now_ms))
            gate._lifetime.conversations.let_go(("shop", "c-1"))
            gate._core.wheel.cancel(("shop", "c-1", "warn"))
            gate._core.wheel.cancel(("shop", "c-1", "escalate"))
            gate._core.wheel.cancel(("shop", "c-1", "breach"))
            gate._core.wheel.cancel(("shop", "c-1", "hold"))
            with broken(gate):
                # Somebody notices the fault.
                await gate.received(Inbound("shop", "c-2", "m-1", "在吗", at_ms=now_ms))
                await asyncio.sleep(JANITOR_S + 10)
            await asyncio.sleep(JANITOR_S)

    run(world.clock, main())
    missed = [fields["conversation"] for fields in world.journal.named("deadline.missed")]
    assert "c-1" in missed


def test_timers_are_held_against_the_ledgers_now_and_then(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await asyncio.sleep(RECONCILE_S - 2 * JANITOR_S)
            await gate.received(world.asks())
            gate._lifetime.conversations.let_go(("shop", "c-1"))
            for key in list(gate._core.wheel):
                gate._core.wheel.cancel(key)
            await asyncio.sleep(3 * JANITOR_S)

    run(world.clock, main())
    assert [fields["conversation"] for fields in world.journal.named("deadline.missed")] == ["c-1"]
