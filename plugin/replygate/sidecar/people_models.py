"""Bodies and answers of the routes for people: who is there, what they have, what they decide."""

from __future__ import annotations

from typing import Literal

from replygate.ledger import TaskKind, TaskOutcome
from replygate.model import Origin
from replygate.sidecar.models import Answer, DeadlineAnswer, Name, Request


class TakeoverRequest(Request):
    """Who takes a conversation over from the bot."""

    agent: Name


class DoneRequest(Request):
    """Who has looked after a task, and what came of it."""

    by: Name
    outcome: Literal["sent", "not_sent", "answered", "dropped"]


class ReleaseRequest(Request):
    """Who wants a text out that was kept back; `force` also where somebody has answered since."""

    by: Name
    force: bool = False


class AgentAnswer(Answer):
    """One person. `online` is what was last heard, null where nothing was; `on_duty` what holds."""

    agent: str
    on_duty: bool
    online: bool | None
    seen_at: str | None
    until: str | None
    next_at: str | None


class AgentsAnswer(Answer):
    """Who is planned, and who was heard of."""

    agents: list[AgentAnswer]


class TaskAnswer(Answer):
    """Something that a person must decide.

    `text` is what may be released, while it is kept. `done_by` is null where nobody decided:
    the platform's echo did, or a take-over ran out.
    """

    id: str
    conversation: str
    kind: TaskKind
    at: str
    send: str
    origin: Origin
    agent: str | None
    reason: str | None
    text: str | None
    done_at: str | None
    done_by: str | None
    outcome: TaskOutcome | None


class TasksAnswer(Answer):
    """What is open, the oldest first."""

    tasks: list[TaskAnswer]


class UnfinishedAnswer(Answer):
    """A conversation that somebody must go on with.

    `agent` has taken it over. `promised_by` is by when a holding reply must be followed up.
    """

    conversation: str
    waiting_since: str | None
    deadlines: list[DeadlineAnswer]
    agent: str | None
    promised_by: str | None
    tasks: list[TaskAnswer]


class HandoverAnswer(Answer):
    """What the next shift finds, the longest waiting first."""

    conversations: list[UnfinishedAnswer]


class TakeoverAnswer(Answer):
    """Who has a conversation, and until when if nothing more happens."""

    conversation: str
    agent: str
    since: str
    until: str


class ForgottenAnswer(Answer):
    """Nothing is left of a buyer; `rows` is how much there was."""

    conversation: str
    rows: int


class HandbackAnswer(Answer):
    """The bot answers again; `agent` had the conversation, null where nobody had."""

    conversation: str
    agent: str | None
