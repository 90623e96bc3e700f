from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.onebot.ends import House, Peer, Proxy, house, proxy, question, reply
from served import until

SOON = '[[deadline]]\nid = "soon"\nname = "两秒"\ndue_s = 2\n[holding]\nlead_s = 1.5\n'
TOKEN = "token-of-the-onebot"  # noqa: S105 - a token of the test
AUTH = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def account() -> AsyncIterator[House]:
    """The implementation."""
    async with house() as made:
        yield made


@pytest.fixture
async def shop(
    tmp_path: Path, account: House, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Proxy]:
    monkeypatch.setenv("ONEBOT_TOKEN", TOKEN)
    adapter = f'way = "forward-ws"\nurl = "{account.url}"\ntoken = {{ env = "ONEBOT_TOKEN" }}'
    async with proxy(tmp_path, adapter, tables=SOON) as made:
        yield made


@pytest.fixture
async def own(shop: Proxy, account: House) -> Peer:
    """The connection that the proxy keeps for itself."""
    return await account.peer()


async def test_there_is_a_connection_of_our_own(own: Peer) -> None:
    assert own.headers["Authorization"] == f"Bearer {TOKEN}"
    assert own.path == "/bot"


async def test_without_any_bot_a_buyer_gets_a_hold_once(shop: Proxy, own: Peer) -> None:
    await own.say(question())
    action = await own.answer(data={"message_id": 90})
    assert action["action"] == "send_private_msg"
    assert action["params"]["user_id"] == 5
    assert [part["type"] for part in action["params"]["message"]] == ["text"]
    await until(lambda: bool(shop.events("reply.sent")))
    # It comes back, as the account's own messages do, and nobody takes it for a person's.
    text = action["params"]["message"][0]["data"]["text"]
    await own.say(question(90, text, 10, post_type="message_sent", target_id=5))
    await own.say(question(2))
    await until(lambda: len(shop.events("message.received")) == 2)
    assert [event["origin"] for event in shop.events("reply.sent")] == ["hold"]
    assert shop.events("reply.violated") == []
    assert await own.silent()


async def test_a_bot_is_piped_to_a_connection_of_its_own(
    shop: Proxy, account: House, own: Peer
) -> None:
    bot = await shop.connect("one/ws/", **AUTH, User_Agent="bot/1")
    pipe = await account.peer()
    assert (pipe.headers["User-Agent"], pipe.headers["Authorization"]) == (
        "bot/1",
        f"Bearer {TOKEN}",
    )
    for connection in (own, pipe):
        await connection.say(question())
    assert await bot.heard() == question()
    await bot.say(reply("今天发货"))
    assert (await pipe.answer())["echo"] == "e-1"
    assert (await bot.heard())["data"] == {"message_id": 77}
    await until(lambda: bool(shop.events("turn.closed")))
    # Both connections told of it, and it was taken in once.
    assert len(shop.events("message.received")) == 1
    await bot.say(reply("加微信"))
    assert (await bot.heard())["status"] == "failed"


async def test_the_first_words_of_the_implementation_reach_the_bot(
    shop: Proxy, account: House, own: Peer
) -> None:
    bot = await shop.connect("one/ws", **AUTH)
    pipe = await account.peer()
    for number in range(20):
        await pipe.say(question(number))
    assert [(await bot.heard())["message_id"] for _ in range(20)] == list(range(20))


@pytest.mark.parametrize("code", [1000, 1008, 4000])
async def test_an_end_is_passed_on_with_its_code(
    shop: Proxy, account: House, own: Peer, code: int
) -> None:
    bot = await shop.connect("one/ws/api", **AUTH)
    pipe = await account.peer()
    assert pipe.path == "/bot/api"
    await pipe.ws.close(code=code)
    assert await bot.closed() == code
    bot = await shop.connect("one/ws/event", **AUTH)
    pipe = await account.peer()
    await bot.ws.close(code=code)
    assert await pipe.closed() == code


async def test_a_bot_without_the_token_is_not_let_in(shop: Proxy, own: Peer) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong-token-wrong"}, {"Authorization": TOKEN}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await shop.client.ws_connect(shop.url("one/ws"), headers=headers)
        assert refusal.value.status == 401
    bot = await shop.connect(f"one/ws?access_token={TOKEN}")
    assert not bot.ws.closed


async def test_where_nobody_is_behind_us_the_bot_is_told_so(
    shop: Proxy, account: House, own: Peer
) -> None:
    account.refuses = 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await shop.client.ws_connect(shop.url("one/ws"), headers=AUTH)
    assert refusal.value.status == 503


async def test_our_own_connection_comes_again(shop: Proxy, account: House, own: Peer) -> None:
    await own.ws.close()
    again = await account.peer()
    await again.say(question())
    await until(lambda: bool(shop.events("turn.opened")))
