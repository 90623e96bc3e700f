"""Which spans of a text are exempt from a rule: those wholly inside an exception."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Exemptions:
    """Exempt intervals of one text, by rule. One interval must hold all of a span.

    Deny 微信 and 支付宝, allow 微信支付: 用微信支付宝 is still a finding, for 支付宝 reaches out.
    """

    __slots__ = ("_by_rule",)

    def __init__(self, intervals: Iterable[tuple[str | None, int, int]]) -> None:
        grouped: dict[str | None, list[tuple[int, int]]] = {}
        for rule_id, start, end in intervals:
            grouped.setdefault(rule_id, []).append((start, end))
        self._by_rule = {rule_id: _furthest(spans) for rule_id, spans in grouped.items()}

    def cover(self, rule_id: str, start: int, end: int) -> bool:
        """Whether `start:end` lies inside an interval for this rule or for all rules."""
        for key in (rule_id, None):
            found = self._by_rule.get(key)
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
