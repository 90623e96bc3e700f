"""A real NoneBot2 on a real port, and a OneBot implementation that exists in the test only."""

from __future__ import annotations

import asyncio
import itertools
import re
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import aiohttp
import nonebot
import pytest
import uvicorn
from nonebot.adapters import Bot as AnyBot
from nonebot.adapters.onebot.v11 import Adapter, Bot, Message, MessageSegment
from nonebot.adapters.onebot.v11.event import Event, PrivateMessageEvent
from nonebot.compat import type_validate_python
from nonebot.config import Config, Env
from nonebot.drivers.fastapi import Driver
from nonebot.matcher import Matcher, matchers

from replygate.events import Event as GateEvent
from replygate.runtime import Received, ReplyGate
from replygate_adapters.contract import STORE, Ability, Arrival
from replygate_adapters.nonebot2.guard import Guard, install

SELF_ID = "10001"
PATIENCE_S = 10.0

_CODE = re.compile(r"\[CQ:[^\]]*\]")


def naive_text(message: Any) -> str:
    """All text of a message, read in another way than the adapter does it."""
    if isinstance(message, str):
        text = _CODE.sub("", message)
        for written, meant in (("&#91;", "["), ("&#93;", "]"), ("&amp;", "&")):
            text = text.replace(written, meant)
        return text
    if isinstance(message, list):
        return "".join(naive_text(each) for each in message)
    data = message["data"]
    return str(data["text"]) if message["type"] == "text" else naive_text(data.get("content", ""))


def said(params: dict[str, Any]) -> str:
    """All text of an action's message."""
    message = params.get("message", params.get("messages", ""))
    return str(message) if params.get("auto_escape") else naive_text(message)


class Implementation:
    """The platform's side: connects to the bot, takes actions, tells events."""

    def __init__(self, port: int, self_id: str = SELF_ID) -> None:
        self.actions: list[dict[str, Any]] = []
        self._arrived: list[Arrival] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self._address = f"ws://127.0.0.1:{port}/onebot/v11/ws"
        self._self_id = self_id
        self._ids = itertools.count(1)
        self._reading: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Come (back); NoneBot refuses an account that it has not seen go."""
        self._session = aiohttp.ClientSession()
        try:
            self._ws = await self._session.ws_connect(
                self._address, headers={"X-Self-ID": self._self_id}
            )
        except aiohttp.ClientError:
            await self._session.close()
            raise
        self._reading = asyncio.get_running_loop().create_task(self._read())

    async def close(self) -> None:
        if self._reading is None:
            return
        reading, self._reading = self._reading, None
        await self._ws.close()
        await reading
        await self._session.close()

    async def tell(self, **event: Any) -> None:
        """An event of this account."""
        await self.report({"time": int(time.time()), "self_id": int(self._self_id), **event})

    async def report(self, event: dict[str, Any]) -> None:
        """Send an event to whoever hears this account."""
        await self._ws.send_json(event)

    async def buyer(self, conversation: str, message: Any) -> None:
        """A buyer's message."""
        await self.tell(**private_message(conversation, message, next(self._ids)))

    def arrived(self) -> list[Arrival]:
        return self._arrived

    async def _read(self) -> None:
        async for frame in self._ws:
            action = frame.json()
            await self._ws.send_json({**self.answer(action), "echo": action["echo"]})

    def answer(self, action: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked; what to answer."""
        self.actions.append(action)
        params = action["params"]
        if (text := said(params)) or params.get("name"):
            conversation = str(params.get("user_id") or params.get("group_id"))
            self._arrived.append(Arrival(conversation, text))
        given = {"status": "ok", "retcode": 0, "data": {"message_id": next(self._ids)}}
        return self.answers.get(action["action"], given)


def private_message(conversation: str, message: Any, message_id: int) -> dict[str, Any]:
    """A buyer's message as an implementation tells it."""
    return {
        "post_type": "message",
        "message_type": "private",
        "sub_type": "friend",
        "user_id": int(conversation),
        "message_id": message_id,
        "message": message,
        "raw_message": str(message),
        "font": 0,
        "sender": {"user_id": int(conversation)},
    }


@asynccontextmanager
async def running(**config: Any) -> AsyncIterator[tuple[Guard, int]]:
    """A NoneBot of its own, with the plugin; gives its guard and its port."""
    with made(Driver, **config) as driver:
        install(driver)
        async with serving(driver) as port:
            yield driver._replygate_guard, port  # type: ignore[attr-defined] # the plugin's mark


@contextmanager
def made(kind: type[Driver], **config: Any) -> Iterator[Driver]:
    """A NoneBot of its own that speaks OneBot V11; it does not run yet."""
    with pytest.MonkeyPatch.context() as patch:
        driver = kind(Env(environment="test"), Config(_env_file=None, **config))
        # The driver's classes share these; each test has its own.
        driver._adapters = {}  # type: ignore[misc] # a class variable
        patch.setattr(nonebot, "_driver", driver)
        driver.register_adapter(Adapter)
        yield driver


@asynccontextmanager
async def serving(driver: Driver, listening: socket.socket | None = None) -> AsyncIterator[int]:
    """Its server, on a free port. Raises SystemExit where NoneBot does not start."""
    listening = listening or socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(driver.server_app, log_config=None, ws="websockets-sansio")
    server = uvicorn.Server(config)
    task = asyncio.get_running_loop().create_task(server._serve([listening]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - it has no event for it
            await asyncio.sleep(0.01)
        if task.done():
            raise SystemExit("NoneBot did not start")
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listening.close()


async def until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not done():  # noqa: ASYNC110 - what is waited for is on the other side of a socket
            await asyncio.sleep(0.005)


Say = Callable[[Bot, str, Message], Awaitable[object]]


def _event(bot: Bot, conversation: str) -> PrivateMessageEvent:
    raw = {"time": 1, "self_id": int(bot.self_id), **private_message(conversation, "在吗", 1)}
    return type_validate_python(PrivateMessageEvent, raw)


async def _bot_send(bot: Bot, conversation: str, message: Message) -> object:
    return await bot.send(_event(bot, conversation), message)


async def _bot_send_reply(bot: Bot, conversation: str, message: Message) -> object:
    return await bot.send(_event(bot, conversation), message, reply_message=True)


async def _private(bot: Bot, conversation: str, message: Message) -> object:
    return await bot.send_private_msg(user_id=int(conversation), message=message)


async def _cq_string(bot: Bot, conversation: str, message: Message) -> object:
    return await bot.send_private_msg(user_id=int(conversation), message=str(message))


async def _plain_string(bot: Bot, conversation: str, message: Message) -> object:
    text = message.extract_plain_text()
    return await bot.send_msg(user_id=int(conversation), message=text, auto_escape=True)


async def _call_api(bot: Bot, conversation: str, message: Message) -> object:
    parts = [{"type": each.type, "data": each.data} for each in message]
    return await bot.call_api("send_msg_async", user_id=int(conversation), message=parts)


async def _forward(bot: Bot, conversation: str, message: Message) -> object:
    node = {"type": "node", "data": {"user_id": "1", "nickname": "", "content": message}}
    return await bot.send_private_forward_msg(user_id=int(conversation), messages=[node])


async def _quick(bot: Bot, conversation: str, message: Message) -> object:
    # What another implementation may add to the protocol.
    return await bot.call_api("send_words", user_id=int(conversation), message=message)


async def _adapter(bot: Bot, conversation: str, message: Message) -> object:
    """By a plugin that goes below the bot."""
    return await bot.adapter._call_api(
        bot, "send_private_msg", user_id=int(conversation), message=message
    )


PATHS: dict[str, Say] = {
    "bot.send": _bot_send,
    "bot.send as a reply": _bot_send_reply,
    "send_private_msg": _private,
    "CQ codes": _cq_string,
    "auto_escape": _plain_string,
    "call_api": _call_api,
    "forward message": _forward,
    "an action of its own": _quick,
    "adapter._call_api": _adapter,
}
MATCHER = "matcher.send"


class NoneBotHarness:
    """The plugin in a NoneBot, and an implementation at its port."""

    abilities: frozenset[Ability] = frozenset({"parts", "hooks", "holds", "reconnects", "faults"})
    paths = (*PATHS, MATCHER)

    def __init__(self, gate: ReplyGate, implementation: Implementation) -> None:
        self.gate = gate
        self.implementation = implementation
        self._replies: dict[str, tuple[Message, asyncio.Future[bool]]] = {}
        self._received: set[str] = set()
        take_in = self.gate.received

        async def received(event: GateEvent) -> Received:
            done = await take_in(event)
            self._received.add(getattr(event, "conversation", ""))
            return done

        self.gate.received = received  # type: ignore[method-assign] # to see when it is done

    @property
    def bot(self) -> Bot:
        return cast("Bot", nonebot.get_bot(SELF_ID))

    async def say(self, path: str, conversation: str, *parts: str) -> bool:
        message = Message(
            [
                segment
                for part in parts
                for segment in (MessageSegment.text(part), MessageSegment.face(1))
            ]
        )
        if path == MATCHER:
            return await self._say_in_a_matcher(conversation, message)
        try:
            await PATHS[path](self.bot, conversation, message)
        except Exception:  # noqa: BLE001 - whatever it is, the bot was told
            return False
        return True

    async def _say_in_a_matcher(self, conversation: str, message: Message) -> bool:
        told = asyncio.get_running_loop().create_future()
        self._replies[conversation] = (message, told)
        await self.implementation.buyer(conversation, "在吗")
        return await asyncio.wait_for(told, PATIENCE_S)

    async def answer(self, matcher: Matcher, event: Event) -> None:
        """The bot's own handler."""
        message, told = self._replies.pop(event.get_user_id(), (None, None))
        if message is None or told is None:
            return
        try:
            await matcher.send(message)
        except Exception:  # noqa: BLE001 - whatever it is, the bot was told
            told.set_result(False)
        else:
            told.set_result(True)

    def arrived(self) -> Sequence[Arrival]:
        return self.implementation.arrived()

    async def ask(self, conversation: str, text: str) -> None:
        self._received.discard(conversation)
        await self.implementation.buyer(conversation, text)
        await until(lambda: conversation in self._received)

    @contextmanager
    def _hook(self, hook: Any) -> Iterator[None]:
        AnyBot.on_calling_api(hook)
        try:
            yield
        finally:
            AnyBot._calling_api_hook.discard(hook)

    def rewriter(self, old: str, new: str) -> Any:
        async def rewrite(bot: AnyBot, api: str, data: dict[str, Any]) -> None:
            for key in ("message", "messages"):
                if key in data:
                    data[key] = _replaced(data[key], old, new)

        return self._hook(rewrite)

    def crash(self) -> Any:
        async def crash(bot: AnyBot, api: str, data: dict[str, Any]) -> None:
            raise RuntimeError("this plugin is broken")

        return self._hook(crash)

    async def cut(self) -> None:
        await self.implementation.close()
        await until(lambda: SELF_ID not in nonebot.get_bots())

    async def reconnect(self) -> None:
        await self.implementation.connect()
        await until(lambda: SELF_ID in nonebot.get_bots())


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, Message):
        return Message([_replaced(each, old, new) for each in value])
    if isinstance(value, MessageSegment):
        return MessageSegment(value.type, _replaced(value.data, old, new))
    if isinstance(value, list):
        return [_replaced(each, old, new) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(each, old, new) for key, each in value.items()}
    return value


@asynccontextmanager
async def nonebot_harness(folder: Path, **config: Any) -> AsyncIterator[NoneBotHarness]:
    """A bot of the contract's store, connected."""
    (folder / "contract.toml").write_text(STORE, "utf-8")
    given = {
        "replygate_stores": str(folder / "contract.toml"),
        "replygate_ledger": f"sqlite:///{folder}/ledger.db",
        "replygate_journal": str(folder / "journal.jsonl"),
        **config,
    }
    async with running(**given) as (guard, port):
        assert guard._service is not None
        harness = NoneBotHarness(guard._service.gate, Implementation(port))
        async with listening_bot(harness):
            yield harness


@asynccontextmanager
async def listening_bot(harness: NoneBotHarness) -> AsyncIterator[None]:
    """Its bot hears buyers, and is connected."""
    matcher = nonebot.on_message(handlers=[harness.answer])
    try:
        await harness.reconnect()
        yield
    finally:
        with suppress(ConnectionError):
            await harness.implementation.close()
        matcher.destroy()
        assert not any(matchers.values())
