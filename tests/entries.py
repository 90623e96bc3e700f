"""What can be wrong with single words and exceptions of a rule; each check returns the culprits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations

from replygate.model import Cleared
from replygate.screening.fold import fold
from replygate.screening.rule import Rule


def unfound(rules: Iterable[Rule], screen: Callable[[str], Cleared]) -> list[str]:
    """Words that are not found in a sentence, or lead to another action than their rule's."""
    return [
        f"{rule.id}: {word.text}"
        for rule in rules
        for word in rule.words
        if not _acts(screen(f"请看{word.text}商品页"), rule)
    ]


def unspared(rules: Iterable[Rule], screen: Callable[[str], Cleared]) -> list[str]:
    """Exceptions in which their rule finds something nevertheless."""
    return [
        f"{rule.id}: {exempt.text}"
        for rule in rules
        for exempt in rule.exceptions
        if rule.id in {finding.rule for finding in screen(f"看{exempt.text}。").findings}
    ]


def idle(rules: Iterable[Rule]) -> list[str]:
    """Exceptions that hold no word of their rule, and so can spare nothing."""
    return [
        f"{rule.id}: {exempt.text}"
        for rule in rules
        for exempt in rule.exceptions
        if not any(fold(word.text) in fold(exempt.text) for word in rule.words)
    ]


def redundant(rules: Iterable[Rule]) -> list[str]:
    """Blocked words that hold a shorter one: it blocks already, and is spared along with them."""
    return [
        f"{rule.id}: {word.text}"
        for rule in rules
        if rule.action == "block"
        for word, other in permutations(rule.words, 2)
        if fold(other.text) in fold(word.text)
    ]


def _acts(cleared: Cleared, rule: Rule) -> bool:
    found = {finding.rule for finding in cleared.findings}
    return cleared.action == rule.action and rule.id in found
