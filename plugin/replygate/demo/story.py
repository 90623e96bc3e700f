"""What happens, told live: a line for everything that is said, why, and how long buyers wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from replygate.demo.script import scene_of

Tone = Literal["plain", "good", "warn", "bad"]

Print = Callable[[str, Tone], None]
"""Shows one line."""

COUNTED: Final = (
    "asked",
    "bot_said",
    "passed",
    "rewritten",
    "blocked",
    "delivered",
    "held",
    "by_people",
)


SHOWN_MAX: Final = 2
"""Findings that are shown of one text; the counters know all."""


@dataclass(slots=True)
class Waiting:
    """A buyer who waits since `since_s`, until `due_s`."""

    since_s: float
    due_s: float | None = None


@dataclass(slots=True)
class Story:
    """Hears the platform, the bot and the gate, and shows what a person wants to know.

    Times are seconds since the beginning, which `now_s` gives.
    """

    show: Print
    now_s: Callable[[], float]
    counters: Counter[str] = field(default_factory=Counter)
    holds: list[dict[str, Any]] = field(default_factory=list)
    _waiting: dict[int, Waiting] = field(default_factory=dict)

    def figures(self) -> dict[str, int]:
        """How often each thing happened."""
        return {name: self.counters[name] for name in COUNTED}

    def asks(self, user_id: int, text: str) -> None:
        """A buyer writes."""
        self.counters["asked"] += 1
        scene = scene_of(user_id)
        label = f"   ← {scene.label}" if scene else ""
        self._line(user_id, "买家 asks", f"{text}{label}")

    def opened(self, user_id: int, name: str, due_s: float) -> None:
        """The gate knows how long this buyer may wait."""
        self._waiting[user_id] = Waiting(self.now_s(), due_s)
        left_s = due_s - self.now_s()
        self._line(user_id, "期限 due", f"还有 {left_s:.1f} s left · {name}")

    def bot_says(self, user_id: int, text: str, call: str) -> None:
        """The bot hands a text to its framework."""
        self.counters["bot_said"] += 1
        self._line(user_id, "机器人 bot", f"{text}   [{call}]")

    def judged(self, user_id: int, action: str, findings: Sequence[Mapping[str, str]]) -> None:
        """The gate has judged a text of the bot."""
        verdict, words, tone = _VERDICTS[action]
        self.counters[verdict] += 1
        if not findings or not words:
            return
        told = [f"{each['rule']}「{each['matched']}」{each['why']}" for each in findings]
        lines = list(dict.fromkeys(told))
        more = [f"… +{len(lines) - SHOWN_MAX}"] if len(lines) > SHOWN_MAX else []
        self._line(user_id, words, "\n".join([*lines[:SHOWN_MAX], *more]), tone)

    def delivered(self, user_id: int, text: str, origin: str) -> None:
        """The buyer got a text; `origin` says who wrote it."""
        self.counters["delivered"] += 1
        waits = self._waiting.get(user_id)
        if origin == "hold":
            self.counters["held"] += 1
            self.holds.append({"user_id": user_id, "at_s": round(self.now_s(), 3), "text": text})
            left_s = waits.due_s - self.now_s() if waits and waits.due_s is not None else None
            left = f"   到期前 {left_s:.1f} s before the deadline" if left_s is not None else ""
            self._line(user_id, "安抚 hold", f"{text}{left}", "warn")
            return
        self._answered(user_id, "买家收到 got", text)

    def person(self, user_id: int, text: str) -> None:
        """A person of the shop answered somewhere else."""
        self.counters["by_people"] += 1
        self._answered(user_id, "真人回复 person", text)

    def _answered(self, user_id: int, who: str, text: str) -> None:
        waits = self._waiting.pop(user_id, None)
        waited = f"   等了 waited {self.now_s() - waits.since_s:.1f} s" if waits else ""
        self._line(user_id, who, f"{text}{waited}", "good")

    def _line(self, user_id: int, who: str, text: str, tone: Tone = "plain") -> None:
        scene = scene_of(user_id)
        name = scene.name if scene else str(user_id)
        for line in text.split("\n"):
            self.show(f"{self.now_s():5.1f} s  {name}  {_padded(who)}  {line}", tone)


_VERDICTS: Final[dict[str, tuple[str, str, Tone]]] = {
    "pass": ("passed", "", "plain"),
    "rewrite": ("rewritten", "改写 rewritten", "warn"),
    "block": ("blocked", "拦截 blocked", "bad"),
}

_WHO_COLUMNS: Final = 15


def _padded(who: str) -> str:
    """Fill up to equal columns; a Chinese character takes two."""
    columns = sum(2 if char > "\x7f" else 1 for char in who)
    return who + " " * (_WHO_COLUMNS - columns)
