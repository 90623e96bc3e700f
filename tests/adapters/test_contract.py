"""The suite kept by the HTTP platform, and broken by adapters that leak: it can fail."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import web

from replygate.config import load_store
from replygate.events import Inbound
from replygate.model import Draft
from replygate.runtime import ReplyGate
from replygate_adapters import contract
from replygate_adapters.contract import (
    FORBIDDEN,
    SCENARIOS,
    STORE,
    STORE_ID,
    Ability,
    Arrival,
    Scenario,
)
from replygate_adapters.http import HttpPlatform

R = TypeVar("R")


class HttpHarness:
    """A bot that calls the gate, or whose functions are wrapped; holds go out over HTTP."""

    abilities: frozenset[Ability] = frozenset({"faults", "holds"})
    paths: Sequence[str] = ("gate.send", "gate.wrap, async", "gate.wrap, sync")

    def __init__(self, gate: ReplyGate) -> None:
        self.gate = gate
        self._arrived: list[Arrival] = []
        self._asked = 0

    async def take(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._arrived.append(Arrival(body["conversation"], body["text"]))
        return web.json_response({})

    async def say(self, path: str, conversation: str, *parts: str) -> bool:
        try:
            if path == "gate.send":
                draft = Draft(conversation, "".join(parts), store=STORE_ID)
                return (await self.gate.send(draft)).state == "sent"
            if path == "gate.wrap, sync":
                return self._wrapped(self._send)(conversation, "".join(parts)) is True
            return await self._wrapped(self._send_soon)(conversation, "".join(parts)) is True
        except RuntimeError:
            return False

    def _wrapped(self, send: Callable[[str, str], R]) -> Callable[[str, str], R]:
        return self.gate.wrap(send, store=STORE_ID, conversation="uid", text="content")

    def _send(self, uid: str, content: str) -> bool:
        self._arrived.append(Arrival(uid, content))
        return True

    async def _send_soon(self, uid: str, content: str) -> bool:
        await asyncio.sleep(0)
        return self._send(uid, content)

    def arrived(self) -> Sequence[Arrival]:
        return self._arrived

    async def ask(self, conversation: str, text: str) -> None:
        self._asked += 1
        await self.gate.received(Inbound(STORE_ID, conversation, f"m-{self._asked}", text))

    def rewriter(self, old: str, new: str) -> AbstractContextManager[None]:
        raise NotImplementedError

    def crash(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    async def cut(self) -> None:
        raise NotImplementedError

    async def reconnect(self) -> None:
        raise NotImplementedError


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[HttpHarness]:
    harness: HttpHarness | None = None

    async def take(request: web.Request) -> web.Response:
        assert harness is not None
        return await harness.take(request)

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    file = tmp_path / "contract.toml"
    file.write_text(
        f'{STORE}\n[adapter]\nkind = "http"\nurl = "http://127.0.0.1:{port}/"\n', "utf-8"
    )
    store = load_store(file)
    platform = HttpPlatform(store)
    ledger = f"sqlite:///{tmp_path}/ledger.db"
    async with ReplyGate.open(stores=store, ledger=ledger, journal=tmp_path / "journal") as gate:
        gate.connect(STORE_ID, platform)
        harness = HttpHarness(gate)
        yield harness
    await platform.close()
    await runner.cleanup()


HTTP = [each for each in SCENARIOS if each.needs <= HttpHarness.abilities]


@pytest.mark.parametrize("scenario", HTTP, ids=lambda scenario: scenario.name)
async def test_the_http_platform_keeps_the_contract(
    scenario: Scenario, harness: HttpHarness
) -> None:
    assert scenario.applies(harness)
    await scenario.run(harness)


class Leaky:
    """An adapter without a gate: whatever the bot says arrives."""

    abilities: frozenset[Ability] = frozenset({"parts", "hooks", "holds", "reconnects", "faults"})
    paths: Sequence[str] = ("send",)

    def __init__(self, gate: ReplyGate) -> None:
        self.gate = gate
        self._arrived: list[Arrival] = []

    async def say(self, _path: str, conversation: str, *parts: str) -> bool:
        self._arrived.append(Arrival(conversation, "".join(parts)))
        return True

    def arrived(self) -> Sequence[Arrival]:
        return self._arrived

    async def ask(self, conversation: str, _text: str) -> None:
        self._arrived += [Arrival(conversation, contract.HOLD)] * 2

    def rewriter(self, _old: str, _new: str) -> AbstractContextManager[None]:
        return nullcontext()

    def crash(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def cut(self) -> None:
        await asyncio.sleep(0)

    async def reconnect(self) -> None:
        await asyncio.sleep(0)


class Mute(Leaky):
    """An adapter that sends nothing, and says that it did."""

    async def say(self, _path: str, _conversation: str, *_parts: str) -> bool:
        return True


@pytest.mark.parametrize(
    ("scenario", "adapter"),
    [(scenario, Mute if scenario.name == "every path" else Leaky) for scenario in SCENARIOS],
    ids=lambda each: each.name if isinstance(each, Scenario) else each.__name__,
)
async def test_an_adapter_that_does_not_keep_it_fails(
    scenario: Scenario,
    adapter: type[Leaky],
    harness: HttpHarness,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for wait in ("DUE_S", "HOLDS_FROM_S", "HOLDS_TILL_S"):
        monkeypatch.setattr(contract, wait, 0.1)
    with pytest.raises(AssertionError):
        await scenario.run(adapter(harness.gate))


async def test_a_hold_that_does_not_come_fails(
    harness: HttpHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deaf(conversation: str, text: str) -> None:
        return

    monkeypatch.setattr(contract, "PATIENCE_S", 0.05)
    monkeypatch.setattr(harness, "ask", deaf)
    with pytest.raises(AssertionError, match="a holding reply did not come within"):
        await contract.held(harness)


def test_the_bots_carelessness_shows_everything_forbidden() -> None:
    rng = random.Random(1)  # noqa: S311 - the same messages each time
    harness: Any = Leaky(None)  # type: ignore[arg-type] # nothing is sent
    messages = [tuple(contract._careless(rng, harness)) for _ in range(500)]
    whole = ["".join(parts) for parts in messages]
    for word in FORBIDDEN:
        assert any(word in text for text in whole)
        # Some are cut in the middle of the word.
        assert any(
            word in text and not any(word in part for part in parts)
            for text, parts in zip(whole, messages, strict=True)
        )
    assert any(not any(word in text for word in FORBIDDEN) for text in whole)
