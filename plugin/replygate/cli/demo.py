"""`replygate demo`: a shop, a simulated platform with buyers, a careless bot, and the gate."""

from __future__ import annotations

import asyncio
import importlib.util
from argparse import Namespace
from typing import TYPE_CHECKING, Final

from replygate.cli.columns import visible
from replygate.cli.exits import OK, InputError
from replygate.cli.output import Colour, dump_json, has_colour, paint
from replygate.cli.serve import require_extras

if TYPE_CHECKING:
    from replygate.demo.processes import Gate
    from replygate.demo.story import Tone

_COLOURS: Final[dict[str, Colour]] = {"good": "green", "warn": "yellow", "bad": "red"}

_BEFORE: Final = """\
一家演示店铺：买家 ⇄ 模拟平台 ⇄ replygate ⇄ NoneBot2 机器人，全部只在本机运行。
A shop for show: buyers, a simulated platform, replygate and a NoneBot2 bot, all on this machine.
机器人很粗心，也会不作声；期限是演示用的 12 秒。
The bot is careless and sometimes silent; the deadline is one of 12 s, for this show alone.
"""

_AFTER: Final = """
还在运行，按 Ctrl-C 结束。在另一个终端里试试：
It stays up until Ctrl-C. Try in another terminal:

# 检查一句话 judge a text
curl -s {url}/screen -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
  -d '{{"text": "加v❤xin聊"}}'

# 发给买家 send to a buyer, through the gate
curl -s {url}/outbound -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
  -d '{{"conversation": "10001", "text": "用微信付款也行"}}'

# 买家提问，没人回复，6 秒后自动安抚 a buyer asks, nobody answers: a holding reply after 6 s
curl -s {url}/inbound -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
  -d '{{"type": "message", "direction": "in", "conversation": "10009", "text": "在吗",
       "id": "'$RANDOM'", "at": "'$(date -Iseconds)'"}}'

# 谁在等 who waits
curl -s {url}/conversations -H 'Authorization: Bearer {token}'
"""


def run(args: Namespace) -> int:
    """Play the demonstration; without `--once` stay up until Ctrl-C."""
    require_extras("demo")
    if importlib.util.find_spec("nonebot") is None:
        raise InputError("demo: NoneBot2 is not installed; run pip install 'replygate[demo]'")
    from replygate.demo.stage import play

    talks = not args.json
    if talks:
        print(_BEFORE, flush=True)
    result = asyncio.run(
        play(_show if talks else _silent, None if args.once or args.json else _ready)
    )
    if args.json:
        print(dump_json(result))
    else:
        told = "  ".join(f"{name} {count}" for name, count in result["counters"].items())
        print(f"\n{told}")
    return OK


def _ready(gate: Gate) -> None:
    print(_AFTER.format(url=gate.url, token=gate.token), flush=True)


def _show(line: str, tone: Tone) -> None:
    line = visible(line)
    colour = _COLOURS.get(tone)
    print(paint(line, colour) if colour and has_colour() else line, flush=True)


def _silent(_line: str, _tone: Tone) -> None:
    """With --json the result alone is printed."""
