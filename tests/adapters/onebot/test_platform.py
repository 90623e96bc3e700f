from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.onebot.ends import house, proxy, question, reply
from replygate.errors import PlatformBusy
from replygate.model import Draft
from served import until

WAY = 'way = "reverse-ws"\nurl = "ws://127.0.0.1:9/x"'


async def test_without_a_connection_it_is_busy(tmp_path: Path) -> None:
    async with proxy(tmp_path, WAY) as shop:
        cleared = shop.gate.screen(Draft("5", "今天", store="one"))
        with pytest.raises(PlatformBusy):
            await shop.platform.send(cleared)
        implementation = await shop.connect("one/ws", X_Client_Role="Event")
        with pytest.raises(PlatformBusy):
            await shop.platform.send(cleared)
        await shop.platform.retire()
        assert await implementation.closed() == 1012
        with pytest.raises(PlatformBusy):
            await shop.platform.send(cleared)
        async with shop.client.get(shop.url("one/ws")) as response:
            assert response.status == 503


async def test_block_as_ok_looks_like_a_success(tmp_path: Path) -> None:
    async with house() as bot:
        way = f'way = "reverse-ws"\nurl = "{bot.url}"\nblock_as = "ok"'
        async with proxy(tmp_path, way) as shop:
            await shop.connect("one/ws")
            framework = await bot.peer()
            await framework.say(reply("加微信"))
            answer = await framework.heard()
            assert (answer["status"], answer["retcode"], answer["echo"]) == ("ok", 0, "e-1")
            assert answer["data"]["message_id"] < 0


async def test_a_text_of_ours_goes_out_by_the_account_that_heard_the_buyer(tmp_path: Path) -> None:
    async with proxy(tmp_path, WAY) as shop:
        first = await shop.connect("one/ws", X_Self_ID="10")
        second = await shop.connect("one/ws", X_Self_ID="20")
        await first.say(question(1, sub_type="group", sender={"user_id": 5, "group_id": 9}))
        cleared = shop.gate.screen(Draft("5", "今天", store="one"))
        await until(lambda: bool(shop.events("message.received")))
        receipt, action = await asyncio.gather(shop.platform.send(cleared), first.answer())
        # He is no friend, and writes from out of a group.
        assert (action["params"]["user_id"], action["params"]["group_id"]) == (5, 9)
        assert receipt.platform_id == "77"
        await first.ws.close()
        with pytest.raises(PlatformBusy):
            await shop.platform.send(cleared)
        assert await second.silent()
