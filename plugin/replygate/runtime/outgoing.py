"""What one send is, and how it stands in the ledger and the journal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from replygate.config import Store
from replygate.journal.privacy import masked
from replygate.ledger import FindingRow, LegKey, MessageFact, OutboxRow, SendState
from replygate.model import Cleared, Draft, Finding, Receipt
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.echo import echo_hash
from replygate.runtime.stamps import not_ahead
from replygate.screening.gate import FAULT

SENT_SKEW_MAX_MS = 86_400_000
"""A platform's time of a send that is longer ago than this is in another unit, or nonsense."""

SentState = Literal["sent", "unknown", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a draft.

    `sent`: the platform took it. `unknown`: it may be out, and people were told. `failed`: it
    surely is not out. `skipped`: the gate blocked it, a person has the conversation, or it was
    never tried. `error` says why it was not sent. `recorded` is False where the ledger could not
    take it yet.
    """

    cleared: Cleared
    state: SentState
    receipt: Receipt | None = None
    error: str | None = None
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A draft on its way. `send_id` is unique over all stores; `client_id` is the platform's."""

    draft: Draft
    store: Store
    send_id: str
    client_id: str
    cleared: Cleared

    @property
    def text(self) -> str:
        """What goes out."""
        assert self.cleared.text is not None, "a blocked text never goes out"
        return self.cleared.text


def screened(
    core: Core, conversation: Conversation, draft: Draft, store: Store, send_id: str
) -> Outgoing:
    """Judge a draft and say so in the journal."""
    began_ns = time.perf_counter_ns()
    cleared = store.gate.screen(draft, conversation.recall.memory)
    took_us = (time.perf_counter_ns() - began_ns) // 1_000
    core.journal.emit(
        "reply.screened",
        store=store.id,
        **_send_fields(draft, send_id),
        action=cleared.action,
        text=draft.text,
        findings=cleared.findings,
        would=cleared.would,
        took_us=took_us,
    )
    for finding in cleared.findings:
        if finding.rule == FAULT:
            core.journal.emit(
                "gate.fault", store=store.id, conversation=draft.conversation, reason=finding.why
            )
    return Outgoing(draft, store, send_id, uuid4().hex, cleared)


def released(draft: Draft, store: Store, send_id: str, by: str) -> Outgoing:
    """Judge a text that the gate kept back and that a person wants out; it may stay blocked."""
    return Outgoing(draft, store, send_id, uuid4().hex, store.gate.release(draft, by))


def tell(core: Core, outgoing: Outgoing, event: str, **fields: object) -> None:
    """One event about this send."""
    fields = {**_send_fields(outgoing.draft, outgoing.send_id), **fields}
    core.journal.emit(event, store=outgoing.store.id, **fields)


def outbox_row(
    core: Core,
    outgoing: Outgoing,
    state: SendState,
    *,
    turn_id: str | None,
    leg: LegKey | None = None,
) -> OutboxRow:
    """The send as the outbox keeps it."""
    draft = outgoing.draft
    text = draft.text if outgoing.cleared.text is None else outgoing.cleared.text
    return OutboxRow(
        send_id=outgoing.send_id,
        store=outgoing.store.id,
        conversation=draft.conversation,
        turn_id=turn_id,
        origin=draft.origin,
        agent=draft.agent,
        state=state,
        intent_ms=core.clock.wall_ms(),
        client_id=outgoing.client_id,
        verdict=outgoing.cleared.action,
        leg_seq=None if leg is None else leg.seq,
        text_hash=echo_hash(core.ledger, text),
    )


def message_of(
    core: Core, outgoing: Outgoing, receipt: Receipt, asked_ms: int, *, latest_ms: int = 0
) -> MessageFact:
    """What went out, as a message. `asked_ms` is the latest question that was there before it.

    It was sent after that question, whatever the two clocks say. `latest_ms` is of all that is
    known.
    """
    now_ms = core.clock.wall_ms()
    at_ms = receipt.at_ms if now_ms - receipt.at_ms <= SENT_SKEW_MAX_MS else now_ms
    at_ms = not_ahead(at_ms, now_ms, latest_ms)
    draft = outgoing.draft
    return MessageFact(
        store=outgoing.store.id,
        conversation=draft.conversation,
        id=receipt.platform_id or outgoing.send_id,
        direction="out",
        origin=draft.origin,
        agent=draft.agent,
        kind=draft.kind,
        at_ms=max(at_ms, asked_ms),
        received_ms=now_ms,
        topic=None,
        text_hash=core.ledger.text_hash(outgoing.text),
        text=kept_text(outgoing.store, outgoing.text),
    )


def finding_rows(
    store: Store, conversation: str, message_id: str, at_ms: int, findings: Sequence[Finding]
) -> tuple[FindingRow, ...]:
    """What rules matched, with contact data masked."""
    shown = store.log_text in {"findings", "full"}
    return tuple(
        FindingRow(
            store=store.id,
            conversation=conversation,
            message_id=message_id,
            at_ms=at_ms,
            rule_id=finding.rule,
            action=finding.action,
            start=finding.start,
            stop=finding.end,
            evasion=finding.evasion,
            masked=masked(finding.matched) if shown else None,
        )
        for finding in findings
    )


def kept_text(store: Store, text: str) -> str | None:
    """How much of a text the ledger keeps."""
    return masked(text) if store.log_text == "full" else None


def _send_fields(draft: Draft, send_id: str) -> dict[str, object]:
    return {
        "conversation": draft.conversation,
        "send": send_id,
        "origin": draft.origin,
        "agent": draft.agent,
    }
