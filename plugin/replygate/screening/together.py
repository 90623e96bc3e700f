"""Phrases that say something only beside each other: 好评 and 返现 in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from replygate.screening.rule import Rule

SENTENCE_END = re.compile(r"[。！？!?；;\n\r]")


def standing_together(
    folded: str, members: Iterable[tuple[Rule, int, int, int]]
) -> Iterator[tuple[Rule, int, int]]:
    """Spans in which every group of a rule has a phrase.

    `members` are rule, group, start and end. Phrases of a rule that stand in one sentence, each at
    most `within` characters behind the one before, are a chain; a chain with every group counts
    from its first phrase to its last.
    """
    by_rule: dict[str, list[tuple[int, int, int]]] = {}
    rules: dict[str, Rule] = {}
    for rule, group, start, end in members:
        rules[rule.id] = rule
        by_rule.setdefault(rule.id, []).append((start, end, group))
    for rule_id, found in by_rule.items():
        rule = rules[rule_id]
        for start, end, groups in _chains(folded, sorted(found), rule.within):
            if len(groups) == len(rule.together):
                yield rule, start, end


def _chains(
    folded: str, found: list[tuple[int, int, int]], within: int
) -> Iterator[tuple[int, int, set[int]]]:
    first, reach, groups = found[0][0], found[0][1], {found[0][2]}
    for start, end, group in found[1:]:
        if start - reach > within or SENTENCE_END.search(folded, reach, start):
            yield first, reach, groups
            first, reach, groups = start, end, set()
        reach = max(reach, end)
        groups.add(group)
    yield first, reach, groups
