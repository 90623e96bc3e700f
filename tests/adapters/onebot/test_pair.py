from __future__ import annotations

from pathlib import Path

import pytest

from adapters.onebot.ends import house, proxy, question
from replygate_adapters.onebot import sides
from served import until

WAY = 'way = "reverse-ws"\ntimeout_s = 1\n'


async def test_a_bot_that_does_not_read_is_given_up(tmp_path: Path) -> None:
    async with house() as bot, proxy(tmp_path, f'{WAY}url = "{bot.url}"') as shop:
        implementation = await shop.connect("one/ws")
        framework = await bot.peer()
        pair = shop.platform._pairs[0]
        await until(lambda: pair._framework is not None)
        assert pair._framework is not None
        # As after so many frames that wait for it.
        pair._framework._queued_bytes = sides.QUEUE_BYTES
        await implementation.say(question())
        assert await implementation.closed() == sides.TRY_LATER
        assert await framework.closed() == sides.TRY_LATER


async def test_the_journal_says_who_is_connected(tmp_path: Path) -> None:
    async with house() as bot, proxy(tmp_path, f'{WAY}url = "{bot.url}"') as shop:
        implementation = await shop.connect("one/ws")
        framework = await bot.peer()
        await until(lambda: len(shop.events("connection.opened")) == 2)
        await implementation.ws.close(code=1000)
        await framework.closed()
        await until(lambda: len(shop.events("connection.closed")) == 2)
        opened, closed = (shop.events(f"connection.{what}") for what in ("opened", "closed"))
        assert [(each["store"], each["side"]) for each in opened] == [
            ("one", "platform"),
            ("one", "bot"),
        ]
        assert {(each["side"], each["code"]) for each in closed} == {
            ("platform", 1000),
            ("bot", 1000),
        }


async def test_a_fault_of_ours_ends_both_sides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house() as bot, proxy(tmp_path, f'{WAY}url = "{bot.url}"') as shop:
        implementation = await shop.connect("one/ws")
        framework = await bot.peer()
        pair = shop.platform._pairs[0]
        monkeypatch.setattr(pair, "_take", None)
        await implementation.say({"status": "ok", "retcode": 0})
        assert await implementation.closed() == sides.FAULT
        assert await framework.closed() == sides.FAULT
