"""The gate, as long as NoneBot runs: calls, events, and the bots that carry what was cleared."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from nonebot.adapters import Bot
from nonebot.adapters.onebot.v11.exception import ActionFailed, ApiNotAvailable, NetworkError
from nonebot.log import logger
from nonebot.utils import DataclassEncoder

from replygate.errors import PlatformRefused, SendUncertain
from replygate.runtime import ReplyGate
from replygate.runtime.tasks import Tasks
from replygate_adapters.nonebot2.bots import StoreBots
from replygate_adapters.nonebot2.settings import Settings, require_stores
from replygate_adapters.onebot import Unreadable, outgoing
from replygate_adapters.onebot.answers import NOT_JUDGED, NOT_SENT, Answer, failed
from replygate_adapters.onebot.intake import Intake
from replygate_adapters.onebot.turnstile import Turnstile

CallApi = Callable[..., Awaitable[Any]]

_SENT: Final = "ok"


class Service:
    """One gate for all bots of a NoneBot."""

    def __init__(self, gate: ReplyGate, settings: Settings) -> None:
        self.gate = gate
        self._settings = settings
        self._tasks = Tasks(_failed)
        self.stores = tuple(gate.stores)
        self._intakes = {
            store: Intake(gate, store, self._tasks, groups=settings.groups) for store in self.stores
        }
        self._bots = {store: StoreBots(gate, store, self._intakes[store]) for store in self.stores}
        self._turnstiles = {
            store: Turnstile(gate, store, settings.block_as, self._intakes[store])
            for store in self.stores
        }

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Service]:
        """Open the gate, and drain it at the end. Raises what `ReplyGate.open` raises."""
        stores = settings.stores if isinstance(settings.stores, str) else list(settings.stores)
        async with ReplyGate.open(
            stores=stores, ledger=settings.ledger, journal=settings.journal
        ) as gate:
            require_stores(settings, gate.stores)
            service = cls(gate, settings)
            yield service
            await service._tasks.idle()

    def store_of(self, self_id: str) -> str | None:
        """The store that a bot speaks for; None where nobody said."""
        return self._settings.store_of(self_id, self.gate.stores)

    async def call(self, inner: CallApi, bot: Bot, api: str, data: Mapping[str, Any]) -> Any:
        """One API call of a bot. Raises ActionFailed for what does not go out, and why."""
        if bot.self_id in self._settings.ignore_bots:
            return await inner(bot, api, **data)
        # What is judged is what will stand on the wire; nobody can change it meanwhile.
        params = json.loads(json.dumps(data, cls=DataclassEncoder))
        try:
            text = outgoing(api, params)
        except Unreadable as error:
            raise _refused(failed(NOT_JUDGED, f"replygate: {error}")) from error
        if text is None:
            return await inner(bot, api, **params)
        store = self.store_of(bot.self_id)
        if store is None:
            raise _refused(failed(NOT_SENT, f"replygate: {_no_store(bot.self_id)}"))
        call = Call(inner, bot, api, params)
        answer = await self._turnstiles[store].send(api, params, text, call.carry)
        if answer is None or call.error is not None:
            return call.outcome()
        if answer["status"] != _SENT:
            raise _refused(answer)
        return answer["data"]

    def hear(self, raw: object) -> None:
        """Something came from an implementation. Never in the bot's way: raises nothing."""
        if not isinstance(raw, dict) or "post_type" not in raw:
            return
        store = self.store_of(str(raw.get("self_id")))
        if store is None or str(raw.get("self_id")) in self._settings.ignore_bots:
            return
        self._tasks.start("onebot event", self._intakes[store].take(raw))

    def bot_came(self, bot: Bot, inner: CallApi) -> None:
        """A bot is connected: holding replies of its store go out by it."""
        if bot.self_id in self._settings.ignore_bots:
            return
        store = self.store_of(bot.self_id)
        if store is None:
            logger.error(f"replygate: {_no_store(bot.self_id)}; nothing goes out of it")
            return
        self._bots[store].came(bot, inner)

    def bot_left(self, bot: Bot) -> None:
        """A bot is gone."""
        store = self.store_of(bot.self_id)
        if store is not None:
            self._bots[store].left(bot)


class Call:
    """One call on its way to the implementation, and what came of it."""

    def __init__(self, inner: CallApi, bot: Bot, api: str, params: Mapping[str, Any]) -> None:
        self._inner = inner
        self._bot = bot
        self._api = api
        self._params = params
        self._result: Any = None
        self._returned = False
        self.error: Exception | None = None

    async def carry(self, changed: Mapping[str, Any] | None) -> object:
        """Make the call; its answer as the implementation's JSON. Raises a PlatformError."""
        params = self._params if changed is None else changed
        try:
            self._result = await self._inner(self._bot, self._api, **params)
        except ActionFailed as error:
            self.error = error
            return dict(error.info)
        except ApiNotAvailable as error:
            self.error = error
            raise PlatformRefused("the bot has no connection") from error
        except Exception as error:
            self.error = error
            raise SendUncertain(f"{error!r}; the message may be out") from error
        self._returned = True
        return {"status": _SENT, "data": self._result}

    def outcome(self) -> Any:
        """What the implementation returned or raised."""
        if self.error is not None:
            raise self.error
        if not self._returned:
            raise NetworkError(f"{self._api}: no answer in time; the message may be out")
        return self._result


def _refused(answer: Answer) -> ActionFailed:
    error: ActionFailed = ActionFailed(**answer)  # type: ignore[no-untyped-call] # NoneBot's
    return error


def _no_store(self_id: str) -> str:
    return f"the bot {self_id} has no store; name it in REPLYGATE_BOTS or REPLYGATE_IGNORE_BOTS"


def _failed(task: str, error: BaseException) -> None:
    logger.error(f"{task}: {error!r}")
