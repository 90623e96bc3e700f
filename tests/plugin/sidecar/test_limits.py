from __future__ import annotations

from replygate.sidecar import limits


def test_every_limit_is_a_number_above_nothing() -> None:
    found = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert len(found) > 15
    assert all(value > 0 for value in found.values())


def test_kubernetes_waits_for_the_drain() -> None:
    assert limits.DRAIN_S + 2 * limits.LAST_WORDS_S < 30
