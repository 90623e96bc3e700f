"""What really happened: the buyers' and the platforms' own view, never the gate's words."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal

from replygate.events import Event
from replygate.model import Origin

from .virtual import Time

TAIL = 60
"""Lines of the trace that are kept for a failure."""


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass(slots=True)
class Told:
    """Something that the gate is to hear of. Times are true microseconds.

    `at_ms` is the platform's stamp. `told_us` is each time the gate was told, `known_us` when it
    first said that it had taken it; `recorded` that it had written it.
    """

    event: Event
    at_ms: int
    told_us: list[int] = field(default_factory=list)
    known_us: int | None = None
    recorded: bool = False
    lost: bool = False
    """The process died, and might not have known it any more."""


@dataclass(slots=True)
class Question(Told):
    """A buyer's message, or a transfer: who asks, waits."""

    id: str = ""
    transfer: bool = False
    excused_us: int | None = None


@dataclass(slots=True)
class Elsewhere(Told):
    """What somebody sent past the gate."""

    origin: Origin = "human"
    text: str = ""
    own: bool = False


Fate = Literal["under way", "taken", "no", "lost"]


@dataclass(slots=True)
class Request:
    """One call of the platform by the gate. `delivered_us`: when the buyer saw it."""

    store: str
    conversation: str
    text: str
    hold: bool
    client_id: str
    at_us: int
    process: int
    repeat: bool = False
    fate: Fate = "under way"
    delivered_us: int | None = None
    at_ms: int = 0
    unrecorded: bool = False
    """The ledger was known to be broken when it went out."""


@dataclass(slots=True)
class Said:
    """A text that a bot or a person gave the gate; `times` is how often it may go out."""

    store: str
    conversation: str
    text: str
    origin: Origin
    process: int
    send_id: str | None = None
    given_us: int | None = None
    times: int = 1
    blocked: bool = False
    outcomes: list[str] = field(default_factory=list)
    recorded: bool = True


@dataclass(slots=True)
class Talk:
    """One buyer and one store, as they are."""

    store: str
    name: str
    questions: list[Question] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    told_people_us: list[int] = field(default_factory=list)
    """When people heard of it, or the gate said why no hold went out."""
    holds_sent_us: list[int] = field(default_factory=list)
    """When the gate said that a hold had been sent."""
    promises_us: list[int] = field(default_factory=list)
    """When a promise was said to be kept or broken."""

    @property
    def holds(self) -> list[Request]:
        return [request for request in self.requests if request.hold]


class Truth:
    """Everything, and the trace of it."""

    def __init__(self, time: Time, tail: int | None = TAIL) -> None:
        self.talks: dict[tuple[str, str], Talk] = {}
        self.said: dict[str, Said] = {}
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self.unknown_told: set[str] = set()
        self.disturbed_us: list[tuple[int, int]] = []
        """Pauses, jumps, deaths and broken disks: from, to."""
        self.late_ms_max = 0
        self.ledger_down = False
        self._time = time
        self._digest = hashlib.sha256()
        self._tail: deque[str] = deque(maxlen=tail)

    def talk(self, store: str, name: str) -> Talk:
        found = self.talks.get((store, name))
        if found is None:
            found = self.talks[store, name] = Talk(store, name)
        return found

    def note(self, line: str) -> None:
        """One line of the trace."""
        line = f"{self._time.now_us / 1e6:12.6f} {line}"
        self._digest.update(line.encode())
        self._tail.append(line)

    def broken(self, what: str) -> None:
        """An invariant does not hold: the run ends at the next look."""
        self.note(f"BROKEN {what}")
        self.problems.append(f"{self._time.now_us / 1e6:.6f} s: {what}")

    def disturbed(self, from_us: int, to_us: int) -> None:
        self.disturbed_us.append((from_us, to_us))

    def is_disturbed(self, from_us: int, to_us: int) -> bool:
        return any(begin <= to_us and end >= from_us for begin, end in self.disturbed_us)

    def disturbed_within(self, from_us: int, to_us: int) -> int:
        """How much of a time was disturbed; what overlaps counts twice."""
        return sum(
            max(0, min(end, to_us) - max(begin, from_us)) for begin, end in self.disturbed_us
        )

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    @property
    def tail(self) -> str:
        return "\n".join(self._tail)
