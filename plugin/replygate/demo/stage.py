"""The demonstration as a whole: who is started when, who hears whom, when it is over."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

from replygate.demo import processes
from replygate.demo.platform import SimulatedPlatform
from replygate.demo.processes import Gate
from replygate.demo.script import LASTS_S
from replygate.demo.story import Print, Story

AFTER_S: Final = 1.0
"""What the last of them said needs a moment to arrive."""

Ready = Callable[[Gate], None]
"""Told once the script is played, while everything is still up."""


async def play(show: Print, ready: Ready | None) -> dict[str, Any]:
    """Play the script; with `ready`, stay up afterwards until cancelled.

    Gives the counters and the transcript. Raises ReplygateError where a process does not start.
    """
    try:
        return await _play(show, ready)
    except ExceptionGroup as several:
        raise _first_of(several) from several


async def _play(show: Print, ready: Ready | None) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="replygate-demo-")))
        bot_port = processes.free_port()
        stage = Stage(show)
        gate = await stack.enter_async_context(processes.gate(folder, bot_port))
        await stack.enter_async_context(processes.bot(bot_port, stage.bot_says))
        client = await stack.enter_async_context(aiohttp.ClientSession())
        async with asyncio.TaskGroup() as group:
            platform = SimulatedPlatform(gate.onebot_url, stage.happened)
            stage.platform = platform
            hearing = asyncio.Event()
            working = [
                group.create_task(stage.hear(client, gate, hearing)),
                group.create_task(_after(hearing, platform)),
            ]
            await platform.connected.wait()
            await asyncio.sleep(LASTS_S + AFTER_S)
            if ready is not None:
                ready(gate)
                await asyncio.Event().wait()
            for task in working:
                task.cancel()
        return stage.result()


@dataclass(slots=True)
class Stage:
    """Brings what platform, bot and gate tell into one story."""

    show: Print
    platform: SimulatedPlatform | None = None
    story: Story = field(init=False)
    _said: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.story = Story(self.show, self._now_s)

    def bot_says(self, line: str) -> None:
        """Take a line of the bot's own account."""
        told = json.loads(line)
        if "said" in told:
            self._said[told["user_id"]] = told["said"]
            self.story.bot_says(told["user_id"], told["said"], told["call"])

    def happened(self, what: str, user_id: int, text: str) -> None:
        """Take what happened on the platform; what was delivered the gate tells with its origin."""
        if what == "asks":
            self.story.asks(user_id, text)
        elif what == "person":
            self.story.person(user_id, text)

    async def hear(self, client: aiohttp.ClientSession, gate: Gate, hearing: asyncio.Event) -> None:
        """Follow the gate's own stream of events."""
        headers = {"Authorization": f"Bearer {gate.token}"}
        url = f"http://127.0.0.1:{gate.port}/v1/events"
        endless = aiohttp.ClientTimeout(total=None)
        async with client.get(url, headers=headers, timeout=endless) as stream:
            stream.raise_for_status()
            hearing.set()
            async for line in stream.content:
                if line.startswith(b"data: "):
                    await self._event(json.loads(line.removeprefix(b"data: ")), client, gate)

    async def _event(
        self, event: dict[str, Any], client: aiohttp.ClientSession, gate: Gate
    ) -> None:
        assert self.platform is not None, "nothing happens before there is a platform"
        conversation = event.get("conversation", "")
        if not conversation.isdecimal():
            return
        user_id = int(conversation)
        match event["event"]:
            case "turn.opened":
                first = min(event["deadlines"], key=lambda each: each["due_ms"], default=None)
                if first is not None:
                    due_s = first["due_ms"] / 1000 - self.platform.began_at_s
                    self.story.opened(user_id, first["rule"], due_s)
            case "reply.screened" if event["origin"] == "bot":
                findings = await self._why(user_id, event, client, gate)
                self.story.judged(user_id, event["action"], findings)
            case "reply.sent":
                text = self.platform.texts.get(event.get("platform_id", ""), "")
                self.story.delivered(user_id, text, event["origin"])

    async def _why(
        self, user_id: int, event: dict[str, Any], client: aiohttp.ClientSession, gate: Gate
    ) -> list[dict[str, str]]:
        """The findings with their reasons, which events do not repeat."""
        findings = event.get("findings", [])
        if not findings:
            return []
        async with client.post(
            f"{gate.url}/screen",
            json={"text": self._said.get(user_id, event["text"])},
            headers={"Authorization": f"Bearer {gate.token}"},
        ) as answer:
            reasons = {each["rule"]: each["why"] for each in (await answer.json())["findings"]}
        return [
            {
                "rule": found["rule"],
                "matched": found.get("matched", ""),
                "why": reasons.get(found["rule"], ""),
            }
            for found in findings
        ]

    def _now_s(self) -> float:
        return time.time() - self.platform.began_at_s if self.platform else 0.0

    def result(self) -> dict[str, Any]:
        """What `--json` prints."""
        assert self.platform is not None, "it was played"
        return {
            "counters": self.story.figures(),
            "holds": self.story.holds,
            "delivered": self.platform.transcript(),
            "wire": self.platform.wire,
        }


async def _after(hearing: asyncio.Event, platform: SimulatedPlatform) -> None:
    """Begin when somebody listens to the gate, so that nothing is missed."""
    await hearing.wait()
    await platform.run()


def _first_of(several: ExceptionGroup[Exception]) -> Exception:
    """What went wrong first, out of the groups that it went wrong in."""
    first = several.exceptions[0]
    return _first_of(first) if isinstance(first, ExceptionGroup) else first
