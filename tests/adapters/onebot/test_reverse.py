from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from adapters.onebot.ends import House, Peer, Proxy, house, proxy, question, reply
from replygate_adapters.onebot.frames import FRAME_BYTES
from served import until

ODD = (
    '{ "post_type" : "notice" ,\t"x":[1.0 , 1e400,123456789012345678901234567890],'
    '"s":"\\u5fae\\/" }'
)


@pytest.fixture
async def bot() -> AsyncIterator[House]:
    async with house() as made:
        yield made


@pytest.fixture
async def shop(tmp_path: Path, bot: House) -> AsyncIterator[Proxy]:
    adapter = f'way = "reverse-ws"\nurl = "{bot.url}"\nself_id = "10"\ntimeout_s = 1'
    async with proxy(tmp_path, adapter) as made:
        yield made


@pytest.fixture
async def both(shop: Proxy, bot: House) -> tuple[Peer, Peer]:
    """The implementation's end and the bot's."""
    implementation = await shop.connect("ws", X_Self_ID="10", X_Client_Role="Universal")
    return implementation, await bot.peer()


async def test_a_question_goes_to_the_bot_and_its_answer_to_the_buyer(
    shop: Proxy, both: tuple[Peer, Peer]
) -> None:
    implementation, framework = both
    await implementation.say(question())
    assert await framework.heard() == question()
    await framework.say(reply("今天发货"))
    assert await implementation.answer() == reply("今天发货")
    assert await framework.heard() == {
        "status": "ok",
        "retcode": 0,
        "data": {"message_id": 77},
        "echo": "e-1",
    }
    await until(lambda: bool(shop.events("reply.sent")))
    assert shop.events("reply.sent")[0]["platform_id"] == "77"
    assert await shop.gate.waiting("one") == ()


async def test_what_is_said_of_the_caller_is_said_to_the_bot(shop: Proxy, bot: House) -> None:
    await shop.connect(
        "one/ws/event?access_token=t",
        X_Self_ID="10",
        X_Client_Role="Event",
        User_Agent="CQHttp/4",
        Authorization="Bearer b",
    )
    framework = await bot.peer()
    said = {name: framework.headers[name] for name in ("X-Self-ID", "X-Client-Role", "User-Agent")}
    assert said == {"X-Self-ID": "10", "X-Client-Role": "Event", "User-Agent": "CQHttp/4"}
    assert framework.headers["Authorization"] == "Bearer b"
    assert framework.path == "/bot/event?access_token=t"


async def test_what_is_unknown_passes_byte_for_byte(both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    for frame in (ODD, "not json", '"ping"', " ", b"\x00\xff", b'{"post_type":"x"}'):
        await implementation.say(frame)
        assert await framework.raw() == frame
    asked = (
        '{"action" : "get_status", "params":{"x":123456789012345678901234567890},"echo":{"a":1}}'
    )
    for frame in (asked, '"ping"', "17", '{ "hello" : "w\\u00f6rld" }', asked.encode()):
        await framework.say(frame)
        assert await implementation.raw() == frame
    answered = '{"status":"ok" , "retcode":0,"echo":{"a":1},"data":1e400}'
    await implementation.say(answered)
    assert await framework.raw() == answered


async def test_a_passed_text_goes_out_as_it_came(both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    frame = '{"params":{ "message":"\\u4eca天发货", "user_id":5 } , "action":"send_msg" }'
    for each in (frame, frame.encode()):
        await framework.say(each)
        assert await implementation.raw() == each
        await implementation.say({"status": "ok", "retcode": 0, "data": {"message_id": 7}})
        assert (await framework.heard())["data"] == {"message_id": 7}


async def test_a_text_is_rewritten_in_its_place(both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    message = [
        {"type": "text", "data": {"text": "推荐小米"}},
        {"type": "face", "data": {"id": "1"}},
        {"type": "text", "data": {"text": "手环哦"}},
    ]
    action = {**reply(""), "params": {"user_id": 5, "message": message}, "other": 1}
    await framework.say(action)
    sent = await implementation.answer()
    words = "".join(part["data"].get("text", "") for part in sent["params"]["message"])
    assert words == "推荐本店手环哦"
    assert (sent["echo"], sent["other"]) == ("e-1", 1)
    assert {"type": "face", "data": {"id": "1"}} in sent["params"]["message"]
    assert (await framework.heard())["retcode"] == 0


async def test_a_blocked_text_goes_nowhere_and_a_repeat_is_no_new_alarm(
    shop: Proxy, both: tuple[Peer, Peer]
) -> None:
    implementation, framework = both
    for number in range(3):
        await framework.say(reply("加微信", echo={"n": number}))
        answer = await framework.heard()
        assert (answer["status"], answer["data"]) == ("failed", None)
        assert answer["echo"] == {"n": number}
        assert "chat" in answer["wording"]
        assert "微信" not in answer["wording"]
    assert len(shop.events("reply.blocked")) == 1
    assert await implementation.silent()


@pytest.mark.parametrize(
    "frame",
    [
        '{"action":"send_msg","params":{"user_id":5,"message":"加微信"}',
        '[{"action":"send_msg","params":{"user_id":5,"message":"今天"}}]',
        '{"action":"send_msg","action":"get_status","params":{"message":"加微信"}}',
        '{"action":"send_msg","params":{"message":"今天","Message":"加微信","user_id":5}}',
        '{"Action":"send_msg","Params":{"message":"加微信","user_id":5}}',
        '{"action":"send_msg","params":{"message":"今天","message":"加微信","user_id":5}}',
        '{"action":"send_msg","params":[5,"加微信"]}',
        '{"action":["send_msg"],"params":{"message":"今天","user_id":5}}',
        '{"action":"send_msg","params":{"message":"\\ud83d","user_id":5}}',
        '{"action":"send_msg","params":{"message":"今天","user_id":5,"x":NaN}}',
        '{"action":"send_msg","params":{"message":7.5,"user_id":{}}}',
        "[" * 100_000,
        b"\xff\xfe\x00\x01",
    ],
)
async def test_what_can_not_be_judged_goes_nowhere(
    both: tuple[Peer, Peer], frame: str | bytes
) -> None:
    implementation, framework = both
    await framework.say(frame)
    answer = await framework.heard()
    assert (answer["status"], answer["retcode"]) == ("failed", 1400)
    assert await implementation.silent()


async def test_a_fault_inside_keeps_the_text_back(
    shop: Proxy, both: tuple[Peer, Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    implementation, framework = both

    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(shop.gate), "send_by", broken)
    await framework.say(reply("今天发货"))
    assert (await framework.heard())["status"] == "failed"
    assert [type(error) for _, error in shop.failed] == [ZeroDivisionError]
    assert await implementation.silent()


@pytest.mark.parametrize("code", [1000, 1001, 1008, 1011, 4321])
async def test_an_end_is_passed_on_with_its_code(
    both: tuple[Peer, Peer], shop: Proxy, bot: House, code: int
) -> None:
    implementation, framework = both
    await framework.ws.close(code=code)
    assert await implementation.closed() == code
    again = await shop.connect("ws", X_Self_ID="10")
    framework = await bot.peer()
    await again.ws.close(code=code)
    assert await framework.closed() == code


async def test_a_lost_connection_is_lost_on_the_other_side(both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    line = framework.ws.get_extra_info("socket")
    line.shutdown(2)
    assert await implementation.closed() == 1006


async def test_a_frame_that_is_too_big_ends_the_other_side_with_its_code(
    both: tuple[Peer, Peer],
) -> None:
    implementation, framework = both
    # Whoever is still writing may see no more than the end of the line.
    with suppress(ConnectionError):
        await framework.say(f'"{"x" * FRAME_BYTES}"')
    assert await implementation.closed() == 1009


async def test_two_texts_under_one_echo_get_their_own_answers(both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    await framework.say(reply("今天发货", user=5))
    first = await implementation.heard()
    await framework.say(reply("明天发货", user=6))
    second = await implementation.heard()
    assert first["echo"] == "e-1"
    assert second["echo"] != "e-1"
    for action, number in ((second, 2), (first, 1)):
        await implementation.say(
            {"status": "ok", "retcode": 0, "data": {"message_id": number}, "echo": action["echo"]}
        )
        answer = await framework.heard()
        assert (answer["data"]["message_id"], answer["echo"]) == (number, "e-1")


async def test_a_conversation_keeps_its_order_and_no_other_waits(both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    for text, user in (("一", 5), ("二", 5), ("三", 6)):
        await framework.say(reply(text, user, echo=text))
    await framework.say({"action": "get_status", "echo": "s"})
    came = [await implementation.heard() for _ in range(3)]
    assert [action["echo"] for action in came if action["action"] != "get_status"] == ["一", "三"]
    assert [action["echo"] for action in came if action["action"] == "get_status"] == ["s"]
    await implementation.say({"status": "ok", "retcode": 0, "data": {}, "echo": "一"})
    assert (await implementation.heard())["echo"] == "二"


async def test_a_late_answer_is_the_bots_all_the_same(shop: Proxy, both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    await framework.say(reply("今天发货"))
    action = await implementation.heard()
    await until(lambda: bool(shop.events("reply.unknown")))
    await implementation.say({"status": "ok", "retcode": 0, "data": {}, "echo": action["echo"]})
    assert (await framework.heard())["echo"] == "e-1"


async def test_a_refusal_reaches_the_bot_and_stops_no_clock(
    shop: Proxy, both: tuple[Peer, Peer]
) -> None:
    implementation, framework = both
    await implementation.say(question())
    await framework.heard()
    await framework.say(reply("今天发货"))
    await implementation.answer(status="failed", retcode=100, data=None)
    assert (await framework.heard())["retcode"] == 100
    await until(lambda: bool(shop.events("reply.failed")))
    assert [one.conversation for one in await shop.gate.waiting("one")] == ["5"]


async def test_while_the_bot_is_down_questions_are_recorded(shop: Proxy, bot: House) -> None:
    bot.refuses = 503
    implementation = await shop.connect("one/ws", X_Self_ID="10")
    greeting = {"post_type": "meta_event", "meta_event_type": "lifecycle", "sub_type": "connect"}
    await implementation.say(greeting)
    await until(lambda: bool(shop.failed))
    await implementation.say(question())
    await until(lambda: bool(shop.events("turn.opened")))
    bot.refuses = None
    framework = await bot.peer()
    assert await framework.heard() == greeting
    await implementation.say(question(2))
    assert (await framework.heard())["message_id"] == 2
    assert [str(error) for _, error in shop.failed] == ["it answered 503"]


async def test_what_comes_while_the_bot_is_called_first_is_kept(shop: Proxy, bot: House) -> None:
    implementation = await shop.connect("one/ws", X_Self_ID="10")
    for number in range(5):
        await implementation.say(question(number))
    framework = await bot.peer()
    assert [(await framework.heard())["message_id"] for _ in range(5)] == list(range(5))


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("ws", {}),
        ("ws", {"X-Self-ID": "11"}),
        ("one/ws", {"X-Self-ID": "11"}),
        ("two/ws", {"X-Self-ID": "10"}),
        ("one/ws", {"Origin": "http://evil.example"}),
        ("one/ws", {"Host": "evil.example"}),
        ("one/other", {}),
    ],
)
async def test_nobody_else_is_let_in(shop: Proxy, path: str, headers: dict[str, str]) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await shop.client.ws_connect(shop.url(path), headers=headers)
    assert refusal.value.status == 401


async def test_a_request_that_is_no_websocket_is_told_so(shop: Proxy) -> None:
    async with shop.client.get(shop.url("one/ws")) as response:
        assert (response.status, (await response.json(content_type=None))["code"]) == (
            400,
            "bad-http",
        )
    async with shop.client.post(shop.url("one/api/send_msg")) as response:
        assert response.status == 404
    assert shop.failed == []


async def test_a_person_on_another_client_answers_and_our_own_echo_does_not(
    shop: Proxy, both: tuple[Peer, Peer]
) -> None:
    implementation, framework = both
    await implementation.say(question(1, user=5))
    await framework.heard()
    await framework.say(reply("今天发货"))
    action = await implementation.heard()
    own = question(77, "今天发货", 10, post_type="message_sent", target_id=5)
    # Implementations often tell of a message before they answer for it.
    await implementation.say(own)
    assert await framework.heard() == own
    await implementation.say(
        {"status": "ok", "retcode": 0, "data": {"message_id": 77}, "echo": action["echo"]}
    )
    await framework.heard()
    await until(lambda: bool(shop.events("turn.closed")))
    assert shop.events("turn.closed")[0]["origin"] == "bot"
    await implementation.say(question(2, user=6))
    await framework.heard()
    await implementation.say(question(78, "我来回", 10, post_type="message_sent", target_id=6))
    assert (await framework.heard())["message_id"] == 78
    await until(lambda: len(shop.events("turn.closed")) == 2)
    assert shop.events("turn.closed")[1]["origin"] == "human"


async def test_a_group_starts_no_clock_and_is_screened_all_the_same(
    shop: Proxy, both: tuple[Peer, Peer]
) -> None:
    implementation, framework = both
    await implementation.say(question(1, message_type="group", group_id=9))
    await framework.heard()
    await framework.say({"action": "send_group_msg", "params": {"group_id": 9, "message": "微信"}})
    answer = await framework.heard()
    assert (answer["status"], "echo" in answer) == ("failed", False)
    assert shop.events("turn.opened") == []


async def test_json_of_answers_is_strict(both: tuple[Peer, Peer]) -> None:
    implementation, framework = both
    await framework.say(
        {
            "action": ".handle_quick_operation",
            "params": {"context": question(), "operation": {"reply": "加微信"}},
            "echo": 1,
        }
    )
    answer = await framework.heard()
    assert (json.dumps(answer["echo"]), answer["status"]) == ("1", "failed")
    assert await implementation.silent()
