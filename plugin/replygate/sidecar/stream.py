"""Server-sent events: what the journal writes, live, to whoever may see it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from replygate.sidecar.limits import HEARTBEAT_S, STREAM_EVENTS, STREAMS
from replygate.sidecar.problems import ApiProblem, to_bytes

Wants = Callable[[str | None], bool]
"""Whether a client may and wants to see events of this store (None: of the whole process)."""

HEARTBEAT: Final = b": still here\n\n"
TOO_SLOW: Final = b": dropped, too slow\n\n"


class Client:
    """One reader of the stream. Events wait for it in a bounded queue."""

    def __init__(self, wants: Wants, events_max: int = STREAM_EVENTS) -> None:
        self.wants = wants
        self._waiting: deque[bytes] = deque()
        self._events_max = events_max
        self._last: bytes | None = None
        self._news = asyncio.Event()

    @property
    def is_ended(self) -> bool:
        """Whether `read` gives nothing any more after what it gave last."""
        return self._last is not None and not self._waiting

    def put(self, chunk: bytes) -> bool:
        """Take an event in; False where that was one too many, and the client is dropped."""
        if self._last is not None:
            return True
        if len(self._waiting) >= self._events_max:
            self._waiting.clear()
            self.end(TOO_SLOW)
            return False
        self._waiting.append(chunk)
        self._news.set()
        return True

    def end(self, comment: bytes) -> None:
        """Give what waits, then this comment, then nothing."""
        if self._last is None:
            self._last = comment
            self._waiting.append(comment)
            self._news.set()

    async def read(self, heartbeat_s: float = HEARTBEAT_S) -> bytes:
        """What is to be written next; a comment where nothing happens for so long."""
        assert not self.is_ended, "there is nothing after the end"
        if not self._waiting:
            self._news.clear()
            try:
                async with asyncio.timeout(heartbeat_s):
                    await self._news.wait()
            except TimeoutError:
                return HEARTBEAT
        chunks = b"".join(self._waiting)
        self._waiting.clear()
        return chunks


class Stream:
    """Hands each event to every client that wants it."""

    def __init__(self, clients_max: int = STREAMS) -> None:
        self._clients: set[Client] = set()
        self._clients_max = clients_max
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._clients)

    def join(self, wants: Wants) -> Client:
        """A new client. Raises ApiProblem where there are too many."""
        if len(self._clients) >= self._clients_max:
            raise ApiProblem(
                "busy", f"{self._clients_max} event streams are open", headers={"Retry-After": "10"}
            )
        client = Client(wants)
        self._clients.add(client)
        return client

    def leave(self, client: Client) -> None:
        """The client is gone."""
        self._clients.discard(client)

    def publish(self, event: Mapping[str, Any]) -> None:
        """Hand on one event as the journal wrote it."""
        store = event.get("store")
        takers = [client for client in self._clients if client.wants(store)]
        if not takers:
            return
        chunk = b"event: %b\ndata: %b\n\n" % (event["event"].encode(), to_bytes(event))
        for client in takers:
            self.dropped += not client.put(chunk)

    def end(self, why: str) -> None:
        """End every stream in order."""
        comment = f": {why}\n\n".encode()
        for client in self._clients:
            client.end(comment)
