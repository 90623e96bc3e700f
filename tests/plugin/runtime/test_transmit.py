from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from replygate.config import load_store
from replygate.errors import PlatformBusy, PlatformError, PlatformRefused, SendUncertain
from replygate.model import Cleared, Draft, Receipt
from replygate.runtime.breaker import FAILURES_MAX
from replygate.runtime.lane import Lane
from replygate.runtime.platform import Port
from replygate.runtime.transmit import REPEATS_MAX, SEND_TIMEOUT_S, Outcome, transmit
from replygate.testing import VirtualClock

from .virtual import run

RECEIPT = Receipt("p-1", 1)


class Replies:
    """A platform that answers from a list, and the client ids it was given."""

    def __init__(self, answers: Sequence[Any]) -> None:
        self.answers = list(answers)
        self.ids: list[str] = []

    async def send(self, cleared: Cleared, client_id: str) -> Receipt:
        assert cleared.text == "今天发"
        self.ids.append(client_id)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        if callable(answer):
            answer = await answer()
        given: Receipt = answer
        return given


def sent(
    *answers: object, dedupes: bool = False, until_s: float = 30
) -> tuple[Outcome, Replies, float]:
    clock = VirtualClock()
    replies = Replies(answers)
    cleared = load_store("demo-pdd").gate.screen(Draft("c-1", "今天发"))
    port = Port(replies.send, dedupes)
    lane = Lane(clock, turned=lambda _turned: None)
    work = transmit(port, cleared, "id-1", until_s=until_s, clock=clock, lane=lane)
    outcome = run(clock, work)
    return outcome, replies, clock.monotonic_s()


def test_a_hold_that_was_held_up_too_long_helps_nobody() -> None:
    for late_s, state in ((60.0, "sent"), (60.5, "failed")):
        clock = VirtualClock()
        clock.advance(30 + late_s)
        replies = Replies([RECEIPT])
        cleared = load_store("demo-pdd").gate.screen(Draft("c-1", "今天发"))
        lane = Lane(clock, turned=lambda _turned: None)
        work = transmit(
            Port(replies.send, dedupes=False),
            cleared,
            "id-1",
            until_s=30,
            clock=clock,
            lane=lane,
            give_way=asyncio.Event(),
        )
        outcome = run(clock, work)
        assert (outcome.state, len(replies.ids)) == (state, int(state == "sent"))


async def stalls() -> None:
    await asyncio.sleep(3_600)


async def cancels() -> None:
    raise asyncio.CancelledError


def test_a_receipt_is_a_send() -> None:
    outcome, replies, _ = sent(RECEIPT)
    assert outcome == Outcome("sent", RECEIPT)
    assert replies.ids == ["id-1"]


@pytest.mark.parametrize(
    "error", [PlatformRefused("no"), PlatformError("odd"), PlatformBusy(retry_after_s=31)]
)
def test_a_clear_no_is_a_failure_and_not_repeated(error: PlatformError) -> None:
    outcome, replies, _ = sent(error)
    assert outcome.state == "failed"
    assert str(error) in (outcome.error or "")
    assert len(replies.ids) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (SendUncertain("reset"), "SendUncertain: reset"),
        (SendUncertain(), "SendUncertain"),
        (OSError("reset"), "OSError: reset"),
        (stalls, "the platform gave no answer in time"),
        (cancels, "the platform's send was cancelled"),
        ("delivered", "the platform returned 'delivered', expected a Receipt"),
        (None, "the platform returned None, expected a Receipt"),
    ],
)
def test_anything_else_may_be_out_and_is_not_repeated(answer: object, said: str) -> None:
    outcome, replies, took_s = sent(answer)
    assert outcome == Outcome("unknown", error=said)
    assert len(replies.ids) == 1
    assert took_s <= SEND_TIMEOUT_S


def test_a_busy_platform_is_asked_again_when_it_says_and_not_in_a_loop() -> None:
    outcome, replies, took_s = sent(
        PlatformBusy(retry_after_s=3), PlatformBusy(retry_after_s=-1), RECEIPT
    )
    assert outcome.state == "sent"
    assert replies.ids == ["id-1"] * 3
    assert 3.2 <= took_s < 3.3


@pytest.mark.parametrize("retry_after_s", [float("nan"), float("inf")])
def test_a_wait_that_is_no_number_is_for_ever(retry_after_s: float) -> None:
    outcome, replies, _ = sent(PlatformBusy(retry_after_s=retry_after_s))
    assert outcome.state == "failed"
    assert len(replies.ids) == 1


def test_patience_ends() -> None:
    outcome, replies, took_s = sent(*[PlatformBusy(retry_after_s=4)] * 10, until_s=10)
    assert outcome.state == "failed"
    assert len(replies.ids) == 3
    assert took_s <= 10


def test_a_lost_answer_is_repeated_where_the_platform_dedupes() -> None:
    outcome, replies, _ = sent(SendUncertain("reset"), RECEIPT, dedupes=True)
    assert outcome.state == "sent"
    assert replies.ids == ["id-1"] * 2


def test_even_there_not_for_ever() -> None:
    outcome, replies, _ = sent(*[SendUncertain("reset")] * 10, dedupes=True)
    assert outcome.state == "unknown"
    assert len(replies.ids) == REPEATS_MAX + 1


@pytest.mark.parametrize("later", [PlatformRefused("no"), PlatformBusy(retry_after_s=99)])
def test_a_refusal_after_a_lost_answer_proves_nothing(later: PlatformError) -> None:
    outcome, _, _ = sent(SendUncertain("reset"), later, dedupes=True)
    assert outcome.state == "unknown"
    assert "reset" in (outcome.error or "")


def test_who_is_cancelled_stops() -> None:
    clock = VirtualClock()
    cleared = load_store("demo-pdd").gate.screen(Draft("c-1", "今天发"))
    port = Port(Replies([stalls]).send)

    async def main() -> None:
        async with asyncio.timeout(1):
            lane = Lane(clock, turned=lambda _turned: None)
            await transmit(port, cleared, "id-1", until_s=30, clock=clock, lane=lane)

    with pytest.raises(TimeoutError):
        run(clock, main())
    assert clock.monotonic_s() < 2


class Shop:
    """One store's lane, and a platform that stalls until it is told to answer."""

    def __init__(self, concurrency: int = FAILURES_MAX) -> None:
        self.clock = VirtualClock()
        self.turned: list[str] = []
        self.lane = Lane(self.clock, self.turned.append, concurrency)
        self.stalls = True
        self.sent: list[tuple[float, str]] = []
        self.cleared = load_store("demo-pdd").gate.screen(Draft("c-1", "今天发"))

    async def _take(self, _cleared: Cleared, client_id: str) -> Receipt:
        self.sent.append((self.clock.monotonic_s(), client_id))
        if self.stalls:
            await asyncio.sleep(3_600)
        return RECEIPT

    async def send(
        self, name: str, *, left_s: float = 30, give_way: asyncio.Event | None = None
    ) -> Outcome:
        return await transmit(
            Port(self._take),
            self.cleared,
            name,
            until_s=self.clock.monotonic_s() + left_s,
            clock=self.clock,
            lane=self.lane,
            give_way=give_way,
        )

    async def go_down(self) -> None:
        await asyncio.gather(*(self.send(f"lost-{n}") for n in range(FAILURES_MAX)))
        assert self.turned == ["down"]
        self.sent.clear()


def test_while_a_platform_is_down_one_send_at_a_time_finds_out() -> None:
    shop = Shop()

    async def main() -> None:
        await shop.go_down()
        outcomes = await asyncio.gather(*(shop.send(f"s-{n}") for n in range(4)))
        assert len(shop.sent) == 1, "the probe is one of them"
        assert sorted(one.state for one in outcomes) == ["failed", "failed", "failed", "unknown"]
        assert shop.clock.monotonic_s() == pytest.approx(SEND_TIMEOUT_S * 2 + 2)
        shop.stalls = False
        await asyncio.sleep(4)
        outcomes = await asyncio.gather(*(shop.send(f"t-{n}") for n in range(4)))
        assert [one.state for one in outcomes] == ["sent"] * 4

    run(shop.clock, main())
    assert shop.turned == ["down", "up"]
    names = [name for _, name in shop.sent]
    assert len(names) == len(set(names)), "nothing went out twice"


def test_a_message_for_a_platform_that_is_down_comes_back_soon_and_unsent() -> None:
    shop = Shop()

    async def main() -> None:
        await shop.go_down()
        await asyncio.sleep(2)
        began_s = shop.clock.monotonic_s()
        probe, other = await asyncio.gather(shop.send("probe"), shop.send("other"))
        assert (probe.state, other.state) == ("unknown", "failed")
        assert other.error is not None
        assert "nothing was sent" in other.error
        assert shop.clock.monotonic_s() - began_s == pytest.approx(SEND_TIMEOUT_S)
        again = await shop.send("again")
        assert again.state in {"failed", "unknown"}

    run(shop.clock, main())


def test_a_hold_is_tried_at_the_last_moment_though_the_platform_is_down() -> None:
    shop = Shop()

    async def main() -> None:
        await shop.go_down()
        for _ in range(4):
            await asyncio.sleep(shop.lane.breaker.pause_s)
            await shop.send("probe")
        shop.stalls = False
        shop.sent.clear()
        assert shop.lane.breaker.pause_s > 10
        began_s = shop.clock.monotonic_s()
        held = await shop.send("hold", left_s=10, give_way=asyncio.Event())
        assert held.state == "sent"
        ((at_s, name),) = shop.sent
        assert name == "hold"
        assert at_s == pytest.approx(began_s + 7)

    run(shop.clock, main())
    assert shop.turned == ["down", "up"]


def test_who_finds_no_place_in_time_was_never_sent() -> None:
    shop = Shop(concurrency=1)

    async def main() -> None:
        first, second = await asyncio.gather(shop.send("a"), shop.send("b", left_s=5))
        assert (first.state, second.state) == ("unknown", "failed")

    run(shop.clock, main())
    assert [name for _, name in shop.sent] == ["a"]
