"""What every connection of one store works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from replygate.config import OneBotAdapter
from replygate.runtime import ReplyGate
from replygate.runtime.tasks import Tasks
from replygate_adapters.onebot.intake import Intake
from replygate_adapters.onebot.turnstile import Turnstile


@dataclass(frozen=True, slots=True)
class Bridge:
    """One of each. `failed` is told of a fault of ours, and of a peer that can not be reached."""

    store: str
    adapter: OneBotAdapter
    gate: ReplyGate
    intake: Intake
    turnstile: Turnstile
    tasks: Tasks
    session: aiohttp.ClientSession
    failed: Callable[[str, BaseException], None]

    @classmethod
    def build(
        cls,
        store: str,
        adapter: OneBotAdapter,
        gate: ReplyGate,
        session: aiohttp.ClientSession,
        failed: Callable[[str, BaseException], None],
    ) -> Bridge:
        """Put the parts together, for the running loop."""

        def told(task: str, error: BaseException) -> None:
            failed(f"{task} of {store}", error)

        tasks = Tasks(told)
        intake = Intake(gate, store, tasks, groups=adapter.groups)
        turnstile = Turnstile(gate, store, adapter.block_as, intake)
        return cls(store, adapter, gate, intake, turnstile, tasks, session, told)
