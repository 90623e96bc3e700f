"""Facts for the tests of the ledger, with everything filled in that a test does not speak of."""

from __future__ import annotations

from replygate.ledger import (
    ClockRow,
    DutyRow,
    FindingRow,
    LegRow,
    MessageFact,
    OutboxRow,
    RatingRow,
    TakeoverRow,
    TaskKind,
    TaskRow,
    TurnRow,
)
from replygate.ledger.facts import Direction, LegKind
from replygate.model import Origin

STORE = "shop"
BUYER = "c-1"


def message(
    id_: str = "m-1",
    at_ms: int = 1_000,
    *,
    conversation: str = BUYER,
    store: str = STORE,
    direction: Direction = "in",
    origin: Origin = "buyer",
    text: str | None = "什么时候发货",
) -> MessageFact:
    return MessageFact(
        store,
        conversation,
        id_,
        direction,
        origin,
        None,
        "text",
        at_ms,
        at_ms + 50,
        None,
        f"hash of {id_}",
        text,
    )


def reply(id_: str = "r-1", at_ms: int = 5_000, *, origin: Origin = "bot") -> MessageFact:
    return message(id_, at_ms, direction="out", origin=origin, text="今天发")


def turn(
    generation: int = 1,
    asked_ms: int = 1_000,
    *,
    conversation: str = BUYER,
    store: str = STORE,
    last_buyer_ms: int | None = None,
    closed_ms: int | None = None,
) -> TurnRow:
    return TurnRow(
        f"{store}/{conversation}/{generation}",
        store,
        conversation,
        generation,
        asked_ms,
        "m-1",
        asked_ms if last_buyer_ms is None else last_buyer_ms,
        closed_ms,
        None if closed_ms is None else "r-1",
    )


def leg(
    kind: LegKind = "hold", seq: int = 0, due_ms: int = 9_000, *, of: TurnRow | None = None
) -> LegRow:
    return LegRow((of or turn()).turn_id, kind, seq, due_ms)


def clock(
    rule_id: str = "PDD-D-01",
    due_ms: int = 30_000,
    *,
    opened_ms: int = 1_000,
    conversation: str = BUYER,
    stopped_ms: int | None = None,
) -> ClockRow:
    return ClockRow(
        STORE,
        conversation,
        rule_id,
        "m-1",
        opened_ms,
        due_ms,
        stopped_ms,
        None if stopped_ms is None else "r-1",
        "current",
    )


def answer(
    send_id: str = "s-1",
    intent_ms: int = 4_000,
    *,
    conversation: str = BUYER,
    store: str = STORE,
) -> OutboxRow:
    return OutboxRow(
        send_id,
        store,
        conversation,
        f"{store}/{conversation}/1",
        "bot",
        "agent-7",
        "armed",
        intent_ms,
        client_id=f"client {send_id}",
        verdict="pass",
        text_hash="hash of text",
    )


def hold(
    send_id: str = "h-1",
    intent_ms: int = 9_000,
    *,
    seq: int = 0,
    of: TurnRow | None = None,
) -> OutboxRow:
    owner = of or turn()
    return OutboxRow(
        send_id,
        owner.store,
        owner.conversation,
        owner.turn_id,
        "hold",
        None,
        "armed",
        intent_ms,
        client_id=f"client {send_id}",
        verdict="pass",
        leg_seq=seq,
        text_hash="hash of hold",
    )


def finding(message_id: str = "s-1") -> FindingRow:
    return FindingRow(
        STORE, BUYER, message_id, 4_000, "contact-wechat", "block", 0, 2, evasion=True, masked="微*"
    )


def rating(
    id_: str = "g-1",
    at_ms: int = 6_000,
    *,
    conversation: str = BUYER,
    store: str = STORE,
    reason: str | None = "回复很快",
) -> RatingRow:
    return RatingRow(
        store,
        conversation,
        id_,
        at_ms,
        at_ms + 50,
        "agent-7",
        4.5,
        5.0,
        "satisfied",
        reason,
        "invited",
    )


def duty(
    at_ms: int = 500, *, agent: str = "agent-7", store: str = STORE, online: bool = True
) -> DutyRow:
    return DutyRow(store, agent, at_ms, at_ms + 50, online)


def task(
    id_: str = "t-1",
    at_ms: int = 4_000,
    *,
    send_id: str = "s-1",
    kind: TaskKind = "blocked",
    conversation: str = BUYER,
    store: str = STORE,
    text: str | None = "加我微信",
) -> TaskRow:
    return TaskRow(
        id_,
        store,
        conversation,
        kind,
        at_ms,
        send_id,
        None,
        "bot",
        "agent-7",
        "contact-wechat",
        text,
    )


def taken(
    agent: str = "xiao-wang", *, conversation: str = BUYER, store: str = STORE, last_ms: int = 2_000
) -> TakeoverRow:
    return TakeoverRow(store, conversation, agent, 1_500, last_ms)
