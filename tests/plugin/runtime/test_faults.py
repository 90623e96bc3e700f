from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from replygate.errors import LedgerError
from replygate.ledger import InlineExecutor, SqliteLedger
from replygate.runtime.faults import RETRY_S, Faults

from .kit import HOLD, World, broken
from .virtual import run


def test_in_a_fault_answers_go_out_and_are_recorded_afterwards(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            await asyncio.sleep(1)
            with broken(gate):
                sent = await gate.send(world.says(), send_id="k-1")
                assert (sent.state, sent.recorded) == ("sent", False)
                assert await gate.send(world.says(), send_id="k-1") == sent
                ok, reasons = gate.ready
                assert not ok
                assert "disk is full" in reasons[0]
                await asyncio.sleep(5)
            await asyncio.sleep(RETRY_S + 1)
            assert gate.ready == (True, ())
            assert await gate.waiting("shop") == ()

    run(world.clock, main())
    assert world.platform.delivered == ("今天发",)
    [row] = run(world.clock, world.outbox())
    assert (row.send_id, row.state, row.platform_id) == ("shop:k-1", "sent", "fake-1")
    assert len(world.journal.named("ledger.fault")) == 1
    assert len(world.journal.named("ledger.recovered")) == 1


def test_a_store_may_want_nothing_sent_in_a_fault(tmp_path: Path) -> None:
    world = World(tmp_path, 'on_ledger_fault = "nothing"')

    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            with broken(gate):
                for _ in range(2):
                    with pytest.raises(LedgerError, match="disk is full"):
                        await gate.send(world.says(), send_id="k-1")
            await asyncio.sleep(RETRY_S + 1)
            # Nothing was sent, so the same id may try again; and the hold is free meanwhile.
            assert (await gate.send(world.says(), send_id="k-1")).state == "sent"

    run(world.clock, main())
    assert world.platform.delivered == ("今天发",)


def test_in_a_fault_no_hold_goes_out_and_people_are_told(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            await gate.received(world.asks())
            with broken(gate):
                await asyncio.sleep(60)
            await asyncio.sleep(60)

    run(world.clock, main())
    assert world.platform.sent == []
    assert world.journal.reasons("hold.skipped") == ["ledger fault"]
    assert {"warn", "waiting", "hold_failed"} <= set(world.journal.reasons())


def test_a_buyer_who_writes_in_a_fault_is_known_when_it_ends(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with broken(gate):
                received = await gate.received(world.asks())
                assert (received.new, received.recorded) == (True, False)
                assert len(received.deadlines) == 1
                assert not (await gate.received(world.asks())).new
                await asyncio.sleep(3)
            await asyncio.sleep(RETRY_S + 1)
            assert len(await gate.waiting("shop")) == 1
            await asyncio.sleep(25)

    run(world.clock, main())
    assert world.platform.delivered == (HOLD,)


def test_what_can_not_be_written_before_the_end_is_said(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            with broken(gate):
                await gate.received(world.asks())
                await gate.drain(0.1)

    run(world.clock, main())
    assert "given up: 1 writes" in world.journal.named("ledger.fault")[-1]["reason"]


async def faults_of(path: Path, lost: list[str]) -> tuple[SqliteLedger, Faults]:
    ledger = await SqliteLedger.open(f"sqlite:///{path}/l.db", executor=InlineExecutor)
    return ledger, Faults(ledger, told=lambda _reason: None, lost=lost.append)


async def test_writes_that_were_put_off_are_done_in_their_order(tmp_path: Path) -> None:
    lost: list[str] = []
    ledger, faults = await faults_of(tmp_path, lost)
    done: list[int] = []

    async def write(number: int) -> bool:
        done.append(number)
        return True

    faults.note(LedgerError("full"))
    for number in range(5):
        assert await faults.write(partial(write, number)) is None
    assert (faults.unwritten, done) == (5, [])
    assert await faults.resume()
    assert (done, faults.down, lost) == ([0, 1, 2, 3, 4], False, [])
    await ledger.close()


@pytest.mark.parametrize("error", [LedgerError("never"), ValueError("never")])
async def test_a_write_that_can_never_be_done_does_not_stop_the_others(
    tmp_path: Path, error: Exception
) -> None:
    lost: list[str] = []
    ledger, faults = await faults_of(tmp_path, lost)
    done: list[int] = []

    async def never() -> None:
        raise error

    async def write() -> None:
        done.append(1)

    faults.note(LedgerError("full"))
    faults.put_off(never)
    faults.put_off(write)
    assert await faults.resume()
    assert (done, len(lost)) == ([1], 1)
    await ledger.close()


async def test_more_writes_than_fit_are_given_up_aloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replygate.runtime.faults.UNWRITTEN_MAX", 1)
    lost: list[str] = []
    ledger, faults = await faults_of(tmp_path, lost)

    async def write() -> None:
        return None

    faults.note(LedgerError("full"))
    faults.put_off(write)
    faults.put_off(write)
    assert (faults.unwritten, len(lost)) == (1, 1)
    await ledger.close()
