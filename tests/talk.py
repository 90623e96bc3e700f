"""Short words for conversations: facts at seconds after a morning, and rules to judge them by."""

from __future__ import annotations

import datetime as dt

from replygate.model import Origin
from replygate.timing.calendar import Window
from replygate.timing.commands import (
    Arm,
    Cancel,
    Command,
    Fired,
)
from replygate.timing.deadline import Counts, DeadlineRule, Opens
from replygate.timing.events import (
    Excuse,
    Mark,
    Message,
    SessionClose,
    SessionOpen,
    Transfer,
)
from replygate.timing.holding import HoldingPolicy
from replygate.timing.legs import Terms

MORNING_MS = round(dt.datetime.fromisoformat("2026-11-20T10:00:00+08:00").timestamp() * 1000)

HUMAN_ONLY = Counts(human="yes", bot="no", hold="no")
ANYONE = Counts(human="yes", bot="yes", hold="yes")
HOLD_TEXTS = ("已收到，稍后为您解答", "收到啦，会尽快答复")


def ms(second: float) -> int:
    """Unix ms of a second after the morning."""
    return MORNING_MS + round(second * 1000)


def ask(name: str, second: float, *topics: str, seen: float | None = None) -> Message:
    """A question of the buyer."""
    return Message(name, ms(second), ms(second if seen is None else seen), "in", "buyer", topics)


def say(
    name: str,
    second: float,
    origin: Origin = "human",
    *,
    seen: float | None = None,
    own: bool = False,
) -> Message:
    """A message of the store."""
    received = ms(second if seen is None else seen)
    return Message(name, ms(second), received, "out", origin, own=own)


def notice(name: str, second: float) -> Message:
    """A system notice, which some platforms label as the buyer's."""
    return Message(name, ms(second), ms(second), "in", "platform")


def transfer(second: float, name: str = "") -> Transfer:
    """A transfer to a human."""
    return Transfer(ms(second), ms(second), name)


def session(second: float) -> SessionOpen:
    """The platform says that a session began."""
    return SessionOpen(ms(second), ms(second))


def session_end(second: float) -> SessionClose:
    """The platform says that the session is over."""
    return SessionClose(ms(second), ms(second))


def mark(message: str, excuse: Excuse, second: float) -> Mark:
    """Something is said of a message."""
    return Mark(message, excuse, ms(second), ms(second))


def rule(
    name: str,
    due_s: int | None = 180,
    *,
    opens: Opens = "message",
    counts: Counts = ANYONE,
    window: Window | None = None,
    topic: str | None = None,
    inclusive: bool = True,
) -> DeadlineRule:
    """A deadline rule that stands for no platform's."""
    return DeadlineRule(
        name,
        name,
        opens,
        due_s,
        "test",
        window=window or Window(),
        inclusive=inclusive,
        topic=topic,
        counts=counts,
    )


def terms(*rules: DeadlineRule, holding: HoldingPolicy | None = None) -> Terms:
    """The rules of a store that has two holding texts."""
    return Terms(rules, holding or HoldingPolicy(HOLD_TEXTS))


def brief(commands: list[Command]) -> list[str]:
    """Commands as words: `arm hold 160`, `open-clock R a`, in seconds after the morning."""
    return [_word(command) for command in commands if not isinstance(command, Fired)]


def _word(command: Command) -> str:
    name = "".join(f"-{c.lower()}" if c.isupper() else c for c in type(command).__name__)[1:]
    if isinstance(command, Arm | Cancel):
        second = (command.leg.due_ms - MORNING_MS) / 1000
        return f"{name} {command.leg.kind}" + (f" {second:g}" if name == "arm" else "")
    parts = []
    for field in ("turn", "clock", "hold", "outcome", "reason", "text", "fact"):
        value = getattr(command, field, None)
        if field == "clock" and value is not None:
            parts.append(f"{value.rule.id} {value.opened_by}")
        elif value is not None and (field != "turn" or name.endswith("turn")):
            parts.append(value if isinstance(value, str) else getattr(value, "id", ""))
    return " ".join([name, *parts])
