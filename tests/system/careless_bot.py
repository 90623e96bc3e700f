"""A real NoneBot2 bot that says what it should not, by each way that NoneBot2 has. Run by tests."""

from __future__ import annotations

import json
import sys
from typing import Any

import nonebot
from nonebot.adapters.onebot.v11 import (
    ActionFailed,
    Adapter,
    Bot,
    Message,
    MessageSegment,
    PrivateMessageEvent,
)

settings: dict[str, Any] = json.loads(sys.argv[1])
nonebot.init(log_level="ERROR", api_timeout=5, **settings)
nonebot.get_driver().register_adapter(Adapter)


@Bot.on_calling_api
async def crash(_bot: Any, _api: str, data: dict[str, Any]) -> None:
    if "崩" in str(data):
        raise ZeroDivisionError


@Bot.on_calling_api
async def rewrite_late(_bot: Any, _api: str, data: dict[str, Any]) -> None:
    if "改" in str(data):
        data["message"] = Message("加微信")


async def say(bot: Bot, event: PrivateMessageEvent, asked: str) -> None:
    user = event.user_id
    match asked:
        case "回复":
            await bot.send(event, Message("推荐小米") + MessageSegment.face(1) + Message("手环"))
        case "私聊":
            await bot.send_private_msg(user_id=user, message="加微信")
        case "接口":
            await bot.call_api("send_msg", user_id=user, message="[CQ:face,id=1]加微信")
        case "转发":
            node = MessageSegment.node_custom(10, "店", Message("加微信"))
            await bot.call_api("send_private_forward_msg", user_id=user, messages=[node])
        case "崩":
            await bot.send(event, "崩，加微信")
        case "改":
            await bot.send(event, "改")
        case "正常":
            await bot.send(event, "今天发货")


async def handle(bot: Bot, event: PrivateMessageEvent) -> None:
    try:
        await say(bot, event, event.get_plaintext())
    except ActionFailed as error:
        await bot.send(event, f"抱歉，{len(str(error.info))} 不行")


nonebot.on_message().append_handler(handle)
nonebot.run()
