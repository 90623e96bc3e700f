from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from replygate.sidecar.collector import OLDER, YOUNG, settle, unsettle


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_there_is_left_alone_until_it_may_go() -> None:
    kept: list[list[int]] = [[] for _ in range(100)]
    settle()
    assert gc.get_threshold() == (YOUNG, OLDER, OLDER)
    assert gc.get_freeze_count() > len(kept)
    unsettle()
    assert gc.get_freeze_count() == 0
