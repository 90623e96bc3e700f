from __future__ import annotations

import json
from typing import Any

import pytest

from replygate.errors import SendUncertain
from replygate_adapters.onebot.calls import REMEMBERED, Calls
from replygate_adapters.onebot.frames import MISSING, Frame


def give(calls: Calls, **value: Any) -> Frame | None:
    return calls.answered(json.dumps(value), value)


async def test_our_own_answer_is_ours_alone_however_late() -> None:
    calls = Calls()
    call = calls.own()
    assert give(calls, retcode=0, echo=call.echo) is None
    assert await call.answer == {"retcode": 0, "echo": call.echo}
    late = calls.own()
    calls.done(late)
    assert give(calls, retcode=0, echo=late.echo) is None


@pytest.mark.parametrize("echo", ["e", 1, 1.5, ["a"], {"b": 1, "a": None}, True])
async def test_an_echo_of_any_type_finds_its_call(echo: object) -> None:
    calls = Calls()
    call = calls.begin(echo)
    assert call.echo is MISSING
    assert give(calls, echo=echo) == json.dumps({"echo": echo})
    assert call.answer.done()


@pytest.mark.parametrize("answered", [{}, {"echo": None}, {"echo": ""}])
async def test_no_echo_is_answered_in_several_ways(answered: dict[str, object]) -> None:
    calls = Calls()
    call = calls.begin(MISSING)
    give(calls, retcode=0, **answered)
    assert call.answer.done()


async def test_one_echo_at_a_time() -> None:
    calls = Calls()
    assert calls.passing("e") is MISSING
    second = calls.begin("e")
    assert give(calls, retcode=1, echo="e") == json.dumps({"retcode": 1, "echo": "e"})
    assert not second.answer.done()
    assert give(calls, retcode=2, echo=second.echo) == '{"retcode":2,"echo":"e"}'
    assert second.answer.done()
    third, replaced = calls.begin(MISSING), calls.passing(None)
    value = {"retcode": 3, "echo": replaced}
    assert calls.answered(json.dumps(value).encode(), value) == b'{"retcode":3,"echo":null}'
    assert not third.answer.done()


async def test_what_is_never_answered_is_forgotten() -> None:
    calls = Calls()
    for number in range(REMEMBERED + 1):
        calls.passing(number)
    assert calls.begin(0).echo is MISSING
    assert calls.begin(1).echo is not MISSING


async def test_a_lost_connection_leaves_every_call_in_doubt() -> None:
    calls = Calls()
    call = calls.begin("e")
    calls.lose()
    with pytest.raises(SendUncertain):
        await call.answer
