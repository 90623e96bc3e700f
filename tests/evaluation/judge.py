"""What the gate says of each sentence, and whether that is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.sentences import LEXICONS, PLATFORM_WORDS, PLATFORMS, Sentence
from replygate import Draft, Finding, Gate, load_store

_STRICTNESS = {"pass": 0, "warn": 1, "rewrite": 2, "block": 3}

NEIGHBOURS: Mapping[str, frozenset[str]] = {
    "contact": frozenset({"payment", "other-platforms", "private-data-request"}),
    "payment": frozenset({"contact", "private-data-request"}),
    "other-platforms": frozenset({"contact"}),
    "personal-data-leak": frozenset({"contact"}),
    "private-data-request": frozenset({"contact", "payment"}),
    "insult": frozenset({"threats", "tone"}),
    "threats": frozenset({"insult"}),
    "tone": frozenset({"insult"}),
    "defamation": frozenset({"insult", "tone"}),
}
"""Lexicons whose finding serves as well: an account to pay to is a contact, too."""


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence on one platform, with all that the gate found there."""

    sentence: Sentence
    platform: str
    findings: tuple[Finding, ...]

    @property
    def right(self) -> bool:
        """Whether nothing was found where nothing should be, or enough where something should."""
        if self.sentence.must_pass:
            return not self.findings
        needed = _STRICTNESS[self.sentence.expect]
        return any(
            _STRICTNESS[finding.action] >= needed and belongs(finding.rule, self.sentence.category)
            for finding in self.findings
        )


def belongs(rule: str, category: str) -> bool:
    """Whether a rule speaks of a category: its lexicon's, a neighbour's, or the platform's own."""
    lexicon = rule.partition(".")[0]
    if lexicon not in LEXICONS:
        return True
    return category == PLATFORM_WORDS or lexicon in {category, *NEIGHBOURS.get(category, ())}


def demo_gates() -> dict[str, Gate]:
    """The gate of each platform's demo store, as it is shipped."""
    return {platform: load_store(f"demo-{platform}").gate for platform in PLATFORMS}


def judge(sentences: Sequence[Sentence], gates: Mapping[str, Gate]) -> Iterator[Case]:
    """Every sentence on every platform that it is meant for."""
    for sentence in sentences:
        for platform in sentence.platforms:
            yield Case(sentence, platform, found(gates[platform], sentence.text))


def found(gate: Gate, text: str) -> tuple[Finding, ...]:
    """All findings of a gate in a bot's text."""
    return gate.screen(Draft(conversation="evaluation", text=text)).findings
