from __future__ import annotations

import asyncio

import pytest

from replygate.config import load_store
from replygate.errors import LedgerError
from replygate.model import Draft
from replygate.runtime.outgoing import Sent
from replygate.runtime.sends import OUTCOMES_S, Sends
from replygate.runtime.tasks import Tasks
from replygate.testing import VirtualClock

OUTCOME = Sent(load_store("demo-pdd").gate.screen(Draft("c-1", "今天发")), "sent")


class Counter:
    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.sends = Sends(Tasks(lambda _name, _error: None), self.clock)
        self.names: list[str] = []

    async def work(self, name: str) -> Sent:
        self.names.append(name)
        await asyncio.sleep(0)
        return OUTCOME


async def test_work_without_an_id_is_done_each_time_under_another_name() -> None:
    counter = Counter()
    for _ in range(2):
        assert await counter.sends.once("shop", None, counter.work) is OUTCOME
    assert len(set(counter.names)) == 2


async def test_the_same_id_is_work_once_for_each_store() -> None:
    counter = Counter()
    tries = [counter.sends.once(store, "k", counter.work) for store in ("a", "a", "b", "a")]
    outcomes = await asyncio.gather(*tries)
    assert all(outcome is OUTCOME for outcome in outcomes)
    assert sorted(counter.names) == ["a:k", "b:k"]
    assert await counter.sends.once("a", "k", counter.work) is OUTCOME
    assert len(counter.sends) == 0


async def test_an_outcome_is_forgotten_here_after_a_while() -> None:
    counter = Counter()
    await counter.sends.once("a", "k", counter.work)
    counter.clock.advance(OUTCOMES_S + 1)
    await counter.sends.once("a", "k", counter.work)
    assert counter.names == ["a:k", "a:k"]


async def test_work_that_raised_may_be_tried_again() -> None:
    counter = Counter()

    async def fails(name: str) -> Sent:
        raise LedgerError(name)

    with pytest.raises(LedgerError, match="a:k"):
        await counter.sends.once("a", "k", fails)
    assert await counter.sends.once("a", "k", counter.work) is OUTCOME
