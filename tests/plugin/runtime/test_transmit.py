from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from replygate.config import load_store
from replygate.errors import PlatformBusy, PlatformError, PlatformRefused, SendUncertain
from replygate.model import Cleared, Draft, Receipt
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
    outcome = run(clock, transmit(port, cleared, "id-1", until_s=until_s, clock=clock))
    return outcome, replies, clock.monotonic_s()


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
            await transmit(port, cleared, "id-1", until_s=30, clock=clock)

    with pytest.raises(TimeoutError):
        run(clock, main())
    assert clock.monotonic_s() < 2
