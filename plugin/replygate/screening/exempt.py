"""Which spans of a text are exempt from a rule: those wholly inside an exception."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import TypeAlias

Key: TypeAlias = str | tuple[str, str] | None
"""What an exemption holds for: a rule by its id, one spelling in a rule, everything (None)."""


class Exemptions:
    """Exempt intervals of one text, by key. One interval must hold all of a span.

    Deny 微信 and 支付宝, allow 微信支付: 用微信支付宝 is still a finding, for 支付宝 reaches out.
    """

    __slots__ = ("_by_key",)

    def __init__(self, intervals: Iterable[tuple[Key, int, int]]) -> None:
        grouped: dict[Key, list[tuple[int, int]]] = {}
        for key, start, end in intervals:
            grouped.setdefault(key, []).append((start, end))
        self._by_key = {key: _furthest(spans) for key, spans in grouped.items()}

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def cover(self, rule_id: str, start: int, end: int, spelling: str | None = None) -> bool:
        """Whether `start:end` lies inside an interval for this rule or for all rules.

        `spelling` is the variant that was found, which may have exemptions of its own.
        """
        if not self._by_key:
            return False
        keys: tuple[Key, ...] = (rule_id, None)
        for key in keys if spelling is None else (*keys, (rule_id, spelling)):
            found = self._by_key.get(key)
            if found is not None:
                starts, furthest = found
                at = bisect_right(starts, start)
                if at and furthest[at - 1] >= end:
                    return True
        return False


class Inner:
    """Spans of one text, by rule, asked for those that lie strictly inside another."""

    __slots__ = ("_by_rule",)

    def __init__(self, spans: Iterable[tuple[str, int, int]]) -> None:
        grouped: dict[str, list[tuple[int, int]]] = {}
        for rule_id, start, end in spans:
            grouped.setdefault(rule_id, []).append((start, end))
        self._by_rule = {rule_id: _nearest(found) for rule_id, found in grouped.items()}

    def inside(self, rule_id: str, start: int, end: int) -> bool:
        """Whether a shorter span of this rule lies in `start:end`."""
        found = self._by_rule.get(rule_id)
        if found is None:
            return False
        starts, nearest = found
        later = nearest[bisect_right(starts, start)]
        return later <= end or nearest[bisect_left(starts, start)] < end


def _furthest(spans: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Starts in order, and for each the furthest end of all intervals that begin by then."""
    spans.sort()
    starts, furthest, reach = [], [], 0
    for start, end in spans:
        reach = max(reach, end)
        starts.append(start)
        furthest.append(reach)
    return starts, furthest


def _nearest(spans: list[tuple[int, int]]) -> tuple[list[int], list[float]]:
    """Starts in order, and for each the nearest end of all spans that begin there or later."""
    spans.sort()
    nearest = [math.inf]
    for _, end in reversed(spans):
        nearest.append(min(nearest[-1], end))
    return [start for start, _ in spans], nearest[::-1]
