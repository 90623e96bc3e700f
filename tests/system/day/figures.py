"""Every figure of each platform's profile, as an owner would count it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from .book import Book, Count
from .shop import RUDE

Counting = Callable[[Book], Count]

DAY_HOURS: Final = (8, 23)

FIGURES: Final[dict[str, dict[str, Counting]]] = {
    "pdd": {
        "PDD-M-01": lambda book: book.user_days(3600, DAY_HOURS),
        "PDD-M-03": lambda book: book.buyers(DAY_HOURS),
        "PDD-M-05": lambda book: book.user_days(300, DAY_HOURS),
        "PDD-M-06": lambda book: book.user_days(300, DAY_HOURS),
        "PDD-M-10": lambda book: book.buyers(),
        "PDD-X-05": lambda book: book.user_days(3600, DAY_HOURS),
        "PDD-X-06": lambda book: book.user_days(3600, DAY_HOURS),
    },
    "douyin": {
        "DY-M-01": lambda book: book.moved_first(120),
        "DY-M-02": lambda book: book.moved_mean(180),
        "DY-M-03": lambda book: book.rated(lambda act: act.stars is not None and act.stars >= 4),
    },
    "kuaishou": {
        "KS-M-01": lambda book: book.user_days(180, (8, 24), every=False),
        "KS-M-03": lambda book: book.user_days(180, (8, 24), every=False),
        "KS-M-04": lambda book: book.user_days(180, (8, 24), every=False),
        "KS-M-05": lambda book: book.rated(lambda act: act.label == "satisfied"),
        "KS-M-06": lambda book: book.rated(lambda act: act.label == "satisfied"),
        "KS-M-08": lambda book: book.rated(
            lambda act: act.reason == RUDE,
            of=lambda act: act.label in {"average", "disappointed"},
        ),
        "KS-M-07": lambda book: book.rated(lambda act: act.label == "satisfied"),
    },
    "jd": {
        "JD-D-01": lambda book: book.sessions_first(30, (9, 18)),
        "JD-D-02": lambda book: book.online((9, 18)),
    },
    "xiaohongshu": {
        "XHS-M-01": lambda book: book.sessions_first(180, (9, 23)),
        "XHS-M-02": lambda book: book.rated(lambda act: act.label == "disappointed"),
    },
    "tmall": {
        "TM-D-01": lambda book: book.sessions_first(15),
        "TM-D-01.mean": lambda book: book.rounds_mean(),
        "TM-M-01": lambda book: book.sessions_first(15),
    },
}


@dataclass(frozen=True, slots=True)
class Line:
    """A share below this (`or_at`: or exactly it) is bad."""

    at: str
    or_at: bool = False

    def is_bad(self, good: int, units: int) -> bool:
        """Whether so many of so many are too few."""
        share, at = Fraction(good, units), Fraction(self.at)
        return share < at or (self.or_at and share == at)

    def room(self, count: Count) -> int:
        """How many more may go wrong; negative: so many too many have. Tried one by one."""
        more = 0
        if self.is_bad(count.good, count.units):
            while self.is_bad(count.good + more, count.units):
                more += 1
            return -more
        while not self.is_bad(count.good - more - 1, count.units):
            more += 1
        return more


TARGETS: Final = {
    "PDD-M-06": Line("0.8"),
    "KS-M-04": Line("0.9"),
    "KS-M-06": Line("0.9"),
    "JD-D-02": Line("1"),
}

GATES: Final = {
    "PDD-M-01": Line("0.5"),
    "PDD-X-05": Line("0.5"),
    "PDD-X-06": Line("0.5"),
    "DY-M-01": Line("0.85"),
    "DY-M-02": Line("0.8"),
    "DY-M-03": Line("0.8"),
    "KS-M-03": Line("0.7", or_at=True),
    "KS-M-06": Line("0.8", or_at=True),
}

AT_LEAST: Final = {"PDD-M-01": 100, "PDD-X-05": 100, "PDD-X-06": 101}
"""With fewer buyers nobody judges."""


def charges(platform: str, book: Book) -> dict[str, int]:
    """How often each thing that is punished happened; what never did is left out."""
    counts = {name: counting(book) for name, counting in FIGURES[platform].items()}
    bad = {
        name
        for name, line in GATES.items()
        if name in counts and line.is_bad(counts[name].good, counts[name].units)
    }
    typed = book.verdicts()["elsewhere"]
    match platform:
        case "pdd":
            clocks = {rule.id: book.clocks(rule) for rule in book.shop.deadlines}
            late = [clocks[name].units - clocks[name].good for name in ("PDD-D-06", "PDD-D-07")]
            low = counts["PDD-M-01"].units >= AT_LEAST["PDD-M-01"] and "PDD-M-01" in bad
            found = {"PDD-X-02": max(late), "PDD-X-05": int(low), "PDD-X-08": typed}
        case "douyin":
            found = {"DY-X-03": len(bad)}
        case "kuaishou":
            found = {"KS-X-01": len(bad & {"KS-M-03", "KS-M-06"})}
        case "jd":
            found = {"JD-X-01": typed}
        case _:
            found = {}
    return {name: times for name, times in found.items() if times}
