"""The bot: a real NoneBot2 that says whatever the script has for a buyer. Run as a process.

`python -m replygate.demo.bot PORT`. It knows nothing of replygate. Before it says something it
writes that to standard output, one JSON object a line, so that the demonstration can show both what
the bot said and what the buyer got.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Final

import nonebot
from nonebot.adapters.onebot.v11 import (
    ActionFailed,
    Adapter,
    Bot,
    Message,
    MessageSegment,
    PrivateMessageEvent,
)
from nonebot.log import logger

from replygate.demo.platform import shown
from replygate.demo.script import Line, scene_of

PATH: Final = "/onebot/v11/ws"
"""Where NoneBot2 takes connections of OneBot implementations."""


def main(port: int) -> None:
    """Serve until the process is ended."""
    # Its log goes to standard output, which is for what the bot says.
    logger.remove()
    logger.add(sys.stderr, level="ERROR")
    nonebot.init(driver="~fastapi", host="127.0.0.1", port=port)
    nonebot.get_driver().register_adapter(Adapter)
    nonebot.on_message(handlers=[answer])
    nonebot.run()


async def answer(bot: Bot, event: PrivateMessageEvent) -> None:
    """Say the lines of this buyer's scene, each in its time."""
    scene = scene_of(event.user_id)
    lines = scene.lines if scene is not None else ()
    began = asyncio.get_running_loop().time()
    for line in lines:
        await asyncio.sleep(began + line.after_s - asyncio.get_running_loop().time())
        try:
            await _say(bot, event, line)
        except ActionFailed as error:
            _tell(event.user_id, refused=str(error.info.get("wording") or error.info.get("msg")))


async def _say(bot: Bot, event: PrivateMessageEvent, line: Line) -> None:
    written = line.message
    message = (
        Message(written)
        if isinstance(written, str)
        else Message(MessageSegment(part["type"], part["data"]) for part in written)
    )
    _tell(event.user_id, said=shown(written), call=line.call)
    if line.call == "send":
        await bot.send(event, message)
    elif line.call == "send_private_msg":
        await bot.send_private_msg(user_id=event.user_id, message=message)
    else:
        await bot.call_api("send_msg", user_id=event.user_id, message=message)


def _tell(user_id: int, **what: str) -> None:
    print(json.dumps({"user_id": user_id, **what}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
