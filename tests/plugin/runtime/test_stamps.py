from __future__ import annotations

import pytest

from replygate.runtime.stamps import AHEAD_MAX_MS, not_ahead

NOW = 1_000_000
AHEAD = NOW + AHEAD_MAX_MS


@pytest.mark.parametrize(
    ("at_ms", "latest_ms", "stands_ms"),
    [
        (NOW - 5, 0, NOW - 5),
        (AHEAD, 0, AHEAD),
        (AHEAD + 1, 0, NOW),
        (AHEAD + 1, NOW - 1, NOW),
        (AHEAD + 1, NOW + 7, NOW + 7),
        (AHEAD + 1, AHEAD + 50_000, AHEAD + 1),
    ],
)
def test_the_future_is_now_but_behind_what_is_known(
    at_ms: int, latest_ms: int, stands_ms: int
) -> None:
    assert not_ahead(at_ms, NOW, latest_ms) == stands_ms
