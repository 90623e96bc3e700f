from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from replygate.clock import SystemClock
from replygate.errors import LedgerError, PlatformRefused, SendUncertain
from replygate.events import Inbound
from replygate.model import Cleared
from replygate.runtime import ReplyGate

from .kit import Pages, broken, shop

# Threads and loops are the point here, so these run on the real clock; nothing waits for time.


class Wire:
    """The functions that somebody already has, and what they sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.threads: list[int] = []
        self.error: Exception | None = None

    def send(self, uid: str, content: str) -> str:
        self.threads.append(threading.get_ident())
        if self.error is not None:
            raise self.error
        self.sent.append((uid, content))
        return f"w-{len(self.sent)}"

    async def send_async(self, uid: str, content: str) -> str:
        await asyncio.sleep(0)
        return self.send(uid, content)


class Place:
    """An open gate and what stands around it."""

    def __init__(self, gate: ReplyGate, journal: Pages) -> None:
        self.gate = gate
        self.journal = journal
        self.wire = Wire()

    def wrapped(self, fn: Callable[..., Any], **options: Any) -> Callable[..., Any]:
        return self.gate.wrap(
            fn, store="shop", conversation=lambda a: a.uid, text="content", **options
        )

    async def ask(self, conversation: str = "c-1", id_: str = "m-1") -> None:
        await self.gate.received(Inbound("shop", conversation, id_, "在吗"))

    async def waiting(self) -> list[str]:
        await self.gate._core.tasks.idle()
        return [each.conversation for each in await self.gate.waiting("shop")]


@pytest.fixture
async def place(tmp_path: Path) -> Any:
    journal = Pages()
    url = f"sqlite:///{tmp_path}/l.db"
    async with ReplyGate.open(
        stores=shop(tmp_path), ledger=url, journal=journal, clock=SystemClock(), drain_s=0
    ) as gate:
        yield Place(gate, journal)


async def call(place: Place, way: str, *arguments: str, **options: Any) -> Any:
    """Call the wrapped function in one of the ways that it serves."""
    if way == "async":
        return await place.wrapped(place.wire.send_async, **options)(*arguments)
    send = place.wrapped(place.wire.send, **options)
    if way == "on the loop":
        return send(*arguments)
    if way == "in a thread":
        return await asyncio.to_thread(send, *arguments)
    send_async = place.wrapped(place.wire.send_async, **options)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: asyncio.run(send_async(*arguments)))
        return await asyncio.wrap_future(running)


every_way = pytest.mark.parametrize(
    "way", ["async", "in a thread", "on the loop", "on another loop"]
)


@every_way
async def test_a_text_goes_out_and_stops_the_clock(place: Place, way: str) -> None:
    await place.ask()
    assert await call(place, way, "c-1", "今天发") == "w-1"
    assert place.wire.sent == [("c-1", "今天发")]
    assert await place.waiting() == []
    assert len(place.journal.named("reply.sent")) == 1


@every_way
async def test_a_blocked_text_never_reaches_the_function(place: Place, way: str) -> None:
    await place.ask()
    assert await call(place, way, "c-1", "加我微信") is None
    assert place.wire.sent == []
    assert await place.waiting() == ["c-1"]
    assert place.journal.reasons() == ["blocked"]


@every_way
async def test_on_block_says_what_a_blocked_call_returns(place: Place, way: str) -> None:
    def on_block(cleared: Cleared) -> str:
        return f"blocked by {cleared.findings[0].rule}"

    assert await call(place, way, "c-1", "加我微信", on_block=on_block) == "blocked by wechat"


@every_way
async def test_a_rewritten_text_is_what_the_function_gets(place: Place, way: str) -> None:
    await call(place, way, "c-1", "已发京东快递")
    assert place.wire.sent == [("c-1", "已发合作快递")]


@every_way
@pytest.mark.parametrize(
    ("error", "event"),
    [(PlatformRefused("no"), "reply.failed"), (OSError("reset"), "reply.unknown")],
)
async def test_what_the_function_raises_goes_on_to_the_caller(
    place: Place, way: str, error: Exception, event: str
) -> None:
    await place.ask()
    place.wire.error = error
    with pytest.raises(type(error), match=str(error)):
        await call(place, way, "c-1", "今天发")
    assert await place.waiting() == ["c-1"]
    assert len(place.journal.named(event)) == 1


@every_way
async def test_the_intent_is_committed_before_the_function_is_called(
    place: Place, way: str, tmp_path: Path
) -> None:
    seen: list[int] = []

    def look(uid: str, content: str) -> str:
        import sqlite3

        with sqlite3.connect(tmp_path / "l.db") as connection:
            rows = connection.execute("SELECT count(*) FROM outbox WHERE state = 'sending'")
            seen.append(rows.fetchone()[0])
        return "w-1"

    place.wire.send = look  # type: ignore[method-assign]  # the test looks from inside
    await call(place, way, "c-1", "今天发")
    assert seen == [1]


@every_way
async def test_the_platforms_id_makes_an_echo_known(place: Place, way: str) -> None:
    await call(place, way, "c-1", "今天发", platform_id=lambda result: result)
    await place.gate._core.tasks.idle()
    row = (await place.gate._core.ledger.sends("shop", "c-1", 0))[0]
    assert (row.state, row.platform_id) == ("sent", "w-1")


async def test_a_sync_call_runs_in_its_callers_thread(place: Place) -> None:
    send = place.wrapped(place.wire.send)
    with ThreadPoolExecutor(1) as pool:
        thread = await asyncio.wrap_future(pool.submit(threading.get_ident))
        await asyncio.wrap_future(pool.submit(send, "c-1", "今天发"))
    send("c-1", "明天发")
    assert place.wire.threads == [thread, threading.get_ident()]


async def test_on_the_loop_a_buyers_message_under_way_is_committed_first(
    place: Place, tmp_path: Path
) -> None:
    asking = asyncio.gather(place.ask())
    for _ in range(3):
        await asyncio.sleep(0)  # its write waits in the ledger's queue
    place.wrapped(place.wire.send)("c-1", "今天发")
    await asking
    assert await place.waiting() == []


async def test_on_the_loop_an_unknown_conversation_is_learnt_before_its_timers(
    place: Place,
) -> None:
    await place.ask()
    place.gate._lifetime.conversations._known.clear()
    place.wrapped(place.wire.send)("c-1", "今天发")
    assert await place.waiting() == []


@every_way
async def test_in_a_ledger_fault_answers_go_out(place: Place, way: str) -> None:
    with broken(place.gate):
        assert await call(place, way, "c-1", "今天发") == "w-1"
    await place.gate._core.faults.resume()


@every_way
async def test_a_store_may_want_nothing_sent_in_a_ledger_fault(tmp_path: Path, way: str) -> None:
    journal = Pages()
    async with ReplyGate.open(
        stores=shop(tmp_path, 'on_ledger_fault = "nothing"'),
        ledger=f"sqlite:///{tmp_path}/l.db",
        journal=journal,
        drain_s=0,
    ) as gate:
        place = Place(gate, journal)
        with broken(gate), pytest.raises(LedgerError):
            await call(place, way, "c-1", "今天发")
        assert place.wire.sent == []


@pytest.mark.parametrize("way", ["async", "in a thread"])
async def test_a_function_that_takes_too_long_ends_as_unknown(
    place: Place, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replygate.runtime.transmit.SEND_TIMEOUT_S", 0.05)
    done = threading.Event()

    def stalls(uid: str, content: str) -> str:
        done.wait(5)
        return "late"

    async def stalls_async(uid: str, content: str) -> str:
        await asyncio.sleep(5)
        return "never"

    if way == "async":
        with pytest.raises(SendUncertain, match="no answer"):
            await place.wrapped(stalls_async)("c-1", "今天发")
    else:
        calling = asyncio.gather(asyncio.to_thread(place.wrapped(stalls), "c-1", "今天发"))
        await asyncio.sleep(0.2)
        await place.gate._core.tasks.idle()
        done.set()
        [result] = await calling
        assert result == "late"
    assert len(place.journal.named("reply.unknown")) == 1


async def test_a_conversation_may_be_named_by_its_parameter(place: Place) -> None:
    send = place.gate.wrap(place.wire.send, store="shop", conversation="uid", text="content")
    send(uid="c-7", content="今天发")
    assert place.wire.sent == [("c-7", "今天发")]


async def test_a_parameter_that_is_not_there_is_an_error_at_once(place: Place) -> None:
    with pytest.raises(TypeError, match="has no parameter 'text'; it has uid, content"):
        place.gate.wrap(place.wire.send, store="shop", conversation="uid", text="text")
    with pytest.raises(TypeError, match="content is a string, not int"):
        place.wrapped(place.wire.send)("c-1", 7)
