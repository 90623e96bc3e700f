"""A text that was kept back goes out after all, because a person says so, by name."""

from __future__ import annotations

from replygate.ledger import Decision, Release, TaskRow
from replygate.model import Draft
from replygate.runtime.answers import go
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.outgoing import Outgoing, Sent, released, screened
from replygate.runtime.platform import Port
from replygate.runtime.todo import TaskError, already, answered_since


async def release(
    core: Core,
    conversation: Conversation,
    task: TaskRow,
    send_id: str,
    port: Port,
    *,
    by: str,
    force: bool,
) -> Sent:
    """Send the text of a task by the normal door, once; the task ends with it.

    Its origin stays what it was: a bot's text does not become a person's. Raises TaskError where
    it may not go out; LedgerError where the ledger can not be written.
    """
    text = _require_releasable(task)
    store = conversation.served.store
    draft = Draft(task.conversation, text, store=task.store, origin=task.origin, agent=task.agent)
    if task.kind == "draft":
        outgoing = screened(core, conversation, draft, store, send_id)
    elif store.people.release:
        outgoing = released(draft, store, send_id, by)
    else:
        raise TaskError("not-released", "the store says [people] release = false")
    if outgoing.cleared.text is None:
        raise TaskError("not-released", f"it stays blocked: {_blocking(outgoing)}")

    async def require_unanswered() -> None:
        if not force and await answered_since(core, task):
            what = "somebody has answered meanwhile; force = true sends it"
            raise TaskError("not-released", what)

    await require_unanswered()
    decision = Decision("released", core.clock.wall_ms(), by)
    ended = Release(task.task_id, decision)
    # Asked again behind the door: an answer may be on its way.
    return await go(core, conversation, outgoing, port, ended, require_unanswered)


def _require_releasable(task: TaskRow) -> str:
    if task.done_ms is not None:
        raise already(task)
    if task.kind == "unknown":
        raise TaskError("not-released", "it may be out already, so it is not sent again")
    if task.text is None:
        raise TaskError("not-released", "its text is not kept any more")
    return task.text


def _blocking(outgoing: Outgoing) -> str:
    rules = (each.rule for each in outgoing.cleared.findings if each.action == "block")
    return ", ".join(dict.fromkeys(rules))
