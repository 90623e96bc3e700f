from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.onebot.ends import house, proxy, reply
from replygate.errors import PlatformRefused
from replygate.model import Draft
from replygate_adapters.contract import broken_judging
from replygate_adapters.onebot.actions import Outgoing, outgoing
from replygate_adapters.onebot.turnstile import changed, why

WAY = 'way = "reverse-ws"\nurl = "ws://127.0.0.1:9/x"'


def text_of(message: str) -> Outgoing:
    found = outgoing("send_msg", {"user_id": 5, "message": message})
    assert found is not None
    return found


async def test_only_what_was_cleared_goes_out(tmp_path: Path) -> None:
    async with proxy(tmp_path, WAY) as shop:
        gate = shop.gate
        text = text_of("推荐小米手环")
        cleared = gate.screen(Draft("5", text.text, store="one"))
        assert changed("send_msg", text, cleared) == {"user_id": 5, "message": "推荐本店手环"}
        same = text_of("今天")
        assert changed("send_msg", same, gate.screen(Draft("5", "今天", store="one"))) is None
        # A text that the gate sends in the bot's place takes the whole message.
        other = gate.screen(Draft("5", "请稍等", store="one", origin="hold"))
        assert changed("send_msg", text, other) == {"user_id": 5, "message": "请稍等"}
        with pytest.raises(PlatformRefused, match="not say what was cleared"):
            changed("get_status", text, cleared)


async def test_a_text_that_could_not_be_judged_may_come_again(tmp_path: Path) -> None:
    async with house() as bot, proxy(tmp_path, f'way = "reverse-ws"\nurl = "{bot.url}"') as shop:
        implementation = await shop.connect("one/ws")
        framework = await bot.peer()
        with broken_judging(shop.gate):
            await framework.say(reply("今天"))
            assert (await framework.heard())["status"] == "failed"
        await framework.say(reply("今天"))
        assert (await implementation.answer())["params"]["message"] == "今天"
        assert (await framework.heard())["status"] == "ok"


async def test_a_repeat_of_what_was_kept_back_is_no_news(tmp_path: Path) -> None:
    async with house() as bot, proxy(tmp_path, f'way = "reverse-ws"\nurl = "{bot.url}"') as shop:
        await shop.connect("one/ws")
        framework = await bot.peer()
        for echo, text in enumerate(("加微信", "加微信", "加我微信")):
            await framework.say(reply(text, echo=echo))
            answer = await framework.heard()
            assert (answer["echo"], answer["status"]) == (echo, "failed")
            assert "chat" in answer["msg"]
        assert len(shop.events("reply.blocked")) == 2


async def test_why_names_rules_and_never_the_text(tmp_path: Path) -> None:
    async with proxy(tmp_path, WAY) as shop:
        cleared = shop.gate.screen(Draft("5", "加微信", store="one"))
        assert why(cleared) == "replygate kept it back (chat): 不得引导买家离开平台"
        assert "could not be judged" in why(replace(cleared, findings=()))


async def test_what_a_take_over_keeps_back_may_come_again(tmp_path: Path) -> None:
    async with house() as bot, proxy(tmp_path, f'way = "reverse-ws"\nurl = "{bot.url}"') as shop:
        implementation = await shop.connect("one/ws")
        framework = await bot.peer()
        await shop.gate.take_over("one", "5", "xiao-wang")
        await framework.say(reply("今天"))
        answer = await framework.heard()
        assert (answer["status"], answer["msg"]) == (
            "failed",
            "replygate kept it back: taken over by xiao-wang",
        )
        await shop.gate.hand_back("one", "5")
        await framework.say(reply("今天"))
        assert (await implementation.answer())["params"]["message"] == "今天"
        assert (await framework.heard())["status"] == "ok"
