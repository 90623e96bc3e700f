from __future__ import annotations

from replygate.runtime.announce import announce, tell_people
from replygate.timing.clocks import Clock
from replygate.timing.commands import (
    Breach,
    CloseTurn,
    Command,
    Escalate,
    FollowUp,
    OpenClock,
    OpenTurn,
    SkipHold,
    VoidTurn,
    Warn,
)
from replygate.timing.deadline import DeadlineRule
from replygate.timing.timeline import Turn

from .kit import World
from .virtual import run


def test_every_decision_is_one_event(world: World) -> None:
    now_ms = world.clock.wall_ms()
    rule = DeadlineRule("r-1", "30 s", "message", 30, "test")
    clock = Clock(rule, "m-1", now_ms, now_ms + 30_000, "m-1")
    turn = Turn("m-1", now_ms, now_ms, "message")
    closed = Turn(
        "m-1", now_ms, now_ms, "message", (), now_ms + 7_000, closed_by="r-1", closed_origin="bot"
    )
    commands: list[Command] = [
        OpenTurn(turn),
        OpenClock(clock),
        Warn(clock),
        Escalate("m-1", "waiting", clock),
        Escalate("m-1", "follow_up"),
        Breach(clock),
        SkipHold("m-1", "r-1", 1, "min_gap"),
        FollowUp("h-1", "m-1", "answered", 5),
        FollowUp("h-1", "m-1", "escalated", 5),
        CloseTurn(closed),
        VoidTurn(turn),
    ]

    async def main() -> None:
        async with world.gate() as gate:
            world.journal.events.clear()
            announce(gate._core, ("shop", "c-1"), commands)
            tell_people(gate._core, ("shop", "c-1"), "blocked")
            told = [
                (name, {key: value for key, value in fields.items() if value is not None})
                for name, fields in world.journal.events
            ]
            place = {"store": "shop", "conversation": "c-1"}
            here = {**place, "turn": "m-1"}
            due = [{"rule": "r-1", "due_ms": now_ms + 30_000}]
            stake = {"rule": "r-1", "due_in_ms": 30_000}
            assert told == [
                ("turn.opened", {**here, "deadlines": due}),
                ("people.told", {**here, "reason": "warn", **stake}),
                ("people.told", {**here, "reason": "waiting", **stake}),
                ("people.told", {**here, "reason": "follow_up"}),
                ("deadline.missed", {**here, "rule": "r-1", "late_ms": -30_000, "hard": True}),
                ("hold.skipped", {**here, "rule": "r-1", "reason": "min_gap"}),
                ("promise.kept", here),
                ("promise.broken", here),
                ("turn.closed", {**here, "origin": "bot", "waited_ms": 7_000}),
                ("people.told", {**place, "reason": "blocked"}),
            ]

    run(world.clock, main())
