"""A real AstrBot with a careless plugin; run by the Python that has AstrBot, not by ours.

`python astrbot_bot.py PORT` in an empty folder. It says what it is asked to: `WAY TEXT`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

PLUGIN = """
from astrbot.api.event import AstrMessageEvent, MessageChain, filter
from astrbot.api.message_components import Plain
from astrbot.api.star import Context, Star, register


@register("careless", "shop", "says what it is asked to", "1.0.0")
class Careless(Star):
    def __init__(self, context: Context):
        super().__init__(context)

    @filter.event_message_type(filter.EventMessageType.ALL)
    async def on_message(self, event: AstrMessageEvent):
        way, _, said = event.message_str.partition(" ")
        if way == "reply":
            yield event.plain_result(said)
        elif way == "send":
            await event.send(MessageChain([Plain(said)]))
        elif way == "proactive":
            chain = MessageChain([Plain(said)])
            await self.context.send_message(event.unified_msg_origin, chain)
        elif way == "stream":
            async def pieces():
                for char in said:
                    yield MessageChain([Plain(char)])
            await event.send_streaming(pieces(), use_fallback=True)

    @filter.on_decorating_result()
    async def crash(self, event: AstrMessageEvent):
        raise RuntimeError("another plugin crashes")
"""

METADATA = """\
name: careless
author: shop
version: 1.0.0
desc: says what it is asked to
repo: ""
"""


def prepare(port: int) -> None:
    """Write what AstrBot reads at its start."""
    plugin = Path("data/plugins/careless")
    plugin.mkdir(parents=True)
    (plugin / "main.py").write_text(PLUGIN, "utf-8")
    (plugin / "metadata.yaml").write_text(METADATA, "utf-8")
    onebot = {
        "id": "shop",
        "type": "aiocqhttp",
        "enable": True,
        "ws_reverse_host": "127.0.0.1",
        "ws_reverse_port": port,
        "ws_reverse_token": "",
    }
    config = {"platform": [onebot], "provider_settings": {"enable": False}}
    Path("data/cmd_config.json").write_text(json.dumps(config), "utf-8")


async def main() -> None:
    """Run it without its dashboard, and without what it asks of the Internet."""
    from astrbot.core import LogBroker, core_lifecycle, db_helper

    async def nothing() -> None:
        """Its list of models is of no use here."""

    core_lifecycle.update_llm_metadata = nothing
    astrbot = core_lifecycle.AstrBotCoreLifecycle(LogBroker(), db_helper)
    await astrbot.initialize()
    await astrbot.start()


if __name__ == "__main__":
    os.environ["ASTRBOT_DISABLE_METRICS"] = "1"
    prepare(int(sys.argv[1]))
    # It imports plugins as `data.plugins...` from the folder that it runs in.
    sys.path.insert(0, str(Path.cwd()))
    asyncio.run(main())
