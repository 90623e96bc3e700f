"""What can be wrong with single words and exceptions of a rule; each check returns the culprits.

Alternatives in braces stand for thousands of words, so some checks look at a part of them, spread
over all, and others at the entry as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from replygate.config.alternatives import expand
from replygate.model import Cleared
from replygate.screening.fold import fold
from replygate.screening.rule import Rule
from replygate.screening.variants import variants

_TRIED_MAX = 200
"""Words and exceptions of a rule that are screened."""

_T = TypeVar("_T")


def unfound(rules: Iterable[Rule], screen: Callable[[str], Cleared]) -> list[str]:
    """Words that are not found in a sentence, or lead to another action than their rule's."""
    return [
        f"{rule.id}: {word.text}"
        for rule in rules
        for word in _some(rule.words)
        if not _acts(screen(_sentence(rule, _as_looked_for(rule, word.text))), rule)
    ]


def unspared(rules: Iterable[Rule], screen: Callable[[str], Cleared]) -> list[str]:
    """Exceptions in which their rule finds something nevertheless."""
    return [
        f"{rule.id}: {exempt.text}"
        for rule in rules
        for exempt in _some(rule.exceptions)
        if rule.id in {finding.rule for finding in screen(f"看{exempt.text}。").findings}
    ]


def idle(tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """Exceptions, as written, that hold nothing their rule looks for, and so can spare nothing."""
    culprits: list[str] = []
    for table in tables:
        sought = {*_words(table), *(text for group in table.get("all", ()) for text in _all(group))}
        if table.get("evasions"):
            sought |= {variant.text for word in _words(table) for variant in variants(word)}
        culprits += [
            f"{table['id']}: {entry}"
            for entry in (*table.get("except", ()), *table.get("except_unless", {}))
            if all(sought.isdisjoint(_parts(text)) for text in _all(entry))
        ]
    return culprits


def redundant(tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """Blocked words, as written, each of which holds a shorter one of another entry.

    That one blocks already, and is spared along with them.
    """
    culprits = []
    for table in tables:
        entries = {entry: set(_all(entry)) for entry in table.get("words", ())}
        for entry, words in entries.items():
            others = set().union(*(entries[other] for other in entries if other != entry))
            if table["action"] == "block" and all(others & _parts(word) for word in words):
                culprits.append(f"{table['id']}: {entry}")
    return culprits


def _all(entry: str) -> Iterator[str]:
    return (fold(text).replace(" ", "") for text, _ in expand(entry))


def _words(table: Mapping[str, Any]) -> Iterator[str]:
    for entry in (*table.get("words", ()), *table.get("rewrites", {})):
        yield from _all(entry)


def _parts(word: str) -> set[str]:
    size = len(word)
    return {word[start:end] for start in range(size) for end in range(start + 1, size + 1)}


def _some(entries: Sequence[_T]) -> Sequence[_T]:
    return entries[:: len(entries) // _TRIED_MAX + 1]


def _as_looked_for(rule: Rule, word: str) -> str:
    """The word, or in disguise where it is its own exception: then only its disguises count."""
    return "*".join(word) if word in {exempt.text for exempt in rule.exceptions} else word


def _sentence(rule: Rule, word: str) -> str:
    return f"加{word}聊" if rule.evidence else f"这里{word}商品页"


def _acts(cleared: Cleared, rule: Rule) -> bool:
    found = {finding.rule for finding in cleared.findings}
    return rule.id in found and rule.action in ("warn", cleared.action)
