"""From events to real servers on the loopback, each playing a robot that keeps its limits."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from replygate.config import Store
from replygate.notify.notifier import Notifier, OnDuty
from replygate.notify.post import TIMEOUT_S, Poster
from replygate.runtime.tasks import Tasks

from .kit import FAST, FastClock, Pages, run_fast, store

SECRET = "robot-s3cret"  # noqa: S105 - what must never be shown
MINUTE_S = 60


@dataclass
class Group:
    """A server with every robot; each keeps its own limits and checks its signature."""

    url: str = ""
    seen: list[tuple[str, float, dict[str, Any]]] = field(default_factory=list)
    too_many: int = 0
    unsigned: int = 0
    stalls: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        kind = request.match_info["kind"]
        now_s = asyncio.get_running_loop().time()
        body = await request.read()
        if self.stalls:
            await self.over.wait()
            return web.Response()
        before = [at_s for name, at_s, _ in self.seen if name == request.path]
        self.seen.append((request.path, now_s, json.loads(body)))
        limit = {"dingtalk": 20, "wecom": 20, "feishu": 100}.get(kind, 10_000)
        within_s = [at_s for at_s in before if at_s > now_s - 1]
        within_min = [at_s for at_s in before if at_s > now_s - MINUTE_S]
        if len(within_min) >= limit or (kind == "feishu" and len(within_s) >= 5):
            self.too_many += 1
            return _says(kind, 130101 if kind == "dingtalk" else 11232)
        if not _is_signed(kind, request, body):
            self.unsigned += 1
            return _says(kind, 310000)
        return _says(kind, 0)

    def texts(self, path: str) -> list[str]:
        return [_text(body) for name, _, body in self.seen if name == path]


def _says(kind: str, code: int) -> web.Response:
    if kind == "generic":
        return web.Response(status=401 if code else 204)
    return web.json_response({"code" if kind == "feishu" else "errcode": code, "errmsg": "x"})


def _is_signed(kind: str, request: web.Request, body: bytes) -> bool:
    """Worked out here once more, from what the robots' documentation says."""
    key = SECRET.encode()
    if kind == "dingtalk":
        timestamp = request.query.get("timestamp", "")
        expected = hmac.digest(key, timestamp.encode() + b"\n" + key, hashlib.sha256)
        return request.query.get("sign") == base64.b64encode(expected).decode()
    if kind == "feishu":
        said = json.loads(body)
        signed = f"{said['timestamp']}\n{SECRET}".encode()
        return bool(said["sign"] == base64.b64encode(hmac.digest(signed, b"", "sha256")).decode())
    if kind == "generic":
        stamp = request.headers["X-Replygate-Timestamp"].encode()
        expected_hex = hmac.new(key, stamp + b"." + body, hashlib.sha256).hexdigest()
        return request.headers["X-Replygate-Signature"] == expected_hex
    return request.query.get("key") == "abc"


def _text(body: Mapping[str, Any]) -> str:
    markdown = body.get("markdown", {})
    said = markdown.get("text") or markdown.get("content") or body.get("content", {}).get("text")
    return said or json.dumps(body, ensure_ascii=False)


@asynccontextmanager
async def group() -> AsyncIterator[Group]:
    played = Group()
    app = web.Application()
    app.router.add_post("/{kind}/{name}", played.handle)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    played.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield played
    finally:
        played.over.set()
        await runner.cleanup()


def hook(group: Group, kind: str, name: str = "a", *more: str, events: str = "") -> str:
    query = {"dingtalk": "?access_token=tok", "wecom": "?key=abc"}.get(kind, "")
    lines = [f'kind = "{kind}"', f'url = "{group.url}/{kind}/{name}{query}"', *more]
    if kind != "wecom":
        lines.append('secret = { env = "ROBOT_SECRET" }')
    if events:
        lines.append(f"events = {events}")
    return "\n".join(lines)


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT_SECRET", SECRET)


def _show(event: str, store: str | None, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**fields, "conversation": "hashed"} if "conversation" in fields else fields


class Desk:
    """A notifier, its journal and what it is told."""

    def __init__(self, on_duty: OnDuty | None = None) -> None:
        self.journal = Pages()
        self.clock = FastClock()
        self.failed: list[BaseException] = []
        self._tasks = Tasks(lambda _, error: self.failed.append(error))
        # On the fast loop its five seconds would be a tenth of one: too few on a busy machine.
        self.poster = Poster(TIMEOUT_S * FAST)
        self.notifier = Notifier(
            self.clock, self.journal, self._tasks.start, _show, on_duty=on_duty, post=self.poster
        )

    def tell(self, reason: str, of: str = "shop", number: int = 1, **fields: Any) -> None:
        fields = {"turn": f"t-{number}", "rule": "soft-30", "due_in_ms": 10_000, **fields}
        conversation = f"c-{number}"
        told = {"conversation": conversation, "reason": reason, **fields}
        self.notifier.hear("people.told", of, told)

    def miss(self, number: int, of: str = "shop") -> None:
        fields = {"conversation": f"c-{number}", "turn": f"t-{number}", "rule": "gone"}
        self.notifier.hear("deadline.missed", of, {**fields, "late_ms": 1, "hard": True})

    async def told(self, count: int) -> None:
        """Wait until so many notices were taken."""
        async with asyncio.timeout(600):
            while self.count() < count:  # noqa: ASYNC110 - the journal is a list
                await asyncio.sleep(0.1)

    def count(self) -> int:
        return sum(each["notices"] for each in self.journal.named("notify.sent"))


@asynccontextmanager
async def desk(*stores: Store, on_duty: OnDuty | None = None) -> AsyncIterator[Desk]:
    made = Desk(on_duty)
    made.notifier.serve(stores)
    try:
        yield made
    finally:
        await made.notifier.close(0)
        await made.poster.close()
        assert made.failed == []


KINDS = ("dingtalk", "feishu", "wecom", "generic")


@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_events_stay_within_the_limits(tmp_path: Path, kind: str) -> None:
    async def main() -> tuple[Group, Desk]:
        async with group() as robots, desk(store(tmp_path, hook(robots, kind))) as told:
            for number in range(1_000):
                told.tell("waiting", number=number)
            for number in range(1_000):
                told.miss(number + 5_000)
                if number % 100 == 0:
                    await asyncio.sleep(0.2)
            await asyncio.sleep(60)
            return robots, told

    robots, told = run_fast(main())
    assert (robots.too_many, robots.unsigned) == (0, 0)
    assert told.journal.named("notify.failed") == []
    assert len(robots.seen) > 0
    assert told.count() > 200


@pytest.mark.parametrize("kind", KINDS)
def test_an_escalation_is_there_at_once(tmp_path: Path, kind: str) -> None:
    async def main() -> Group:
        async with group() as robots, desk(store(tmp_path, hook(robots, kind))) as told:
            told.tell("waiting")
            await told.told(1)
            return robots

    robots = run_fast(main())
    ((_, _, body),) = robots.seen
    assert "小店 shop" in _text(body)
    assert "hashed" in _text(body)
    assert "c-1" not in json.dumps(body)


def test_only_what_a_webhook_asked_for(tmp_path: Path) -> None:
    async def main() -> Group:
        async with group() as robots:
            hooks = [
                hook(robots, "generic", "faults", events='["fault"]'),
                hook(robots, "generic", "all", events='["warn", "escalate", "breach"]'),
                hook(robots, "generic", "default"),
            ]
            async with desk(store(tmp_path, *hooks)) as told:
                told.tell("warn")
                told.miss(2)
                told.notifier.hear("ledger.fault", None, {"reason": "disk is full"})
                told.notifier.hear("reply.sent", "shop", {})
                told.notifier.hear("people.told", "unknown", {"reason": "waiting"})
                told.tell("violated")
                await told.told(5)
                await asyncio.sleep(1)
                return robots

    robots = run_fast(main())
    got = {
        name: sorted(
            event["kind"]
            for path, _, body in robots.seen
            if path.endswith(name)
            for event in body["events"]
        )
        for name in ("faults", "all", "default")
    }
    assert got == {"faults": ["fault"], "all": ["breach", "warn"], "default": ["breach", "fault"]}


def test_stores_that_share_a_robot_share_its_limits_and_messages(tmp_path: Path) -> None:
    async def main() -> tuple[Group, Desk]:
        async with group() as robots:
            shared = hook(robots, "dingtalk")
            stores = [store(tmp_path, shared, id_=f"s{number}") for number in range(30)]
            async with desk(*stores) as told:
                for number in range(300):
                    told.tell("waiting", of=f"s{number % 30}", number=number)
                told.notifier.hear("ledger.fault", None, {"reason": "disk is full"})
                await told.told(301)
                return robots, told

    robots, told = run_fast(main())
    assert robots.too_many == 0
    assert told.count() == 301
    assert sum(text.count("账本写不进") for text in robots.texts("/dingtalk/a")) == 1
    assert "家店" in robots.texts("/dingtalk/a")[0]


def test_one_store_that_forgot_the_secret_leaves_no_other_untold(tmp_path: Path) -> None:
    async def main() -> Group:
        async with group() as robots:
            signed = store(tmp_path, hook(robots, "dingtalk"), id_="one")
            bare = hook(robots, "dingtalk").replace('secret = { env = "ROBOT_SECRET" }', "")
            async with desk(signed, store(tmp_path, bare, id_="two")) as told:
                told.tell("waiting", "one", 1)
                told.tell("waiting", "two", 2)
                await told.told(2)
                return robots

    assert run_fast(main()).unsigned == 0


def test_people_on_duty_are_named(tmp_path: Path) -> None:
    async def main() -> Group:
        async with group() as robots:
            shop = store(tmp_path, hook(robots, "dingtalk", "a", 'mention = ["13800001111"]'))
            async with desk(shop, on_duty=lambda *_: ("wang",)) as told:
                told.tell("waiting")
                await told.told(1)
                return robots

    ((_, _, body),) = run_fast(main()).seen
    assert body["at"] == {
        "atMobiles": ["13800001111"],
        "atUserIds": [],
        "isAtAll": False,
    }
    assert "当班：wang" in _text(body)


def test_whole_ids_where_the_webhook_may_have_them(tmp_path: Path) -> None:
    async def main() -> Group:
        async with group() as robots:
            shop = store(tmp_path, hook(robots, "wecom", "a", "whole_ids = true"))
            async with desk(shop) as told:
                told.tell("waiting")
                await told.told(1)
                return robots

    assert "会话 c-1｜" in run_fast(main()).texts("/wecom/a")[0]


def test_an_answer_takes_back_what_still_waits(tmp_path: Path) -> None:
    async def main() -> Group:
        async with group() as robots, desk(store(tmp_path, hook(robots, "wecom"))) as told:
            closed = {"conversation": "c-1", "turn": "t-1", "waited_ms": 1}
            told.tell("waiting", number=1)
            told.notifier.hear("turn.closed", "shop", {**closed, "origin": "human"})
            told.tell("waiting", number=3)
            told.notifier.hear(
                "turn.closed", "shop", {**closed, "conversation": "c-3", "origin": "unknown"}
            )
            told.tell("waiting", number=2)
            told.notifier.hear(
                "turn.closed", "shop", {**closed, "conversation": "c-2", "origin": "hold"}
            )
            await told.told(1)
            await asyncio.sleep(5)
            return robots

    robots = run_fast(main())
    assert len(robots.seen) == 1
    assert robots.texts("/wecom/a")[0].count("\n> ") == 1


def test_a_reload_takes_a_webhook_away_and_changes_another(tmp_path: Path) -> None:
    async def main() -> tuple[Group, Desk]:
        async with group() as robots:
            gone, kept = hook(robots, "generic", "gone"), hook(robots, "wecom", "kept")
            async with desk(store(tmp_path, gone, kept)) as told:
                robots.stalls = True
                told.tell("waiting")
                await asyncio.sleep(1)
                told.notifier.serve([store(tmp_path, kept + '\nevents = ["breach"]')])
                robots.stalls = False
                told.tell("waiting", number=2)
                told.miss(3)
                await told.told(2)
                return robots, told

    robots, told = run_fast(main())
    (dropped,) = told.journal.named("notify.dropped")
    assert (dropped["reason"], dropped["notices"]) == ("removed", 1)
    assert robots.texts("/generic/gone") == []
    said = "\n".join(robots.texts("/wecom/kept"))
    assert "已超时" in said
    assert said.count("\n> ") == 2


def test_closing_tells_what_waits_within_its_time(tmp_path: Path) -> None:
    async def main() -> tuple[Group, Desk]:
        async with group() as robots, desk(store(tmp_path, hook(robots, "wecom"))) as told:
            told.tell("waiting")
            await told.notifier.close(10)
            told.tell("waiting", number=2)
            await told.notifier.close(0)
            return robots, told

    robots, told = run_fast(main())
    assert len(robots.seen) == told.count() == 1
    assert told.journal.named("notify.dropped") == []


def test_closing_does_not_wait_for_a_robot_that_stalls(tmp_path: Path) -> None:
    async def main() -> tuple[Desk, float]:
        async with group() as robots, desk(store(tmp_path, hook(robots, "wecom"))) as told:
            robots.stalls = True
            told.tell("waiting")
            began_s = told.clock.monotonic_s()
            await told.notifier.close(3)
            return told, told.clock.monotonic_s() - began_s

    told, took_s = run_fast(main())
    assert took_s < 10
    (dropped,) = told.journal.named("notify.dropped")
    assert (dropped["reason"], dropped["notices"]) == ("shutdown", 1)


def test_no_secret_is_in_any_event(tmp_path: Path) -> None:
    async def main() -> Desk:
        async with group() as robots:
            shop = store(tmp_path, *(hook(robots, kind) for kind in KINDS))
            async with desk(shop) as told:
                robots.url = ""
                robots.stalls = True
                told.tell("waiting")
                # Longer than the poster of these tests waits for an answer.
                await asyncio.sleep(TIMEOUT_S * FAST + 20)
                return told

    told = run_fast(main())
    assert len(told.journal.named("notify.failed")) == len(KINDS)
    assert not {"tok", "abc", SECRET} & set(repr(told.journal.events).replace("'", " ").split())


def test_hearing_costs_next_to_nothing_where_nobody_is_told(tmp_path: Path) -> None:
    async def main() -> float:
        async with group() as robots:
            shop = store(tmp_path, hook(robots, "generic", events='["fault"]'))
            async with desk(shop) as told:
                began_s = time.perf_counter()
                for number in range(10_000):
                    told.tell("waiting", number=number)
                return (time.perf_counter() - began_s) / 10_000

    assert run_fast(main()) < 50e-6
