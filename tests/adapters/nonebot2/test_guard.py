"""The contract of every adapter, and what keeps texts in, against a real NoneBot2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nonebot
import pytest
from nonebot.adapters import Adapter as AnyAdapter
from nonebot.adapters import Bot as AnyBot
from nonebot.adapters.onebot.v11 import Adapter, Bot
from nonebot.config import Config, Env
from nonebot.drivers.fastapi import Driver

from adapters.nonebot2.kit import SELF_ID, NoneBotHarness
from replygate.errors import ConfigError, ReplygateError
from replygate_adapters.contract import SCENARIOS, STORE, Scenario
from replygate_adapters.nonebot2.guard import Guard, install


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_the_contract_is_kept(scenario: Scenario, harness: NoneBotHarness) -> None:
    assert scenario.applies(harness)
    await scenario.run(harness)


class Other(AnyAdapter):
    """An adapter of another protocol. It remembers what it was asked to do."""

    calls: list[str]

    def __init__(self, driver: Any, **kwargs: Any) -> None:
        super().__init__(driver, **kwargs)
        self.calls = []

    @classmethod
    def get_name(cls) -> str:
        return "Other"

    async def _call_api(self, bot: AnyBot, api: str, **data: Any) -> Any:
        self.calls.append(f"{bot.self_id} {api}")
        return data


class OtherBot(AnyBot):
    async def send(self, event: Any, message: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """A NoneBot that does not run yet, with the store's settings."""
    (tmp_path / "contract.toml").write_text(STORE, "utf-8")
    given: dict[str, Any] = {
        "replygate_stores": str(tmp_path / "contract.toml"),
        "replygate_ledger": f"sqlite:///{tmp_path}/ledger.db",
        "replygate_journal": str(tmp_path / "journal.jsonl"),
        "replygate_ignore_adapters": ["Other"],
    }
    driver = Driver(Env(environment="test"), Config(_env_file=None, **given))
    driver._adapters = {}  # type: ignore[misc] # a class variable
    monkeypatch.setattr(nonebot, "_driver", driver)
    return driver


async def test_it_is_shut_before_nonebot_starts_and_after_it_stops(driver: Driver) -> None:
    driver.register_adapter(Adapter)
    install(driver)
    driver.register_adapter(Other)
    one, other = (driver._adapters[name] for name in ("OneBot V11", "Other"))
    assert isinstance(other, Other)
    bots = (Bot(one, SELF_ID), OtherBot(other, "1"))

    async def require_shut() -> None:
        for bot in bots:
            with pytest.raises(ReplygateError, match="replygate is not open"):
                await bot.call_api("send_private_msg", user_id=7, message="在")

    await require_shut()
    async with driver._lifespan:
        assert await bots[1].call_api("send", message="去淘宝") == {"message": "去淘宝"}
    await require_shut()
    assert other.calls == ["1 send"]


@pytest.mark.parametrize("before", [True, False])
async def test_adapters_are_guarded_whenever_they_come(driver: Driver, *, before: bool) -> None:
    if before:
        driver.register_adapter(Other)
    install(driver)
    install(driver)
    driver.register_adapter(Other)
    other = driver._adapters["Other"]
    with pytest.raises(ReplygateError):
        await other._call_api(OtherBot(other, "1"), "send")
    assert vars(other)["_call_api"].__qualname__.startswith(Guard._stand_before.__qualname__)


async def test_an_unknown_adapter_keeps_nonebot_from_starting(driver: Driver) -> None:
    class Another(Other):
        @classmethod
        def get_name(cls) -> str:
            return "Another"

    install(driver)
    driver.register_adapter(Another)
    with pytest.raises(ConfigError, match='does not know the adapter "Another"'):
        await driver._lifespan.startup()
    await driver._lifespan.shutdown()


async def test_an_unknown_adapter_that_comes_later_can_not_send(driver: Driver) -> None:
    class Late(Other):
        @classmethod
        def get_name(cls) -> str:
            return "Late"

    install(driver)
    async with driver._lifespan:
        driver.register_adapter(Late)
        late = driver._adapters["Late"]
        with pytest.raises(ReplygateError, match='does not know the adapter "Late"'):
            await late._call_api(OtherBot(late, "1"), "send")


async def test_bad_settings_keep_nonebot_from_starting(driver: Driver) -> None:
    driver.config = Config(_env_file=None, replygate_stores="/nowhere/at/all")
    install(driver)
    with pytest.raises(ReplygateError, match="/nowhere/at/all"):
        await driver._lifespan.startup()
    await driver._lifespan.shutdown()
