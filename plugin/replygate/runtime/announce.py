"""What the timing room decided, as events of the journal: people hear of it there."""

from __future__ import annotations

from collections.abc import Iterable

from replygate.runtime.core import ConversationKey, Core
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
    Warn,
)


def announce(core: Core, key: ConversationKey, commands: Iterable[Command]) -> None:
    """Tell the journal what one event led to. Called when it is written."""
    commands = list(commands)
    for command in commands:
        match command:
            case OpenTurn(turn):
                opened = [
                    {"rule": told.clock.rule.id, "due_ms": told.clock.due_ms}
                    for told in commands
                    if isinstance(told, OpenClock) and told.clock.turn == turn.id
                ]
                _emit(core, key, "turn.opened", turn=turn.id, deadlines=opened)
            case CloseTurn(turn):
                waited_ms = None if turn.closed_ms is None else turn.closed_ms - turn.asked_ms
                _emit(
                    core,
                    key,
                    "turn.closed",
                    turn=turn.id,
                    origin=turn.closed_origin,
                    waited_ms=waited_ms,
                )
            case Warn(clock):
                tell_people(core, key, "warn", turn=clock.turn, clock=clock)
            case Escalate(turn=turn_id, reason=reason, clock=at_stake):
                tell_people(core, key, reason, turn=turn_id, clock=at_stake)
            case Breach(clock):
                _missed(core, key, clock)
            case SkipHold(turn=turn_id, rule_id=rule, reason=reason):
                _emit(core, key, "hold.skipped", turn=turn_id, rule=rule, reason=reason)
            case FollowUp():
                _promise(core, key, command)
            case _:
                pass


def tell_people(
    core: Core,
    key: ConversationKey,
    reason: str,
    *,
    turn: str | None = None,
    clock: Clock | None = None,
) -> None:
    """Somebody on duty should act."""
    _emit(
        core,
        key,
        "people.told",
        turn=turn,
        reason=reason,
        rule=None if clock is None else clock.rule.id,
        due_in_ms=None if clock is None else clock.due_ms - core.clock.wall_ms(),
    )


def _missed(core: Core, key: ConversationKey, clock: Clock) -> None:
    _emit(
        core,
        key,
        "deadline.missed",
        turn=clock.turn,
        rule=clock.rule.id,
        late_ms=core.clock.wall_ms() - clock.due_ms,
        hard=clock.rule.severity == "hard",
    )


def _promise(core: Core, key: ConversationKey, told: FollowUp) -> None:
    if told.outcome == "answered":
        _emit(core, key, "promise.kept", turn=told.turn)
    else:
        _emit(core, key, "promise.broken", turn=told.turn)


def _emit(core: Core, key: ConversationKey, event: str, **fields: object) -> None:
    core.journal.emit(event, store=key[0], conversation=key[1], **fields)
