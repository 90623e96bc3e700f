"""The simulated platform: a OneBot v11 implementation with scripted buyers.

It connects to the gate as an implementation connects to a framework, hands in what buyers write,
takes what is sent to them, and keeps every frame: its transcript is what really was on the wire.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import aiohttp

from replygate.demo.script import SCENES, Scene
from replygate.errors import ReplygateError

SELF_ID: Final = 20001
"""The shop's own account."""

PLACEHOLDERS: Final = {"face": "[表情]", "image": "[图片]"}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a buyer got, `at_s` after the beginning."""

    at_s: float
    user_id: int
    text: str


@dataclass(slots=True)
class SimulatedPlatform:
    """`url` is where the gate takes connections.

    `tell` hears of what buyers ask (`asks`) and what people answer on their phones (`person`).
    """

    url: str
    tell: Callable[[str, int, str], None]
    delivered: list[Delivered] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    wire: list[dict[str, Any]] = field(default_factory=list)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    began_at_s: float = field(default_factory=time.time)
    _ids: int = 0

    async def run(self) -> None:
        """Connect, let the buyers write, and stay until cancelled."""
        headers = {
            "X-Self-ID": str(SELF_ID),
            "X-Client-Role": "Universal",
            "User-Agent": "OneBot/11",
        }
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(self.url, headers=headers) as socket,
        ):
            self.began_at_s = time.time()
            self.connected.set()
            connected = self._event("meta_event", meta_event_type="lifecycle", sub_type="connect")
            await self._send(socket, connected)
            async with asyncio.TaskGroup() as group:
                for scene in SCENES:
                    group.create_task(self._play(socket, scene))
                await self._take(socket)
                raise ReplygateError("the gate has closed the connection")

    def now_s(self) -> float:
        """Seconds since the beginning."""
        return time.time() - self.began_at_s

    async def _play(self, socket: aiohttp.ClientWebSocketResponse, scene: Scene) -> None:
        await asyncio.sleep(scene.at_s)
        self.tell("asks", scene.user_id, scene.asks)
        await self._send(socket, self._message("message", scene.user_id, scene.asks))
        if scene.person is not None:
            await asyncio.sleep(scene.person.after_s)
            text = str(scene.person.message)
            self.tell("person", scene.user_id, text)
            self._deliver(scene.user_id, text)
            await self._send(socket, self._message("message_sent", scene.user_id, text))

    async def _take(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                request = json.loads(frame.data)
                self._keep("in", request)
                await self._send(socket, self._answer(request))

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] | None = None
        if str(request.get("action", "")).startswith("send_"):
            self._ids += 1
            data = {"message_id": self._ids}
            params = request["params"]
            self._deliver(int(params["user_id"]), shown(params["message"]), str(self._ids))
        return {"status": "ok", "retcode": 0, "data": data, "echo": request.get("echo")}

    def _deliver(self, user_id: int, text: str, message_id: str = "") -> None:
        self.delivered.append(Delivered(round(self.now_s(), 3), user_id, text))
        self.texts[message_id] = text

    def _message(self, post_type: str, user_id: int, text: str) -> dict[str, Any]:
        self._ids += 1
        sender = user_id if post_type == "message" else SELF_ID
        return self._event(
            post_type,
            message_type="private",
            sub_type="friend",
            message_id=self._ids,
            user_id=sender,
            target_id=user_id,
            message=[{"type": "text", "data": {"text": text}}],
            raw_message=text,
            font=0,
            sender={"user_id": sender, "nickname": ""},
        )

    def _event(self, post_type: str, **fields: Any) -> dict[str, Any]:
        return {"time": int(time.time()), "self_id": SELF_ID, "post_type": post_type, **fields}

    async def _send(self, socket: aiohttp.ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        self._keep("out", frame)
        await socket.send_json(frame)

    def _keep(self, direction: str, frame: dict[str, Any]) -> None:
        self.wire.append({"at_s": round(self.now_s(), 3), "direction": direction, "frame": frame})

    def transcript(self) -> list[dict[str, Any]]:
        """What each buyer got, in order."""
        return [asdict(each) for each in self.delivered]


def shown(message: object) -> str:
    """A OneBot message as a person reads it."""
    if not isinstance(message, list):
        return str(message)
    return "".join(
        str(part["data"]["text"])
        if part.get("type") == "text"
        else PLACEHOLDERS.get(part.get("type"), f"[{part.get('type')}]")
        for part in message
    )
