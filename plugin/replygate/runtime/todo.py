"""What people must decide: a send that may be out, a text that was kept back."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from uuid import uuid4

from replygate.errors import LedgerError, ReplygateError
from replygate.ledger import (
    NO_CHANGE,
    Decision,
    MessageFact,
    OutboxRow,
    TaskKind,
    TaskOutcome,
    TaskRow,
)
from replygate.model import Origin
from replygate.runtime.announce import announce
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.echo import NOT_SENT_SAYS
from replygate.runtime.outgoing import Outgoing
from replygate.runtime.texts import TEXT_KEPT_MS
from replygate.timing.events import Message

Refusal = Literal["unknown-task", "task-done", "wrong-outcome", "not-released"]

OUTCOMES: dict[TaskKind, tuple[TaskOutcome, ...]] = {
    "unknown": ("sent", "not_sent"),
    "blocked": ("answered", "dropped"),
    "draft": ("answered", "dropped"),
}
"""What a person can say of each kind."""

# Stores that want no text in a log want none in a file either.
_WRITTEN = frozenset({"findings", "full"})


class TaskError(ReplygateError):
    """A task can not be decided like this; nothing has changed. `code` is stable."""

    def __init__(self, code: Refusal, what: str) -> None:
        super().__init__(what)
        self.code = code


def kept(
    core: Core, outgoing: Outgoing, row: OutboxRow, kind: TaskKind, text: str, reason: str
) -> TaskRow:
    """The task for a text that did not go out. A picture's or a card's text is not kept."""
    task = TaskRow(
        uuid4().hex,
        row.store,
        row.conversation,
        kind,
        row.intent_ms,
        row.send_id,
        row.turn_id,
        row.origin,
        row.agent,
        reason,
    )
    if outgoing.draft.kind != "text":
        return task
    if outgoing.store.log_text in _WRITTEN:
        return replace(task, text=text)
    core.texts.keep(task.task_id, text)
    return task


def tell_asked(core: Core, task: TaskRow) -> None:
    """People are asked for something."""
    core.journal.emit(
        "people.asked",
        store=task.store,
        conversation=task.conversation,
        task=task.task_id,
        kind=task.kind,
        send=task.send_id,
        reason=task.reason,
    )


def tell_done(core: Core, task: TaskRow, decision: Decision) -> None:
    """It was decided."""
    core.texts.drop(task.task_id)
    core.journal.emit(
        "people.decided",
        store=task.store,
        conversation=task.conversation,
        task=task.task_id,
        kind=task.kind,
        by=decision.by,
        outcome=decision.outcome,
    )


async def tasks(core: Core, store: str) -> tuple[TaskRow, ...]:
    """What is open in a store, the oldest first, with the texts that may be released."""
    return tuple(_with_text(core, task) for task in await core.ledger.tasks(store))


async def task_of(core: Core, store: str, task_id: str) -> TaskRow:
    """One task, open or done. Raises TaskError where the store has none of this id."""
    task = await core.ledger.task(store, task_id)
    if task is None:
        raise TaskError("unknown-task", "the store has no such task")
    return _with_text(core, task)


async def decide(
    core: Core, conversation: Conversation, task: TaskRow, outcome: TaskOutcome, by: str
) -> TaskRow:
    """A person has looked. The same word twice changes nothing. Raises TaskError, LedgerError."""
    if outcome not in OUTCOMES[task.kind]:
        expected = " or ".join(OUTCOMES[task.kind])
        raise TaskError("wrong-outcome", f"a task of kind {task.kind} ends as {expected}")
    decision = Decision(outcome, core.clock.wall_ms(), by)
    if task.kind == "unknown":
        moved = await _settle(core, conversation, task, decision)
    else:
        moved = await core.ledger.close_task(task.task_id, decision)
    stands = await task_of(core, task.store, task.task_id)
    if moved:
        tell_done(core, stands, decision)
    elif stands.outcome != outcome:
        raise already(stands)
    return stands


def already(task: TaskRow) -> TaskError:
    """Somebody was first."""
    nobody = "the platform" if task.kind == "unknown" else "the end of the take-over"
    who = task.done_by or nobody
    return TaskError("task-done", f"it is done already: {who} said {task.outcome}")


async def _settle(
    core: Core, conversation: Conversation, task: TaskRow, decision: Decision
) -> bool:
    """Write what came of a send that may have been out; False where it is known already."""
    _require_ledger(core)
    async with conversation.state:
        await conversation.load()
        row = await core.ledger.send(task.send_id)
        if row is None or row.state != "unknown":
            return False
        if decision.outcome == "not_sent":
            return await _was_not_sent(core, conversation, row, decision)
        return await _was_sent(core, conversation, row, decision)


async def _was_sent(
    core: Core, conversation: Conversation, row: OutboxRow, decision: Decision
) -> bool:
    message = message_of_row(row, row.platform_id or row.send_id, row.intent_ms, decision.at_ms)
    fact = Message(message.id, message.at_ms, message.received_ms, "out", row.origin, own=True)
    commands = conversation.tell(fact)
    change = conversation.take()
    own = conversation.echoes.of(row.send_id)
    if own is not None:
        own.row = replace(own.row, state="sent")
    moved = await core.faults.write(
        lambda: core.ledger.finish(
            row.send_id, "sent", message=message, change=change, settled=decision
        )
    )
    announce(core, conversation.key, commands)
    return moved is not False


async def _was_not_sent(
    core: Core, conversation: Conversation, row: OutboxRow, decision: Decision
) -> bool:
    result = NOT_SENT_SAYS + (decision.by or "the platform")
    own = conversation.echoes.of(row.send_id)
    if own is not None:
        own.row = replace(own.row, state="failed", result=result)
    moved = await core.faults.write(
        lambda: core.ledger.finish(
            row.send_id, "failed", result=result, change=NO_CHANGE, settled=decision
        )
    )
    return moved is not False


def message_of_row(row: OutboxRow, id_: str, at_ms: int, received_ms: int) -> MessageFact:
    """A send that is out after all, as a message; what it said is not known any more."""
    assert row.text_hash is not None, "every send has a text"
    return MessageFact(
        store=row.store,
        conversation=row.conversation,
        id=id_,
        direction="out",
        origin=row.origin,
        agent=row.agent,
        kind="text",
        at_ms=at_ms,
        received_ms=received_ms,
        topic=None,
        text_hash=row.text_hash,
    )


async def answered_since(core: Core, task: TaskRow) -> bool:
    """Whether somebody answered the buyer after the text was kept back; a hold is no answer."""
    history = await core.ledger.history(task.store, task.conversation, task.at_ms)
    answers: frozenset[Origin] = frozenset({"human", "bot", "unknown"})
    return any(
        row.direction == "out" and row.origin in answers and row.at_ms >= task.at_ms
        for row in history.messages
    )


def _require_ledger(core: Core) -> None:
    if core.faults.down:
        raise LedgerError(core.faults.reason or "the ledger can not be written")


def _with_text(core: Core, task: TaskRow) -> TaskRow:
    if task.done_ms is not None:
        return task
    if core.clock.wall_ms() - task.at_ms >= TEXT_KEPT_MS:
        return replace(task, text=None)
    return replace(task, text=task.text or core.texts.of(task.task_id))
