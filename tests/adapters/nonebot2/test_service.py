"""What is NoneBot's own, against a real NoneBot2 over real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nonebot
import pytest
from nonebot.adapters.onebot.v11 import ActionFailed, Bot, Event, NetworkError
from nonebot.exception import IgnoredException
from nonebot.message import _event_preprocessors, event_preprocessor

from adapters.nonebot2.kit import (
    SELF_ID,
    Implementation,
    NoneBotHarness,
    nonebot_harness,
    running,
    until,
)
from replygate.events import Inbound, Outbound
from replygate_adapters.contract import HOLD, STORE, STORE_ID, Arrival


def journal(folder: Path, event: str) -> list[dict[str, Any]]:
    lines = (folder / "journal.jsonl").read_text("utf-8").splitlines()
    return [each for line in lines if (each := json.loads(line))["event"] == event]


async def test_a_blocked_text_fails_with_the_reason(harness: NoneBotHarness) -> None:
    with pytest.raises(ActionFailed) as raised:
        await harness.bot.send_private_msg(user_id=7, message="去淘宝买")
    assert raised.value.info["status"] == "failed"
    assert "elsewhere" in raised.value.info["msg"]
    assert harness.arrived() == []


async def test_a_blocked_text_can_seem_to_be_sent(tmp_path: Path) -> None:
    async with nonebot_harness(tmp_path, replygate_block_as="ok") as harness:
        answer = await harness.bot.send_private_msg(user_id=7, message="去淘宝买")
        assert answer["message_id"] < 0
        assert harness.arrived() == []


async def test_the_answer_of_the_implementation_is_the_bots(harness: NoneBotHarness) -> None:
    refused = {"status": "failed", "retcode": 120, "wording": "被禁言", "data": None}
    harness.implementation.answers["send_private_msg"] = refused
    with pytest.raises(ActionFailed) as raised:
        await harness.bot.send_private_msg(user_id=7, message="今天发货")
    assert {key: raised.value.info[key] for key in refused} == refused
    del harness.implementation.answers["send_private_msg"]
    answer = await harness.bot.send_private_msg(user_id=7, message="明天发货")
    assert answer["message_id"] > 0


async def test_without_an_answer_in_time_the_bot_is_told_so_and_the_text_is_unknown(
    tmp_path: Path,
) -> None:
    async with nonebot_harness(tmp_path) as harness:
        # What the adapter itself raises without an answer in time.
        with pytest.raises(NetworkError):
            await harness.bot.call_api("send_msg", user_id=7, message="今天", _timeout=0)
    (unknown,) = journal(tmp_path, "reply.unknown")
    assert "the message may be out" in unknown["reason"]


async def test_what_can_not_be_read_does_not_go_out(harness: NoneBotHarness) -> None:
    for params in ({"user_id": 7}, {"message": "在"}, {"user_id": 7, "message": [{"x": 1}]}):
        with pytest.raises(ActionFailed, match="replygate"):
            await harness.bot.call_api("send_private_msg", **params)
    with pytest.raises(TypeError):
        await harness.bot.call_api("send_private_msg", user_id=7, message=object())
    assert harness.implementation.actions == []


async def test_what_says_nothing_passes(harness: NoneBotHarness) -> None:
    harness.implementation.answers["get_login_info"] = {"status": "ok", "data": {"user_id": 1}}
    assert await harness.bot.get_login_info() == {"user_id": 1}
    (action,) = harness.implementation.actions
    assert action["action"] == "get_login_info"


async def test_a_text_is_judged_once(tmp_path: Path) -> None:
    async with nonebot_harness(tmp_path) as harness:
        await harness.bot.send_private_msg(user_id=7, message="今天发货")
    assert len(journal(tmp_path, "reply.screened")) == 1
    assert len(journal(tmp_path, "reply.sent")) == 1


async def test_the_bots_own_echo_is_nobodys_answer(tmp_path: Path) -> None:
    async with nonebot_harness(tmp_path) as harness:
        await harness.ask("7", "在吗")
        answer = await harness.bot.send_private_msg(user_id=7, message="今天[发货]")
        sent = {
            "post_type": "message_sent",
            "message_type": "private",
            "user_id": int(SELF_ID),
            "target_id": 7,
        }
        text = [{"type": "text", "data": {"text": "今天[发货]"}}]
        await harness.implementation.tell(**sent, message_id=answer["message_id"], message=text)
        await harness.implementation.tell(**sent, message_id=-9, message="我是真人，去淘宝")
        await until(lambda: journal_has(tmp_path, "reply.violated"))
    (violated,) = journal(tmp_path, "reply.violated")
    assert violated["origin"] == "human"


def journal_has(folder: Path, event: str) -> bool:
    return bool(journal(folder, event))


@pytest.fixture
def dropped() -> Iterator[list[Event]]:
    """A plugin that drops every event before any matcher hears of it."""
    dropped: list[Event] = []

    @event_preprocessor
    async def drop(event: Event) -> None:
        dropped.append(event)
        raise IgnoredException("not now")

    try:
        yield dropped
    finally:
        _event_preprocessors.clear()


async def test_a_buyer_is_heard_though_a_plugin_drops_every_event(
    harness: NoneBotHarness, dropped: list[Event]
) -> None:
    heard: list[object] = []
    take_in = harness.gate.received

    async def received(event: Any) -> Any:
        heard.append(event)
        return await take_in(event)

    harness.gate.received = received  # type: ignore[method-assign] # to look at it
    await harness.implementation.tell(post_type="meta_event", meta_event_type="heartbeat")
    await harness.implementation.tell(post_type="message", message_type="private", user_id=7)
    await harness.implementation.buyer("8", [{"type": "text", "data": {"text": "在吗"}}])
    await until(lambda: len(heard) == 2 and dropped)
    assert [getattr(each, "text", None) for each in heard] == ["", "在吗"]
    assert all(isinstance(each, Inbound) and not isinstance(each, Outbound) for each in heard)


SECOND = "10002"


def two_stores(folder: Path) -> None:
    (folder / "stores").mkdir()
    (folder / "stores" / "a.toml").write_text(STORE, "utf-8")
    other = STORE.replace('id = "contract"', 'id = "other"', 1).replace("淘宝", "京东")
    (folder / "stores" / "b.toml").write_text(other, "utf-8")


async def test_two_bots_speak_for_two_stores(tmp_path: Path) -> None:
    two_stores(tmp_path)
    config = {
        "replygate_stores": str(tmp_path / "stores"),
        "replygate_ledger": f"sqlite:///{tmp_path}/ledger.db",
        "replygate_journal": str(tmp_path / "journal.jsonl"),
        "replygate_bots": {SELF_ID: "contract", SECOND: "other"},
        "replygate_ignore_bots": ["10004"],
    }
    async with running(**config) as (_guard, port):
        sides = {name: Implementation(port, name) for name in (SELF_ID, SECOND, "10003", "10004")}
        for side in sides.values():
            await side.connect()
        await until(lambda: len(nonebot.get_bots()) == 4)
        for text in ("去京东", "去淘宝"):
            for name in sides:
                with suppress(ActionFailed):
                    await nonebot.get_bot(name).call_api("send_msg", user_id=7, message=text)
        arrived = {name: [each.text for each in side.arrived()] for name, side in sides.items()}
        assert arrived == {
            SELF_ID: ["去京东"],
            SECOND: ["去淘宝"],
            "10003": [],
            "10004": ["去京东", "去淘宝"],
        }
        with pytest.raises(ActionFailed) as raised:
            await nonebot.get_bot("10003").call_api("send_msg", user_id=7, message="在")
        assert "the bot 10003 has no store" in raised.value.info["msg"]
        await sides[SECOND].buyer("7", "在吗")
        await until(lambda: Arrival("7", HOLD) in sides[SECOND].arrived())
        assert Arrival("7", HOLD) not in sides[SELF_ID].arrived()
        for side in sides.values():
            await side.close()


async def test_an_answer_right_behind_the_question_is_its_answer(
    harness: NoneBotHarness,
) -> None:
    for text in ("在的", "还有货", "今天发"):
        assert await harness.say("matcher.send", "7", text)
        assert await harness.gate.waiting(STORE_ID) == ()
    assert [each.text for each in harness.arrived()] == ["在的", "还有货", "今天发"]


async def test_a_bot_is_what_it_was(harness: NoneBotHarness) -> None:
    assert isinstance(harness.bot, Bot)
    assert harness.bot.adapter.bots == {SELF_ID: harness.bot}
