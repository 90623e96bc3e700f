"""The plugin's settings, from NoneBot's own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from replygate.config import Store
from replygate.config.schema import BlockAs
from replygate.errors import ConfigError, Problem

PREFIX: Final = "replygate_"


class Settings(BaseModel):
    """Each is a key of NoneBot's configuration: `stores` is `REPLYGATE_STORES`.

    `bots` says which store a bot (by its self id) speaks for. Bots and adapters to ignore are not
    judged at all. With `block_as` "ok" a bot is told that a text which was kept back was sent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stores: str | tuple[str, ...]
    ledger: str = "sqlite:///replygate.db"
    journal: str | None = None
    bots: Mapping[str, str] = {}
    ignore_bots: frozenset[str] = frozenset()
    ignore_adapters: frozenset[str] = frozenset()
    block_as: BlockAs = "failed"
    groups: bool = False

    def store_of(self, self_id: str, stores: Mapping[str, Store]) -> str | None:
        """The store that a bot speaks for: the one that is named, else the only one."""
        if self.bots:
            return self.bots.get(self_id)
        return next(iter(stores)) if len(stores) == 1 else None


def read_settings(config: Mapping[str, Any]) -> Settings:
    """The settings in NoneBot's configuration. Raises ConfigError with everything wrong."""
    given = {
        key.lower().removeprefix(PREFIX): _with_text_keys(value)
        for key, value in config.items()
        if key.lower().startswith(PREFIX)
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        problems = [_problem(each["loc"], each["type"], each["msg"]) for each in error.errors()]
        raise ConfigError(problems) from None


def require_stores(settings: Settings, stores: Mapping[str, Store]) -> None:
    """Raises ConfigError where a bot's store is not there, or no bot could have one."""
    known = ", ".join(sorted(stores))
    problems = [
        _said(
            f"{PREFIX}bots", f'the bot {bot} speaks for "{store}", which is no store; {known} are'
        )
        for bot, store in settings.bots.items()
        if store not in stores
    ]
    if len(stores) > 1 and not settings.bots:
        what = f"expected which bot speaks for which of the stores {known}"
        problems.append(_said(f"{PREFIX}bots", what, 'such as {"10001": "my-shop"}'))
    if problems:
        raise ConfigError(problems)


def _with_text_keys(value: Any) -> Any:
    """An account may be written as a number."""
    if isinstance(value, Mapping):
        return {str(key): each for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [str(each) for each in value]
    return value


def _problem(loc: tuple[int | str, ...], kind: str, message: str) -> Problem:
    name = str(loc[0])
    if kind == "extra_forbidden":
        close = get_close_matches(name, Settings.model_fields, 1)
        hint = f"did you mean {_key(close[0])}?" if close else ""
        return _said(PREFIX + name, "there is no such key", hint)
    if kind == "missing":
        what = "is missing; expected a folder of store files, a file, or a packaged store's id"
        return _said(PREFIX + name, what)
    return _said(PREFIX + name, message)


def _key(name: str) -> str:
    return (PREFIX + name).upper()


def _said(key: str, what: str, hint: str = "") -> Problem:
    return Problem("NoneBot's configuration", 0, key.upper(), what, hint)
