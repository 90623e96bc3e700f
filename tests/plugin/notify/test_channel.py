"""On a virtual clock, with a robot that answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from plugin.runtime.virtual import run
from replygate.config import Webhook
from replygate.notify.channel import REFUSED_S, RETRY_MAX_S, Channel, masked, name_of
from replygate.notify.dingtalk import MUTED_S
from replygate.notify.notice import Notice
from replygate.notify.post import Unreachable
from replygate.notify.wire import Answer, Request
from replygate.testing import VirtualClock

from .kit import Pages, notice, webhook

TAKEN = Answer(200, b'{"errcode":0,"errmsg":"ok"}')
TOO_MANY = Answer(200, b'{"errcode":130101,"errmsg":"send too fast"}')
WRONG = Answer(200, b'{"errcode":310000,"errmsg":"sign not match"}')


class Stage:
    """A channel and the other end of it."""

    def __init__(self, hook: Webhook | None = None) -> None:
        self.clock = VirtualClock()
        self.journal = Pages()
        self.hook = hook or webhook("dingtalk", "https://oapi.dingtalk.com/x?access_token=s3cret")
        self.answers: list[Answer | Unreachable] = []
        self.sent: list[tuple[float, str]] = []
        self.took_s = 0.0

    async def post(self, request: Request) -> Answer:
        at_s = self.clock.monotonic_s()
        self.sent.append((at_s, json.loads(request.body)["markdown"]["text"]))
        await asyncio.sleep(self.took_s)
        answer = self.answers.pop(0) if self.answers else TAKEN
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    def play(self, story: Callable[[Channel], Coroutine[Any, Any, None]]) -> None:
        async def main() -> None:
            channel = Channel(self.hook, self.clock, self.journal, self.post)
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(channel.run())
                await story(channel)
                running.cancel()

        run(self.clock, main())

    @property
    def times(self) -> list[float]:
        return [round(at_s, 3) for at_s, _ in self.sent]

    def fresh(self, kind: Any = "escalate", **more: Any) -> Notice:
        now_ms = self.clock.wall_ms()
        return notice(kind, **{"at_ms": now_ms, "due_ms": now_ms + 10_000, **more})


def test_the_first_goes_at_once_and_later_ones_together() -> None:
    stage = Stage()

    async def story(channel: Channel) -> None:
        for _ in range(40):
            channel.put(stage.fresh())
            await asyncio.sleep(0.1)
        await channel.idle()

    stage.play(story)
    assert stage.times[:6] == [0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert stage.times[6:] == [5, 10]
    assert stage.sent[6][1].count("\n- ") == 20
    assert "还有 14 条随后发出" in stage.sent[6][1]
    assert sum(each["notices"] for each in stage.journal.named("notify.sent")) == 40


def test_what_is_put_at_one_moment_goes_in_one_message() -> None:
    stage = Stage()

    async def story(channel: Channel) -> None:
        for _ in range(3):
            channel.put(stage.fresh())
        await channel.idle()

    stage.play(story)
    assert stage.times == [0]
    assert "replygate｜示例小店｜3 件事" in stage.sent[0][1]


def test_an_outage_is_told_once_and_ended_by_what_waited_and_what_came() -> None:
    stage = Stage()
    stage.answers = [Unreachable("no answer within 5 s")] * 4

    async def story(channel: Channel) -> None:
        channel.put(stage.fresh("blocked", due_ms=None, conversation="first"))
        await asyncio.sleep(9)
        channel.put(stage.fresh("blocked", due_ms=None, conversation="second"))
        await channel.idle()

    stage.play(story)
    assert stage.times == [0, 1, 3, 7, 15]
    assert "first" in stage.sent[-1][1]
    assert "second" in stage.sent[-1][1]
    assert stage.journal.named("notify.failed") == [
        {
            "store": None,
            "webhook": "dingtalk oapi.dingtalk.com",
            "reason": "no answer within 5 s",
            "retry_s": 1,
            "waiting": 1,
        }
    ]
    assert len(stage.journal.named("notify.recovered")) == 1


def test_a_fault_of_ours_is_an_outage_and_no_end() -> None:
    stage = Stage()

    async def story(channel: Channel) -> None:
        stage.answers = [Answer(200, None)]  # type: ignore[arg-type] # what nobody thought of
        channel.put(stage.fresh("blocked", due_ms=None))
        await channel.idle()

    stage.play(story)
    assert stage.times == [0, 1]
    assert stage.journal.named("notify.failed")[0]["reason"] == "internal error: TypeError"


def test_the_pauses_grow_to_some_minutes_and_no_further() -> None:
    stage = Stage()
    stage.answers = [Unreachable("x")] * 14

    async def story(channel: Channel) -> None:
        while len(stage.sent) < 15:
            channel.put(stage.fresh("send", turn=None, due_ms=None))
            await asyncio.sleep(60)

    stage.play(story)
    pauses = [after - before for before, after in zip(stage.times, stage.times[1:], strict=False)]
    assert max(pauses) == RETRY_MAX_S


def test_a_muted_robot_is_left_alone_for_as_long_as_it_is_muted() -> None:
    stage = Stage()
    stage.answers = [TOO_MANY]

    async def story(channel: Channel) -> None:
        channel.put(stage.fresh("blocked", due_ms=None, reason="blocked"))
        for _ in range(30):
            await asyncio.sleep(1)
            channel.put(stage.fresh("warn"))
        await channel.idle()

    stage.play(story)
    assert stage.times == [0, MUTED_S]
    assert "被规则拦下" in stage.sent[1][1]
    assert "30 条太多或太旧" in stage.sent[1][1]
    assert stage.journal.named("notify.dropped")[0]["reason"] == "too old"


def test_a_wrong_signature_is_said_once_and_tried_rarely() -> None:
    stage = Stage()
    stage.answers = [WRONG] * 3

    async def story(channel: Channel) -> None:
        for _ in range(100):
            channel.put(stage.fresh())
            await asyncio.sleep(15)

    stage.play(story)
    assert stage.times == [0, REFUSED_S, 2 * REFUSED_S]
    (failed,) = stage.journal.named("notify.failed")
    assert failed["reason"] == "errcode 310000: sign not match"


def test_an_escalation_that_had_to_wait_says_what_holds_now() -> None:
    stage = Stage()
    stage.answers = [Unreachable("x")] * 4

    async def story(channel: Channel) -> None:
        channel.put(stage.fresh())
        await channel.idle()

    stage.play(story)
    assert "还剩 10 秒" in stage.sent[0][1]
    assert "已超时 5 秒" in stage.sent[-1][1]


def test_what_was_answered_meanwhile_is_not_told() -> None:
    stage = Stage()
    stage.answers = [Unreachable("x")]

    async def story(channel: Channel) -> None:
        channel.put(stage.fresh(about=("shop", "c")))
        await asyncio.sleep(0.5)
        channel.answered(("shop", "c"))
        await channel.idle()
        channel.answered(("shop", "c"))

    stage.play(story)
    assert stage.times == [0]


def test_a_slow_robot_gets_one_message_at_a_time() -> None:
    stage = Stage()
    stage.took_s = 4

    async def story(channel: Channel) -> None:
        for _ in range(5):
            channel.put(stage.fresh())
            await asyncio.sleep(1)
        await channel.idle()

    stage.play(story)
    assert stage.times == [0, 4, 8]
    assert stage.journal.named("notify.sent")[0]["took_ms"] == 4_000


def test_what_is_given_up_is_counted() -> None:
    stage = Stage()

    async def story(channel: Channel) -> None:
        stage.answers = [Unreachable("x")] * 9
        for _ in range(3):
            channel.put(stage.fresh("blocked", due_ms=None))
        await asyncio.sleep(2)
        channel.give_up("shutdown")
        await channel.idle()
        assert len(channel) == 0

    stage.play(story)
    (dropped,) = stage.journal.named("notify.dropped")
    assert (dropped["notices"], dropped["reason"]) == (3, "shutdown")


def test_a_thousand_at_once_lose_nothing_that_matters() -> None:
    stage = Stage()
    stage.took_s = 0.2

    async def story(channel: Channel) -> None:
        for number in range(1_000):
            kind = ("warn", "escalate", "breach", "violated")[number % 4]
            channel.put(stage.fresh(kind, conversation=f"conv-{number}", hard=number % 8 < 4))
            if number % 50 == 0:
                await asyncio.sleep(0.05)
        await channel.idle()

    stage.play(story)
    for first in stage.times:
        assert sum(first <= at_s < first + 60 for at_s in stage.times) <= 20
    said = "\n".join(text for _, text in stage.sent)
    for number in range(1_000):
        if number % 4 == 3 or number % 8 in {1, 2}:
            assert f"conv-{number}｜" in said
    told = sum(each["notices"] for each in stage.journal.named("notify.sent"))
    lost = sum(each["notices"] for each in stage.journal.named("notify.dropped"))
    assert told + lost == 1_000


@pytest.mark.parametrize(
    ("hook", "name"),
    [
        (webhook(name="值班群"), "值班群"),
        (webhook("wecom", "https://qyapi.weixin.qq.com/x?key=s3cret"), "wecom qyapi.weixin.qq.com"),
    ],
)
def test_what_the_journal_calls_it(hook: Webhook, name: str) -> None:
    assert name_of(hook) == name


def test_a_robots_words_may_not_give_its_key_away() -> None:
    hook = webhook("wecom", "https://a.example/send/tok-en1?key=k3y-12345&b=1")
    words = "bad /send/tok-en1?key=k3y-12345&b=1 or tok-en1 or k3y-12345"
    assert not {"tok-en1", "k3y-12345"} & set(masked(words, hook).split())
