"""One day of a shop, made up from a seed: who writes what when, and who answers how soon.

Every reply keeps away from the moments at which a holding reply may go out, so that what a holding
reply does is known beforehand (`plan.py`), and every figure can be counted by hand (`book.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from replygate.events import Excuse, RatingLabel
from replygate.model import Origin

from .shop import (
    AGENTS,
    BLOCKED,
    BY_HAND,
    GREETING,
    HOUR_MS,
    PLAIN,
    REWRITTEN,
    SHOPS,
    START_MS,
    TYPED,
    Shop,
)

What = Literal["ask", "say", "typed", "auto", "hold", "move", "open", "close", "mark", "rate"]
"""`say` goes through the gate, `typed` is written at a console beside it; `auto` is the platform's
own greeting, `hold` our holding reply, `move` a transfer to a person."""

BUSY: Final = (
    (0, 8, 5),
    (8, 9, 5),
    (9, 18, 42),
    (18, 23, 42),
    (23, 24, 6),
)
"""From and to (hours), and how many of a hundred buyers come then: most of them in the evening."""

QUESTIONS: Final = ("这个包多重", "颜色有几种", "有没有大一号的", "可以机洗吗", "里面有赠品吗")
PRESSURE: Final = ("在吗", "人呢", "???")
THANKS: Final = ("好的谢谢", "知道了", "谢谢啦")

# Seconds from the first question to its answer; the gaps are where holds go out.
QUICK: Final = (1.0, 5.5)
SLOW: Final = ((11.0, 16.5), (22.0, 29.0), (31.0, 95.0), (102.0, 154.0), (163.0, 178.0))
LATE: Final = ((182.0, 275.0), (283.0, 299.0), (301.0, 1500.0), (1800.0, 3500.0), (3610.0, 9000.0))


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens in a conversation, at `at_ms`; we hear of it `late_ms` later.

    `id` is a message's own, `means` the one that a mark is about. `twice`: it is reported twice.
    """

    at_ms: int
    what: What
    id: str = ""
    text: str = ""
    origin: Origin = "buyer"
    agent: str = ""
    topics: tuple[str, ...] = ()
    means: str = ""
    excuse: Excuse | None = None
    stars: float | None = None
    label: RatingLabel | None = None
    reason: str = ""
    late_ms: int = 0
    twice: bool = False

    @property
    def heard_ms(self) -> int:
        """When the gate hears of it."""
        return self.at_ms + self.late_ms

    @property
    def is_thanks(self) -> bool:
        """Whether it asks nothing."""
        return self.text in THANKS

    @property
    def arrives(self) -> bool:
        """Whether the buyer sees it, if it is a text of the shop's."""
        if self.what == "say":
            return self.text not in BLOCKED
        return self.what in {"typed", "auto", "hold"}


@dataclass(frozen=True, slots=True)
class Chat:
    """A buyer's day with the shop."""

    name: str
    acts: tuple[Act, ...]

    def excused(self, shop: Shop) -> set[str]:
        """The ids of the questions that this platform wants no reply to."""
        return {act.means for act in self.acts if act.excuse in shop.excuses}


@dataclass
class _Writer:
    """Writes one conversation. Times are in seconds after its beginning."""

    shop: Shop
    chance: random.Random
    start_ms: int
    acts: list[Act] = field(default_factory=list)

    def at(self, seconds: float) -> int:
        return self.start_ms + round(seconds * 1000)

    def put(self, seconds: float, what: What, **how: object) -> None:
        number = f"{what}-{len(self.acts) + 1}"
        self.acts.append(replace(Act(self.at(seconds), what, number), **how))  # type: ignore[arg-type]  # the names are those of Act

    def visit(self, since_s: float) -> float:
        """A question or some, and what comes of them; when it is over."""
        chance = self.chance
        last_s = since_s
        for more in range(chance.choices((1, 2, 3), (70, 20, 10))[0]):
            last_s = since_s + more * chance.uniform(2, 6)
            self.ask(last_s, chance.choice(QUESTIONS))
        kind = chance.choices([one for one, _ in _KINDS], [much for _, much in _KINDS])[0]
        return max(last_s, kind(self, since_s, last_s))

    def ask(self, seconds: float, text: str) -> None:
        topics = tuple(t for t, share in self.shop.topics if self.chance.random() < share)
        self.put(seconds, "ask", text=text, topics=topics, twice=self.chance.random() < 0.03)

    def bot(self, seconds: float) -> None:
        text = self.fresh(PLAIN, REWRITTEN if self.chance.random() < 0.04 else None)
        self.put(seconds, "say", text=text, origin="bot", agent="robot")

    def human(self, seconds: float) -> None:
        chance, agent = self.chance, self.chance.choice(AGENTS)
        if chance.random() < 0.5:
            self.put(seconds, "say", text=self.fresh(BY_HAND), origin="human", agent=agent)
            return
        text = self.fresh(BY_HAND, TYPED if chance.random() < 0.03 else None)
        late_ms = round(chance.uniform(30, 90) * 1000) if chance.random() < 0.2 else 0
        self.put(seconds, "typed", text=text, origin="human", agent=agent, late_ms=late_ms)

    def fresh(self, texts: tuple[str, ...], rather: str | None = None) -> str:
        """A text that this buyer has not had: some platforms mind who repeats himself."""
        had = {act.text for act in self.acts}
        if rather is not None and rather not in had:
            return rather
        return self.chance.choice([text for text in texts if text not in had])

    def some(self, spans: tuple[tuple[float, float], ...]) -> float:
        return self.chance.uniform(*self.chance.choice(spans))


def _quick_bot(chat: _Writer, since_s: float, last_s: float) -> float:
    end_s = max(since_s + chat.chance.uniform(*QUICK), last_s + 0.5)
    chat.bot(end_s)
    return end_s


def _slow_bot(chat: _Writer, since_s: float, last_s: float) -> float:
    end_s = max(since_s + chat.some(SLOW), last_s + 0.5)
    chat.bot(end_s)
    return end_s


def _human(chat: _Writer, since_s: float, last_s: float) -> float:
    end_s = max(since_s + chat.some(SLOW), last_s + 0.5)
    chat.human(end_s)
    return end_s


def _late_human(chat: _Writer, since_s: float, last_s: float) -> float:
    end_s = max(since_s + chat.some(LATE), last_s + 0.5)
    chat.human(end_s)
    return end_s


def _bot_then_human(chat: _Writer, since_s: float, last_s: float) -> float:
    first_s = _quick_bot(chat, since_s, last_s)
    end_s = first_s + chat.chance.uniform(15, 200)
    chat.human(end_s)
    return end_s


def _moved(chat: _Writer, since_s: float, last_s: float) -> float:
    """The bot gives up, the platform moves the buyer to a person, who may come."""
    first_s = _quick_bot(chat, since_s, last_s)
    moved_s = first_s + chat.chance.uniform(5, 30)
    chat.put(moved_s, "move")
    if chat.chance.random() < 0.15:
        return moved_s
    end_s = moved_s + chat.some(SLOW if chat.chance.random() < 0.8 else LATE)
    chat.human(end_s)
    return end_s


def _silent(chat: _Writer, since_s: float, last_s: float) -> float:
    """Nobody answers; some buyers press."""
    if chat.chance.random() < 0.5:
        last_s = last_s + chat.chance.uniform(90, 400)
        chat.ask(last_s, chat.chance.choice(PRESSURE))
    return last_s


def _pressed(chat: _Writer, since_s: float, last_s: float) -> float:
    again_s = last_s + chat.chance.uniform(60, 250)
    chat.ask(again_s, chat.chance.choice(PRESSURE))
    end_s = again_s + chat.some(SLOW)
    chat.human(end_s)
    return end_s


def _blocked(chat: _Writer, since_s: float, last_s: float) -> float:
    """The bot writes what may not go out; a person answers later, or nobody."""
    chat.put(last_s + 1, "say", text=chat.fresh(BLOCKED), origin="bot", agent="robot")
    return _human(chat, since_s, last_s) if chat.chance.random() < 0.7 else last_s + 1


def _excused(chat: _Writer, since_s: float, last_s: float) -> float:
    """The platform says that the last question needs no reply."""
    (*_, last) = (act for act in chat.acts if act.what == "ask")
    excuse = chat.chance.choice(("recall", "platform_spam", "ad_reported"))
    chat.put(last_s + 3, "mark", means=last.id, excuse=excuse)
    return last_s + 3


def _greeted(chat: _Writer, since_s: float, last_s: float) -> float:
    """The platform's own greeting answers nothing."""
    chat.put(last_s + 0.3, "auto", text=GREETING, origin="platform")
    return _human(chat, since_s, last_s)


_KINDS: Final[tuple[tuple[Callable[[_Writer, float, float], float], int], ...]] = (
    (_quick_bot, 28),
    (_slow_bot, 7),
    (_human, 26),
    (_late_human, 5),
    (_bot_then_human, 12),
    (_moved, 8),
    (_silent, 5),
    (_pressed, 3),
    (_blocked, 3),
    (_excused, 2),
    (_greeted, 2),
)


def chats(platform: str, seed: int, number: int, fits: Callable[[Chat], bool]) -> list[Chat]:
    """The day's conversations. `fits` says of which it is known beforehand what comes of them."""
    chance = random.Random(f"{platform} {seed}")  # noqa: S311 - the same day for the same seed
    made: list[Chat] = []
    while len(made) < number:
        chat = Chat(f"buyer-{len(made) + 1}", tuple(_acts(SHOPS[platform], chance)))
        if fits(chat):
            made.append(chat)
    return made


def _acts(shop: Shop, chance: random.Random) -> Iterator[Act]:
    first, last, _ = chance.choices(BUSY, [much for *_, much in BUSY])[0]
    start_ms = START_MS + round(chance.uniform(first, last) * HOUR_MS)
    chat = _Writer(shop, chance, start_ms)
    named = chance.random() < shop.named
    if named:
        chat.put(-chance.uniform(1, 3), "open")
    end_s = chat.visit(0.0)
    if chance.random() < 0.15:
        end_s += chance.uniform(10, 40)
        chat.ask(end_s, chance.choice(THANKS))
        if chance.random() < 0.5:
            end_s += chance.uniform(*QUICK)
            chat.bot(end_s)
    if chance.random() < 0.1:
        end_s = chat.visit(end_s + chance.uniform(700, 7200))
    if named and chance.random() < 0.7:
        end_s += 400
        chat.put(end_s, "close")
    if chance.random() < 0.15 and shop.ratings:
        chat.put(end_s + 60, "rate", agent=chance.choice(AGENTS), **shop.rating(chance))
    yield from sorted(chat.acts, key=lambda act: act.at_ms)
