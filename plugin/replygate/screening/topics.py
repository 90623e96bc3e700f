"""What a buyer's text is about: the same engine as for drafts, asked for names only."""

from __future__ import annotations

from typing import Self

from replygate.screening.rule import Rule, RulePart
from replygate.screening.rulebook import Rulebook

READ_CHARS = 2_000
"""How much of a text is read: a question is at its beginning, and a buyer may send anything."""


class Topics:
    """The topics that a store knows. Immutable; equal ones of several stores are compiled once."""

    __slots__ = ("_book", "ids")

    def __init__(self, book: Rulebook, ids: frozenset[str]) -> None:
        self._book = book
        self.ids = ids

    @classmethod
    def compile(cls, rules: tuple[Rule, ...]) -> Self:
        """Compile topics: rules that are named after what they speak of, whatever they ask for.

        Raises ValueError for a pattern that can not run, ImportError when the extra is missing.
        """
        ids = frozenset(rule.id for rule in rules)
        return cls(Rulebook.compile(RulePart(rules), RulePart()), ids)

    def of(self, text: str) -> frozenset[str]:
        """What the text is about. Raises nothing, whatever it holds."""
        if not self.ids:
            return frozenset()
        found = self._book.find(text[:READ_CHARS], origin="buyer")
        return frozenset(finding.rule for finding in found)
