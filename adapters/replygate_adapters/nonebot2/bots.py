"""The bots that speak for one store, and holding replies by the one that heard the buyer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from nonebot.adapters import Bot
from nonebot.adapters.onebot.v11.exception import ActionFailed, ApiNotAvailable

from replygate.errors import PlatformRefused
from replygate.model import Cleared, Receipt
from replygate.runtime import ReplyGate
from replygate_adapters.onebot.answers import receipt_of
from replygate_adapters.onebot.intake import Intake
from replygate_adapters.onebot.saying import Route, saying

CallApi = Callable[..., Awaitable[Any]]


class StoreBots:
    """A `replygate.runtime` platform, as long as a bot of the store is connected."""

    def __init__(self, gate: ReplyGate, store: str, intake: Intake) -> None:
        self._gate = gate
        self._store = store
        self._intake = intake
        self._bots: dict[str, tuple[Bot, CallApi]] = {}

    def came(self, bot: Bot, call_api: CallApi) -> None:
        """Send by this bot, too."""
        self._bots[bot.self_id] = (bot, call_api)
        self._gate.connection_opened(self._store, "platform")
        self._gate.connect(self._store, self)

    def left(self, bot: Bot) -> None:
        """Send no more by this bot."""
        known = self._bots.get(bot.self_id)
        if known is None or known[0] is not bot:
            return
        del self._bots[bot.self_id]
        self._gate.connection_closed(self._store, "platform")
        if not self._bots:
            self._gate.disconnect(self._store)

    async def send(self, cleared: Cleared) -> Receipt:
        """Send a holding reply. Raises PlatformRefused where surely nothing went out."""
        assert cleared.text is not None, "only a text that may go out gets here"
        conversation = cleared.draft.conversation
        route = self._intake.route(conversation)
        bot, call_api = self._bot_of(route)
        action, params = saying(conversation, cleared.text, route)
        try:
            data = await call_api(bot, action, **params)
        except ActionFailed as error:
            return receipt_of(dict(error.info), self._gate.now_ms())
        except ApiNotAvailable as error:
            raise PlatformRefused("the bot has no connection") from error
        return receipt_of({"status": "ok", "data": data}, self._gate.now_ms())

    def _bot_of(self, route: Route | None) -> tuple[Bot, CallApi]:
        self_id = None if route is None else route.self_id
        if self_id is None and len(self._bots) == 1:
            return next(iter(self._bots.values()))
        if self_id is None or self_id not in self._bots:
            raise PlatformRefused("the bot that heard the buyer is not connected")
        return self._bots[self_id]
