"""One end of the proxy: a WebSocket, written in order, within bounds, and ended with a code."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp import WSMsgType, web

from replygate_adapters.onebot.frames import FRAME_BYTES, Frame

QUEUE_BYTES: Final = 2 * FRAME_BYTES
QUEUE_FRAMES: Final = 5_000
"""Waiting for a peer that does not read; one more and the peer is given up."""

CLOSE_S: Final = 2.0
"""What is still to be written, and the peer's own close, have so long."""

GOING_AWAY: Final = 1001
ABNORMAL: Final = 1006
TOO_BIG: Final = 1009
FAULT: Final = 1011
RESTART: Final = 1012
TRY_LATER: Final = 1013

_REASON_BYTES: Final = 120
_NORMAL: Final = 1000
_SENDABLE: Final = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)})

Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


@dataclass(frozen=True, slots=True)
class Ended:
    """How a connection ended. `code` 1006: it was lost without a word."""

    code: int
    reason: str = ""


class Stalled(Exception):
    """The peer does not read what is written."""


class Side:
    """A connection to the implementation or to the framework."""

    def __init__(self, ws: Socket) -> None:
        self._ws = ws
        self._queue: deque[Frame] = deque()
        self._queued_bytes = 0
        self._more = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_ended = False

    def put(self, frame: Frame) -> None:
        """Have a frame written after those before it. Raises Stalled."""
        if self._queued_bytes + len(frame) > QUEUE_BYTES or len(self._queue) >= QUEUE_FRAMES:
            raise Stalled
        self._queue.append(frame)
        self._queued_bytes += len(frame)
        self._idle.clear()
        self._more.set()

    async def drained(self) -> None:
        """Wait until all is written: who reads for this side reads no faster than it takes."""
        await self._idle.wait()

    async def write(self) -> None:
        """Write what is put, to the end of the connection."""
        with suppress(ConnectionError, aiohttp.ClientError):
            while True:
                await self._more.wait()
                self._more.clear()
                while self._queue:
                    frame = self._queue.popleft()
                    if isinstance(frame, bytes):
                        await self._ws.send_bytes(frame)
                    else:
                        await self._ws.send_str(frame)
                    self._queued_bytes -= len(frame)
                self._idle.set()
        self._idle.set()

    async def read(self) -> Frame | Ended:
        """The next frame, or how it ended."""
        message = await self._ws.receive()
        match message.type:
            case WSMsgType.TEXT | WSMsgType.BINARY:
                frame: Frame = message.data
                return frame
            case WSMsgType.CLOSE:
                return Ended(message.data or _NORMAL, message.extra or "")
            case WSMsgType.ERROR:
                error = message.data
                code = error.code if isinstance(error, aiohttp.WebSocketError) else ABNORMAL
                return Ended(code, "the frame is too big" if code == TOO_BIG else "")
            case _:
                return Ended(ABNORMAL)

    async def end(self, how: Ended) -> None:
        """End it as the other side ended, after what is still to be written. May come twice."""
        if self._is_ended:
            return
        self._is_ended = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await self._idle.wait()
        if how.code not in _SENDABLE:
            self._drop()
        with suppress(TimeoutError, ConnectionError, aiohttp.ClientError):
            async with asyncio.timeout(CLOSE_S):
                code = how.code if how.code in _SENDABLE else FAULT
                reason = how.reason.encode()[:_REASON_BYTES].decode(errors="ignore").encode()
                await self._ws.close(code=code, message=reason)

    def _drop(self) -> None:
        """Cut the line: the peer sees what we saw, an end without a close frame."""
        line = self._ws.get_extra_info("socket")
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
