from __future__ import annotations

import asyncio

import pytest

from replygate.errors import ReplygateError
from replygate.runtime.tasks import Tasks


class Reports:
    def __init__(self) -> None:
        self.failed: list[tuple[str, str]] = []
        self.tasks = Tasks(lambda name, error: self.failed.append((name, repr(error))))


@pytest.fixture
def reports() -> Reports:
    return Reports()


async def fails() -> None:
    await asyncio.sleep(0)
    raise ValueError("broken")


async def test_a_started_task_is_held_until_it_is_done(reports: Reports) -> None:
    go = asyncio.Event()
    reports.tasks.start("waiting", go.wait())
    assert len(reports.tasks) == 1
    go.set()
    await reports.tasks.idle()
    assert len(reports.tasks) == 0
    assert reports.failed == []


async def test_a_task_that_fails_is_reported_by_name(reports: Reports) -> None:
    reports.tasks.start("sweeping", fails())
    await reports.tasks.idle()
    assert reports.failed == [("replygate sweeping", "ValueError('broken')")]


async def test_who_waits_gets_the_error_and_nobody_else_hears_of_it(reports: Reports) -> None:
    with pytest.raises(ValueError, match="broken"):
        await reports.tasks.finish("a send", fails())
    assert reports.failed == []


async def test_work_goes_on_where_its_caller_is_cancelled(reports: Reports) -> None:
    go = asyncio.Event()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await reports.tasks.finish("a send", go.wait())
    assert len(reports.tasks) == 1
    go.set()
    await reports.tasks.idle()


async def test_a_failure_that_nobody_waits_for_any_more_is_reported(reports: Reports) -> None:
    go = asyncio.Event()

    async def fails_later() -> None:
        await go.wait()
        raise ValueError("late")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await reports.tasks.finish("a send", fails_later())
    go.set()
    await reports.tasks.idle()
    assert reports.failed == [("replygate a send", "ValueError('late')")]


async def test_cancelled_work_is_an_error_for_who_waits(reports: Reports) -> None:
    waiting = asyncio.gather(
        reports.tasks.finish("a send", asyncio.Event().wait()), return_exceptions=True
    )
    await asyncio.sleep(0.001)
    await reports.tasks.cancel()
    [error] = await waiting
    assert isinstance(error, ReplygateError)
    assert reports.failed == []


async def test_idle_waits_for_what_is_started_meanwhile(reports: Reports) -> None:
    done: list[str] = []

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        reports.tasks.start("second", second())
        done.append("first")

    reports.tasks.start("first", first())
    await reports.tasks.idle()
    assert done == ["first", "second"]
