"""One address: its backlog, its limits, and the task that tells it what waits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol
from urllib.parse import urlsplit

from replygate.clock import Clock
from replygate.config import Webhook
from replygate.notify.backlog import Backlog
from replygate.notify.limiter import Limiter
from replygate.notify.notice import Notice, Subject
from replygate.notify.page import Page
from replygate.notify.post import Unreachable
from replygate.notify.robots import ROBOTS, written
from replygate.notify.wire import Answer, Later, Message, Refused, Request, Taken, Verdict

RETRY_MIN_S: Final = 1.0
RETRY_MAX_S: Final = 300.0

REFUSED_S: Final = 600.0
"""What was refused for its signature or keyword is tried again so much later: somebody may have
put it right."""

_SECRET_CHARS_MIN: Final = 4

Post = Callable[[Request], Awaitable[Answer]]
"""Sends a request. Raises Unreachable."""


class Emit(Protocol):
    """Where events go: the journal."""

    def emit(self, event: str, *, store: str | None = None, **fields: object) -> None:
        """Take one event."""


class Channel:
    """Tells one address, one message at a time, whatever waits when the next may go."""

    def __init__(self, webhook: Webhook, clock: Clock, journal: Emit, post: Post) -> None:
        self.webhook = webhook
        self._clock = clock
        self._journal = journal
        self._post = post
        self._backlog = Backlog(clock)
        self._limiter = Limiter(ROBOTS[webhook.kind].budget, clock.monotonic_s())
        self._free_at_s = 0.0
        self._failures = 0
        self._trouble: str | None = None
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def __len__(self) -> int:
        return len(self._backlog)

    def put(self, notice: Notice) -> None:
        """Take in what is to be told. Cheap; tells nobody yet."""
        self._backlog.put(notice)
        if len(self._backlog):
            self._idle.clear()
            self._news.set()

    def answered(self, about: Subject) -> None:
        """Somebody answered in this conversation."""
        if len(self._backlog):
            self._backlog.answered(about)

    async def run(self) -> None:
        """Tell, until cancelled."""
        while True:
            await self._news.wait()
            await self._until_free()
            waiting = self._backlog.urgent()
            if waiting:
                await self._tell(waiting)
            if not len(self._backlog):
                self._tell_lost()
                self._news.clear()
                self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing waits."""
        await self._idle.wait()

    def give_up(self, reason: str) -> None:
        """Nothing more is told here: say how much was left."""
        left = self._backlog.urgent()
        self._backlog.remove(left)
        self._tell_lost()
        self._dropped(len(left), reason)
        self._idle.set()

    async def _until_free(self) -> None:
        while True:
            now_s = self._clock.monotonic_s()
            wait_s = max(self._free_at_s - now_s, self._limiter.wait_s(now_s))
            if wait_s <= 0:
                return
            await asyncio.sleep(wait_s)

    async def _tell(self, waiting: Sequence[Notice]) -> None:
        robot = ROBOTS[self.webhook.kind]
        lost = self._tell_lost()
        began_s = self._clock.monotonic_s()
        self._limiter.take(began_s)
        try:
            message, page = written(robot, waiting, self._clock.wall_ms(), lost)
            verdict = await self._attempt(message)
        except Exception as error:  # noqa: BLE001 - people must not go untold for ever by our fault
            self._not_taken(Later(f"internal error: {type(error).__name__}"))
            return
        if isinstance(verdict, Taken):
            self._taken(page, self._clock.monotonic_s() - began_s)
        else:
            self._not_taken(verdict)

    async def _attempt(self, message: Message) -> Verdict:
        webhook = self.webhook
        robot = ROBOTS[webhook.kind]
        secret = webhook.secret.reveal() if webhook.secret else None
        request = robot.request(webhook.url.reveal(), secret, message, self._clock.wall_ms())
        try:
            answer = await self._post(request)
        except Unreachable as error:
            return Later(str(error))
        return robot.judge(answer)

    def _taken(self, page: Page, took_s: float) -> None:
        self._backlog.remove(page.told)
        self._failures = 0
        name = name_of(self.webhook)
        if self._trouble is not None:
            self._trouble = None
            self._journal.emit("notify.recovered", webhook=name)
        took_ms = round(took_s * 1000)
        self._journal.emit("notify.sent", webhook=name, notices=len(page.told), took_ms=took_ms)

    def _not_taken(self, verdict: Later | Refused) -> None:
        """What waits goes on waiting, and is told together with what comes meanwhile."""
        self._failures += 1
        if isinstance(verdict, Refused):
            wait_s = REFUSED_S
        elif verdict.wait_s is not None:
            wait_s = max(verdict.wait_s, RETRY_MIN_S)
        else:
            wait_s = min(RETRY_MIN_S * 2 ** min(self._failures - 1, 30), RETRY_MAX_S)
        self._free_at_s = self._clock.monotonic_s() + wait_s
        # An outage is told once; a refusal again only where the reason is another.
        trouble = verdict.why if isinstance(verdict, Refused) else ""
        if self._trouble is None or (trouble and trouble != self._trouble):
            self._trouble = trouble
            self._journal.emit(
                "notify.failed",
                webhook=name_of(self.webhook),
                reason=masked(verdict.why, self.webhook),
                retry_s=round(wait_s),
                waiting=len(self._backlog),
            )

    def _tell_lost(self) -> int:
        lost = self._backlog.take_lost()
        for reason, count in lost.items():
            self._dropped(count, reason)
        return sum(lost.values())

    def _dropped(self, count: int, reason: str) -> None:
        if count:
            self._journal.emit(
                "notify.dropped", webhook=name_of(self.webhook), notices=count, reason=reason
            )


def name_of(webhook: Webhook) -> str:
    """What the journal calls it: its name, or its kind and host; never the whole address."""
    if webhook.name is not None:
        return webhook.name
    return f"{webhook.kind} {urlsplit(webhook.url.reveal()).hostname}"


def masked(text: str, webhook: Webhook) -> str:
    """Somebody else's words, without what is secret in the address or the signature."""
    url = urlsplit(webhook.url.reveal())
    secrets = {*re.split(r"[/&=?]", f"{url.path}?{url.query}"), url.path, url.query}
    if webhook.secret is not None:
        secrets.add(webhook.secret.reveal())
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SECRET_CHARS_MIN:
            text = text.replace(secret, "***")
    return text
