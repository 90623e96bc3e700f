from __future__ import annotations

import threading

import pytest

from replygate.ledger.executors import InlineExecutor, one_thread


def test_inline_runs_at_once_and_here() -> None:
    future = InlineExecutor().submit(threading.get_ident)
    assert future.done()
    assert future.result() == threading.get_ident()


def test_inline_hands_over_what_went_wrong() -> None:
    future = InlineExecutor().submit(int, "x")
    with pytest.raises(ValueError, match="invalid literal"):
        future.result()


def test_one_thread_keeps_the_order() -> None:
    with one_thread() as executor:
        seen: list[tuple[int, int]] = []
        for number in range(100):
            executor.submit(lambda number: seen.append((number, threading.get_ident())), number)
    assert [number for number, _ in seen] == list(range(100))
    assert len({thread for _, thread in seen}) == 1
    assert seen[0][1] != threading.get_ident()
