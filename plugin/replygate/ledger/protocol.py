"""What every ledger does. `tests/plugin/ledger/contract.py` holds each engine to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from replygate.ledger.days import Days
from replygate.ledger.facts import (
    NO_CHANGE,
    Change,
    ConversationFacts,
    Decision,
    DutyRow,
    FindingRow,
    History,
    LegKey,
    LegState,
    MessageFact,
    OutboxRow,
    RatingRow,
    Release,
    SendState,
    TakeoverRow,
    TaskRow,
)
from replygate.ledger.lines import ArmedLeg, Place, Restored


class Ledger(Protocol):
    """Durable facts. Every write is one transaction, and its await returns when it is durable.

    Every method raises LedgerError where the facts could not be written (or read): then nothing of
    that call has been written. A fault of the file makes the ledger not `healthy` until a write
    works again; each write tries. A full queue or a value that fits no column harms one call only.
    Times are Unix milliseconds. A caller that is cancelled while it waits may find its write done.
    """

    @property
    def healthy(self) -> bool:
        """Whether the last write worked."""

    @property
    def fault(self) -> str | None:
        """Why the last write did not work, in one line; None while healthy."""

    @property
    def days(self) -> Days:
        """What reports ask: facts by time, and what closed days come to."""

    def text_hash(self, text: str) -> str:
        """A hash that only this ledger can compute: equal texts can be recognised, not read."""

    async def record_inbound(self, message: MessageFact, change: Change = NO_CHANGE) -> bool:
        """Write a buyer's message and what it changes. False: known already, nothing changed."""

    async def record_store_message(self, message: MessageFact, change: Change = NO_CHANGE) -> bool:
        """Write a message that somebody else sent for the store. False: known, nothing changed."""

    async def record_change(self, change: Change) -> frozenset[LegKey]:
        """Write what an event without a message changes; arm and cancel legs.

        The answer holds the legs whose cancel holds: they were armed and will never fire.
        """

    async def record_rating(self, rating: RatingRow) -> bool:
        """Write what a buyer thought of the service. False: known already, nothing changed."""

    async def record_duty(self, duty: DutyRow) -> bool:
        """Write that an agent came or left. False: known already, nothing changed."""

    async def settle_leg(self, key: LegKey, state: LegState, result: str | None = None) -> bool:
        """Move an armed leg to `fired`, `skipped` or `cancelled`; True for exactly one caller.

        A hold fires through `begin` only.
        """

    async def intend(
        self, row: OutboxRow, findings: Sequence[FindingRow] = (), *, task: TaskRow | None = None
    ) -> bool:
        """Write a send that waits (`armed`) or was kept back (`skipped`) and the task for people.

        False: the id is known, nothing changed.
        """

    async def begin(
        self,
        row: OutboxRow,
        findings: Sequence[FindingRow] = (),
        *,
        release: Release | None = None,
    ) -> bool:
        """The only gate to the network: True exactly once per `send_id`, and per leg of a hold.

        With `release` it begins only while that task is open, and closes it.

        The row goes from nothing, or from `armed`, to `sending`. A hold begins only while its leg
        is armed, its turn is open and the conversation's latest, and nothing from the store has
        gone out, is going out or may have gone out since the turn's `last_buyer_ms`.
        """

    def begin_now(self, row: OutboxRow, findings: Sequence[FindingRow] = ()) -> bool:
        """`begin` for a caller on the loop's own thread that can not await.

        Writes that wait already go first. Stands in the way of the loop until it is durable.
        """

    async def finish(
        self,
        send_id: str,
        state: SendState,
        *,
        platform_id: str | None = None,
        result: str | None = None,
        message: MessageFact | None = None,
        change: Change = NO_CHANGE,
        settled: Decision | None = None,
    ) -> bool:
        """Write what came of a send, and with `sent` its message and what that changes.

        One that becomes `unknown` is a task for people; one that was it ends the task, as `settled`
        says where a person looked.

        `sending → sent | unknown | failed | skipped`, `unknown → sent | failed`,
        `armed → skipped | cancelled`. False: no such move, nothing changed. Where the platform's
        echo of the message came first, origin and agent are set right: we know who sent it.
        """

    async def stale_sending(self, older_than_ms: int) -> tuple[OutboxRow, ...]:
        """Move sends that began before `older_than_ms` and never finished to `unknown`."""

    async def restore(self, since_ms: int) -> Restored:
        """Once, when a process starts and before it sends: what to carry on with.

        Sends that the last process left in `sending` become `unknown`, answers left in `armed`
        `skipped`. Turns and clocks older than `since_ms` are history and left out, as are unknown
        sends from before it, and agents of whom nothing was heard since; armed legs never are.
        """

    async def armed_legs(self) -> tuple[ArmedLeg, ...]:
        """Every timer that is to fire, the earliest first."""

    async def unguarded(self, since_ms: int, now_ms: int, after: Place) -> tuple[Place, ...]:
        """Conversations behind `after`, in order, in which a buyer waits and no timer is set.

        An open turn since `since_ms` without any leg, or a clock that is due after `now_ms` without
        an armed one; `UNGUARDED_MAX` at most.
        """

    async def unknown_sends(self, since_ms: int) -> tuple[OutboxRow, ...]:
        """Sends since then that may be out, oldest first, `UNKNOWN_MAX` at most."""

    async def conversation(self, store: str, conversation: str) -> ConversationFacts:
        """What is known of one conversation."""

    async def history(self, store: str, conversation: str, since_ms: int) -> History:
        """What happened in one conversation since then, and in its turn that is still open."""

    async def waiting(self, store: str) -> tuple[ConversationFacts, ...]:
        """Conversations with an open turn, longest waiting first, `WAITING_MAX` at most."""

    async def unfinished(self, store: str) -> tuple[ConversationFacts, ...]:
        """Conversations that somebody must go on with, longest waiting first, bounded.

        A buyer waits or was promised something, or a person has it or must decide something.
        """

    async def take_over(self, row: TakeoverRow) -> None:
        """Write that a person has a conversation, or did something there again."""

    async def hand_back(
        self, store: str, conversation: str, decision: Decision
    ) -> tuple[TaskRow, ...]:
        """Nobody has the conversation any more; the drafts kept for a person are closed.

        The answer holds these, as they were.
        """

    async def tasks(self, store: str) -> tuple[TaskRow, ...]:
        """What people must decide in a store, the oldest first, `TASKS_MAX` at most."""

    async def task(self, store: str, task_id: str) -> TaskRow | None:
        """One task of a store, open or done."""

    async def close_task(self, task_id: str, decision: Decision) -> bool:
        """It was decided, and its text is gone; True for exactly one caller."""

    async def wipe_texts(self, older_than_ms: int) -> int:
        """Let go of the texts of older tasks; how many there were."""

    def messages(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[MessageFact]:
        """A store's messages with `since_ms <= at_ms < until_ms`, by time; read page by page."""

    def ratings(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[RatingRow]:
        """A store's ratings, as `messages`."""

    def duty(self, store: str, since_ms: int, until_ms: int) -> AsyncIterator[DutyRow]:
        """When a store's agents came and left, as `messages`."""

    async def send(self, send_id: str) -> OutboxRow | None:
        """One send."""

    async def sends(self, store: str, conversation: str, since_ms: int) -> tuple[OutboxRow, ...]:
        """A conversation's sends, oldest first, the latest `SENDS_MAX` of them."""

    async def hold_counts(self, store: str, since_ms: int) -> dict[str, int]:
        """Per conversation, the holding replies that went out or may have, since then."""

    async def stores(self) -> tuple[str, ...]:
        """Every store with facts, configured or not."""

    async def forget(self, store: str, conversation: str) -> int:
        """Remove everything about one buyer; how many rows went. Duty is about no buyer."""

    async def retain(self, store: str, older_than_ms: int) -> int:
        """Remove what is older, in batches that let other writes pass; how many rows went."""

    async def check(self) -> bool:
        """Try a write: is the ledger healthy (again)? Never raises LedgerError."""

    async def close(self) -> None:
        """Wait for the writes under way, then let go of the file."""
