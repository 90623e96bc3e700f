"""The platforms' time stamps: their clocks are not ours."""

from __future__ import annotations

AHEAD_MAX_MS = 60_000
"""Clocks differ; what claims to happen later than this happens now.

One limit for all that bears a platform's stamp: with two, answers could precede their questions.
"""


def not_ahead(at_ms: int, now_ms: int, latest_ms: int) -> int:
    """A stamp; one from the future is now, but not before `latest_ms`, the latest fact known.

    Of two clocks that are so far apart nothing is left but the order in which we are told.
    """
    ahead = at_ms > now_ms + AHEAD_MAX_MS
    return min(at_ms, max(now_ms, latest_ms)) if ahead else at_ms
