"""What the tests of the room share: stores, notices, a journal that can be read, a fast loop."""

from __future__ import annotations

import asyncio
import itertools
import selectors
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from replygate.config import Store, Webhook, load_store
from replygate.config.schema_notify import DEFAULT_EVENTS, NoticeKind, WebhookKind
from replygate.config.secrets import Secret
from replygate.journal import EVENTS
from replygate.notify.notice import Notice
from replygate.testing import VirtualClock

T = TypeVar("T")

NOW_MS = VirtualClock().wall_ms()

FAST = 50
"""How many seconds of a test on real sockets pass in one."""

_numbers = itertools.count(1)


def store(folder: Path, *hooks: str, id_: str = "shop", top: str = "") -> Store:
    """A store with these `[[webhook]]` tables."""
    tables = "\n".join(f"[[webhook]]\n{hook}" for hook in hooks)
    path = folder / f"{id_}.toml"
    path.write_text(
        f'id = "{id_}"\nname = "小店 {id_}"\n{top}\n'
        '[[deadline]]\nid = "soft-30"\nname = "30 秒内回复"\ndue_s = 30\n' + tables,
        "utf-8",
    )
    return load_store(path)


def webhook(
    kind: WebhookKind = "generic", url: str = "https://a.example/x", **more: Any
) -> Webhook:
    given: dict[str, Any] = {
        "secret": None,
        "name": None,
        "events": frozenset(DEFAULT_EVENTS),
        "mention": (),
        "whole_ids": False,
        **more,
    }
    return Webhook(kind=kind, url=Secret(url, "test"), **given)


def notice(kind: NoticeKind = "escalate", **more: Any) -> Notice:
    """A notice of a conversation of its own."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "id": f"n-{number}",
        "kind": kind,
        "event": "people.told",
        "reason": None,
        "at_ms": NOW_MS,
        "store": "shop",
        "shop": "示例小店",
        "platform": "拼多多",
        "conversation": f"c-{number}",
        "rule": "PDD-D-01",
        "rule_name": "3 分钟回复",
        "due_ms": NOW_MS + 10_000,
        "hard": True,
        "mention": (),
        "on_duty": (),
        "said": {},
        "about": ("shop", f"c-{number}"),
        "turn": f"t-{number}",
        **more,
    }
    return Notice(**given)


class Pages:
    """A journal that can be read: it refuses what the real one would refuse."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        unknown = fields.keys() - EVENTS[event].keys()
        assert not unknown, f"{event} does not declare {unknown}"
        self.events.append((event, {"store": store, **fields}))

    def named(self, event: str) -> list[dict[str, Any]]:
        return [fields for name, fields in self.events if name == event]


class _FastSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> Any:
        return super().select(None if timeout is None else timeout / FAST)


class FastLoop(asyncio.SelectorEventLoop):
    """Real sockets, and an hour in a minute or so: its clock runs `FAST` times as fast."""

    def __init__(self) -> None:
        super().__init__(_FastSelector())

    def time(self) -> float:
        return super().time() * FAST


class FastClock:
    """The loop's clock, for the parts that ask for one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()

    def monotonic_s(self) -> float:
        return self._loop.time()

    def wall_ms(self) -> int:
        return NOW_MS + round((self._loop.time() - self._began_s) * 1000)


def run_fast(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on a fast loop."""
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(main)
