"""Before every adapter of a NoneBot driver: what a bot says goes through the gate, or not at all.

`Adapter._call_api` is what every way of sending comes down to, after all hooks. A hook of
`on_calling_api` would be run beside others, whose crash cancels it, and its own crash would let the
text out unjudged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Final

from nonebot.adapters import Adapter, Bot
from nonebot.compat import model_dump
from nonebot.drivers import Driver
from nonebot.log import logger

from replygate.errors import ConfigError, Problem, ReplygateError
from replygate_adapters.nonebot2.service import Service
from replygate_adapters.nonebot2.settings import Settings, read_settings

KNOWN: Final = "OneBot V11"
"""The one adapter whose messages are understood."""

_MARK: Final = "_replygate_guard"

CallApi = Callable[..., Awaitable[Any]]


def install(driver: Driver) -> None:
    """Stand before the adapters that are there and those that come. Once for each driver."""
    if getattr(driver, _MARK, None) is None:
        setattr(driver, _MARK, Guard(driver))


class Guard:
    """Shut until NoneBot starts, and after it stops: then every call of every bot raises."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._settings: Settings | None = None
        self._service: Service | None = None
        self._open = AsyncExitStack()
        self._register = driver.register_adapter
        _replace(driver, "register_adapter", self._register_adapter)
        self._stand_before_all()
        driver.on_startup(self._start)

    def _register_adapter(self, adapter: type[Adapter], **kwargs: Any) -> None:
        self._register(adapter, **kwargs)
        self._stand_before_all()

    def _stand_before_all(self) -> None:
        for adapter in self._driver._adapters.values():  # noqa: SLF001 - NoneBot's get_adapters() does the same
            self._stand_before(adapter)

    def _stand_before(self, adapter: Adapter) -> None:
        if getattr(adapter, _MARK, None) is not None:
            return
        setattr(adapter, _MARK, self)
        inner: CallApi = adapter._call_api  # noqa: SLF001 - the lowest call that sends

        async def call_api(bot: Bot, api: str, /, **data: Any) -> Any:
            return await self._call(adapter, inner, bot, api, data)

        _replace(adapter, "_call_api", call_api)
        if adapter.get_name() == KNOWN:
            self._listen(adapter, inner)

    def _listen(self, adapter: Adapter, inner: CallApi) -> None:
        """Hear of every event before any plugin can drop it, and of bots that come and go."""
        parse: Callable[[Any], Any] = adapter.json_to_event  # type: ignore[attr-defined] # OneBot V11's
        connect, disconnect = adapter.bot_connect, adapter.bot_disconnect

        def json_to_event(raw: Any) -> Any:
            if self._service is not None:
                self._service.hear(raw)
            return parse(raw)

        def bot_connect(bot: Bot) -> None:
            connect(bot)
            if self._service is not None:
                self._service.bot_came(bot, inner)

        def bot_disconnect(bot: Bot) -> None:
            if self._service is not None:
                self._service.bot_left(bot)
            disconnect(bot)

        _replace(adapter, "json_to_event", json_to_event)
        _replace(adapter, "bot_connect", bot_connect)
        _replace(adapter, "bot_disconnect", bot_disconnect)

    async def _call(
        self, adapter: Adapter, inner: CallApi, bot: Bot, api: str, data: dict[str, Any]
    ) -> Any:
        if self._settings is None or self._service is None:
            raise ReplygateError(f"{api}: replygate is not open; nothing goes out without it")
        if adapter.get_name() in self._settings.ignore_adapters:
            return await inner(bot, api, **data)
        if adapter.get_name() != KNOWN:
            raise ReplygateError(f"{api}: {_unknown(adapter.get_name())}")
        return await self._service.call(inner, bot, api, data)

    async def _start(self) -> None:
        """Open the gate. What this raises keeps NoneBot from starting."""
        settings = read_settings(model_dump(self._driver.config))
        self._stand_before_all()
        adapters = self._driver._adapters  # noqa: SLF001 - NoneBot's get_adapters() does the same
        unknown = [name for name in adapters if name not in {KNOWN, *settings.ignore_adapters}]
        if unknown:
            where = "NoneBot's adapters"
            raise ConfigError([Problem(where, 0, name, _unknown(name)) for name in unknown])
        service = await self._open.enter_async_context(Service.open(settings))
        self._settings, self._service = settings, service
        # Registered this late, it is the first to be run: what is drained still has its adapters.
        self._driver.on_shutdown(self._stop)
        logger.info(f"replygate is open for {', '.join(service.stores)}")

    async def _stop(self) -> None:
        service, self._service = self._service, None
        if service is not None:
            await self._open.aclose()


def _unknown(name: str) -> str:
    return (
        f'replygate does not know the adapter "{name}" and can not judge what it sends; take it '
        "out, or name it in REPLYGATE_IGNORE_ADAPTERS to let it send unjudged"
    )


def _replace(owner: object, name: str, method: object) -> None:
    """In the instance, so that other drivers and adapters of the class stay as they are."""
    setattr(owner, name, method)
