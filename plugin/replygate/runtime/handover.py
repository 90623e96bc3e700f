"""What is left when people go: the conversations that somebody must go on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replygate.ledger import ConversationFacts, TaskRow
from replygate.runtime.core import Core
from replygate.runtime.intake import Deadline
from replygate.runtime.takeover import takeovers_of
from replygate.runtime.todo import tasks
from replygate.runtime.waiting import waiting_of

TOLD_MAX = 20
"""Conversations that a message to people names; the API lists all."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A conversation that somebody must go on with (TM-P-03). Times are Unix ms.

    `waiting_ms` is since when the buyer waits, None where nobody waits; `deadlines` run, the
    earliest first. `agent` has taken it over. `promised_ms` is by when a holding reply must be
    followed up. `tasks` are what people must decide there.
    """

    conversation: str
    waiting_ms: int | None
    deadlines: tuple[Deadline, ...]
    agent: str | None
    promised_ms: int | None
    tasks: tuple[TaskRow, ...]

    @property
    def is_open(self) -> bool:
        """Whether anything is left to do."""
        waits = self.waiting_ms is not None or self.promised_ms is not None
        return waits or self.agent is not None or bool(self.tasks)


async def handover(core: Core, store: str) -> tuple[Unfinished, ...]:
    """What a store's next shift finds, the longest waiting first. Raises LedgerError."""
    taken = {row.conversation: row.agent for row in takeovers_of(core, store)}
    asked: dict[str, list[TaskRow]] = {}
    for task in await tasks(core, store):
        asked.setdefault(task.conversation, []).append(task)
    found = [
        _unfinished(core, facts, taken.get(facts.conversation), asked.get(facts.conversation, ()))
        for facts in await core.ledger.unfinished(store)
    ]
    # A take-over that has run out may still be written down.
    return tuple(one for one in found if one.is_open)


def tell_handover(
    core: Core, store: str, open_: Sequence[Unfinished], *, of: Sequence[str], to: Sequence[str]
) -> None:
    """Tell people of what is left: who goes (`of`), and who is there now (`to`)."""
    core.journal.emit(
        "people.told",
        store=store,
        reason="hand_over",
        agents=list(to) or None,
        gone=list(of) or None,
        open=len(open_),
        waiting=sum(one.waiting_ms is not None for one in open_),
        promised=sum(one.promised_ms is not None for one in open_),
        tasks=sum(len(one.tasks) for one in open_),
        conversations=[one.conversation for one in open_[:TOLD_MAX]],
    )


def _unfinished(
    core: Core, facts: ConversationFacts, agent: str | None, asked: Sequence[TaskRow]
) -> Unfinished:
    store = core.served(facts.store).store
    waits = facts.turn is not None and facts.turn.closed_ms is None
    promised = [leg.due_ms for leg in facts.legs if leg.kind == "follow_up"]
    return Unfinished(
        conversation=facts.conversation,
        waiting_ms=facts.turn.asked_ms if facts.turn is not None and waits else None,
        deadlines=waiting_of(facts, store).deadlines if waits else (),
        agent=agent,
        promised_ms=min(promised, default=None),
        tasks=tuple(asked),
    )
