from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.errors import PlatformBusy, PlatformError, PlatformRefused, SendUncertain
from replygate.model import Draft, Past, Receipt, Shown
from replygate.screening.gate import Gate
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from replygate.testing import Answer, FakePlatform, VirtualClock

ACCEPTED = Receipt("m-1", at_ms=5)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(start_wall_ms=1_000)


@pytest.fixture
def platform(clock: VirtualClock) -> FakePlatform:
    return FakePlatform(clock)


async def test_accepts_with_ids_of_its_own_and_the_clocks_time(
    gate: Gate, platform: FakePlatform, clock: VirtualClock
) -> None:
    first = gate.screen(Draft("c-1", "今天发货"))
    second = gate.screen(Draft("c-2", "明天发货"))
    assert await platform.send(first) == Receipt("fake-1", at_ms=1_000)
    clock.advance(2)
    assert await platform.send(second) == Receipt("fake-2", at_ms=3_000)
    assert [(sent.cleared, sent.at_ms) for sent in platform.sent] == [
        (first, 1_000),
        (second, 3_000),
    ]
    assert platform.delivered == ("今天发货", "明天发货")


async def test_prepared_answers_come_in_order_and_then_it_accepts_again(
    gate: Gate, platform: FakePlatform
) -> None:
    cleared = gate.screen(Draft("c-1", "今天发货"))
    platform.answer(PlatformRefused("closed"))
    platform.answer(ACCEPTED)
    with pytest.raises(PlatformRefused, match="closed"):
        await platform.send(cleared)
    assert await platform.send(cleared) is ACCEPTED
    assert await platform.send(cleared) == Receipt("fake-3", at_ms=1_000)
    assert [sent.delivered for sent in platform.sent] == [False, True, True]


async def test_an_error_keeps_what_it_carries(gate: Gate, platform: FakePlatform) -> None:
    platform.answer(PlatformBusy(retry_after_s=2.5))
    with pytest.raises(PlatformBusy) as caught:
        await platform.send(gate.screen(Draft("c-1", "今天发货")))
    assert caught.value.retry_after_s == 2.5
    assert platform.delivered == ()


@pytest.mark.parametrize(("delivered", "seen"), [(True, ("今天发货",)), (False, ())])
async def test_an_uncertain_send_was_delivered_or_lost(
    gate: Gate, platform: FakePlatform, *, delivered: bool, seen: tuple[str, ...]
) -> None:
    platform.answer(SendUncertain("timeout"), delivered=delivered)
    with pytest.raises(SendUncertain):
        await platform.send(gate.screen(Draft("c-1", "今天发货")))
    assert platform.delivered == seen


@pytest.mark.parametrize(
    ("answer", "delivered"),
    [
        (SendUncertain(), None),
        (ACCEPTED, True),
        (PlatformRefused(), False),
        (PlatformBusy(retry_after_s=1), False),
    ],
)
def test_delivered_belongs_to_an_uncertain_send_alone(
    platform: FakePlatform,
    answer: Answer,
    delivered: bool | None,
) -> None:
    with pytest.raises(AssertionError, match="SendUncertain alone"):
        platform.answer(answer, delivered=delivered)


async def test_a_rewritten_text_is_what_the_buyer_sees(gate: Gate, platform: FakePlatform) -> None:
    await platform.send(gate.screen(Draft("c-1", "好的哦，马上发，马上")))
    assert platform.delivered == ("好的，尽快发，尽快",)


async def test_observe_mode_sends_the_original(
    observing_gate: Gate, platform: FakePlatform
) -> None:
    await platform.send(observing_gate.screen(Draft("c-1", "加微信，马上")))
    assert platform.delivered == ("加微信，马上",)


async def refused(platform: FakePlatform, thing: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        await platform.send(thing)
    assert platform.sent == []
    return str(caught.value)


@pytest.mark.parametrize("thing", ["今天发货", None, Draft("c-1", "今天发货")])
async def test_refuses_what_the_gate_did_not_clear(platform: FakePlatform, thing: object) -> None:
    assert "given what the gate cleared" in await refused(platform, thing)


async def test_refuses_a_blocked_text(gate: Gate, platform: FakePlatform) -> None:
    blocked = gate.screen(Draft("c-1", "加微信"))
    assert "no-wechat" in await refused(platform, blocked)
    assert "blocked" in await refused(platform, replace(blocked, text="加微信"))


@pytest.mark.parametrize(
    ("draft", "tampered"),
    [
        ("今天发货", "今天发货，加微信"),
        ("今天发货", "今天发"),
        ("赠品已放", "已放"),  # a warning changes nothing
        ("马上发", "尽快发，加微信"),
        ("马上发", "加微信，尽快发"),
        ("马上发，收到后马上回复", "尽快发，尽快回复"),
    ],
)
async def test_refuses_a_text_that_was_changed_after_the_gate(
    gate: Gate, platform: FakePlatform, draft: str, tampered: str
) -> None:
    cleared = gate.screen(Draft("c-1", draft))
    assert cleared.text is not None
    said = await refused(platform, replace(cleared, text=tampered))
    assert tampered in said
    assert draft in said
    await platform.send(cleared)


async def test_a_refused_thing_uses_up_no_answer(gate: Gate, platform: FakePlatform) -> None:
    platform.answer(PlatformRefused())
    await refused(platform, "今天发货")
    with pytest.raises(PlatformError):
        await platform.send(gate.screen(Draft("c-1", "今天发货")))


async def test_takes_rewrites_that_overlap_and_rewrites_of_rewrites(platform: FakePlatform) -> None:
    words = (Word("马上就", ("尽快",)), Word("就发", ("寄出",)))
    again = (Word("快寄", ("早寄",)),)
    rules = RulePart(
        rules=(
            Rule("first", "rewrite", "换个说法", words=words),
            Rule("second", "rewrite", "再换", words=again),
            Rule("filler", "rewrite", "去掉", words=(Word("哈", ("",)),)),
        )
    )
    gate = Gate(Rulebook.compile(RulePart(), rules))
    for draft, seen in [
        ("马上就发货", "尽快发货"),
        ("快哈寄\n马上就", "早寄\n尽快"),
    ]:
        cleared = gate.screen(Draft("c-1", draft))
        await platform.send(cleared)
        assert platform.delivered[-1] == seen
        with pytest.raises(AssertionError, match="not what the gate cleared"):
            await platform.send(replace(cleared, text=f"{seen}，加微信"))


few = st.text("甲乙丙", max_size=3)
some_rules = st.lists(
    st.tuples(few.filter(bool), few, st.sampled_from(["rewrite", "warn"])), max_size=6
)


@given(rules=some_rules, text=st.text("甲乙丙，", max_size=12))
def test_takes_whatever_a_gate_cleared(
    rules: list[tuple[str, str, Literal["rewrite", "warn"]]], text: str
) -> None:
    part = RulePart(
        rules=tuple(
            Rule(f"r{number}", action, "", words=(Word(word, (becomes,)),))
            for number, (word, becomes, action) in enumerate(rules)
        )
    )
    cleared = Gate(Rulebook.compile(RulePart(), part)).screen(Draft("c-1", text))
    platform = FakePlatform(VirtualClock())
    if cleared.text is not None:
        asyncio.run(platform.send(cleared))
        assert platform.delivered == (cleared.text,)


async def test_says_what_the_buyer_sees_when_it_can_be_asked() -> None:
    clock, gate = VirtualClock(), Gate(Rulebook.compile(RulePart(), RulePart()))
    platform = FakePlatform(clock)
    platform.answer(SendUncertain("lost"), delivered=True)
    platform.answer(SendUncertain("lost"), delivered=False)
    for of in ("c-1", "c-1", "c-2"):
        with suppress(SendUncertain):
            await platform.send(gate.screen(Draft(of, "今天发")))
    assert await platform.look_back("c-1", 0) == Past(())
    platform.shows_all = True
    now_ms = clock.wall_ms()
    seen = Past((Shown("fake-1", "今天发", now_ms),), complete=True)
    assert await platform.look_back("c-1", now_ms) == seen
    assert await platform.look_back("c-1", now_ms + 1) == Past((), complete=True)
