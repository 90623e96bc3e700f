from __future__ import annotations

from typing import Any

import pytest

from replygate.events import (
    Event,
    Inbound,
    Marked,
    Outbound,
    Presence,
    Rating,
    Session,
    Transferred,
)
from replygate.runtime import EventError, parse_event

AT = "2026-11-20T10:15:00.000+08:00"
AT_MS = 1_795_140_900_000
PLACE: dict[str, Any] = {"store": "shop", "conversation": "c-1", "at": AT}
MESSAGE: dict[str, Any] = {
    **PLACE,
    "type": "message",
    "id": "m-1",
    "direction": "in",
    "origin": "buyer",
    "kind": "text",
    "text": "在吗",
}


def test_a_buyers_message() -> None:
    assert parse_event(MESSAGE) == Inbound("shop", "c-1", "m-1", "在吗", at_ms=AT_MS)


def test_a_message_that_went_out() -> None:
    data = {**MESSAGE, "direction": "out", "origin": "human", "agent": "客服小王"}
    expected = Outbound("shop", "c-1", "在吗", "m-1", origin="human", agent="客服小王", at_ms=AT_MS)
    assert parse_event(data) == expected


def test_a_picture_has_no_text_and_defaults_hold() -> None:
    data = {**PLACE, "type": "message", "id": "m-1", "direction": "in", "kind": "image"}
    assert parse_event(data) == Inbound("shop", "c-1", "m-1", kind="image", at_ms=AT_MS)


def test_when_it_was_seen_and_what_means_nothing_is_kept() -> None:
    data = {**MESSAGE, "received_at": "2026-11-20T10:15:31+08:00", "shop_level": 7}
    event = parse_event(data)
    assert isinstance(event, Inbound)
    assert event.received_ms == AT_MS + 31_000
    assert event.extra == {"shop_level": 7}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"type": "recall", "message": "m-1"},
            Marked("shop", "c-1", "m-1", "recall", at_ms=AT_MS),
        ),
        (
            {"type": "platform_no_reply_needed", "message": "m-1"},
            Marked("shop", "c-1", "m-1", "platform_no_reply_needed", at_ms=AT_MS),
        ),
        (
            {"type": "transfer_to_human", "id": "t-1", "agent": "a"},
            Transferred("shop", "c-1", "t-1", agent="a", at_ms=AT_MS),
        ),
        ({"type": "session_open"}, Session("shop", "c-1", "open", at_ms=AT_MS)),
        ({"type": "session_close", "id": "s"}, Session("shop", "c-1", "close", "s", at_ms=AT_MS)),
        (
            {"type": "rating", "score": 4, "scale_max": 5, "source": "invited"},
            Rating("shop", "c-1", score=4, scale_max=5, source="invited", at_ms=AT_MS),
        ),
        (
            {"type": "rating", "label": "satisfied", "reason": "快"},
            Rating("shop", "c-1", label="satisfied", reason="快", source="buyer", at_ms=AT_MS),
        ),
        (
            {"type": "agent_online", "agent": "a", "conversation": "c-1"},
            Presence("shop", "a", online=True, at_ms=AT_MS, extra={"conversation": "c-1"}),
        ),
        (
            {"type": "agent_offline", "agent": "a", "conversation": "c-1"},
            Presence("shop", "a", online=False, at_ms=AT_MS, extra={"conversation": "c-1"}),
        ),
    ],
)
def test_every_type_is_read(data: dict[str, Any], expected: Event) -> None:
    assert parse_event({**PLACE, **data}) == expected


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"type": "mesage"}, "type: expected one of message, .*; did you mean message?"),
        ({"type": None}, "type: is missing"),
        ({"store": None}, "store: is missing"),
        ({"conversation": 7}, "conversation: expected a string, got 7"),
        ({"id": None}, "id: is missing"),
        ({"at": None}, "at: is missing"),
        ({"at": "10:15"}, "at: expected a time"),
        ({"received_at": "x"}, "received_at: expected a time"),
        ({"direction": "sideways"}, "direction: expected one of in, out"),
        ({"origin": "robot"}, "origin: expected one of buyer, human, bot"),
        ({"kind": "smell"}, "kind: expected one of text, image"),
        ({"text": ["a"]}, "text: expected a string, got a list"),
        ({"text": "x" * 100_001}, "text: has 100001 characters"),
        ({"agent": {}}, "agent: expected a string, got an object"),
        ({"direction": "out"}, 'origin: is "buyer", whose messages come in'),
        ({"type": "rating"}, "score: is missing; expected score with scale_max, or label"),
        ({"type": "rating", "score": 4}, "scale_max: is missing beside score"),
        ({"type": "rating", "score": 6, "scale_max": 5}, "score: 6 is not between 0 and 5"),
        ({"type": "rating", "label": "good"}, "label: expected one of satisfied"),
        ({"type": "recall"}, "message: is missing"),
        ({"type": "agent_online"}, "agent: is missing"),
    ],
)
def test_a_wrong_event_is_one_clear_error_that_names_the_field(
    change: dict[str, Any], error: str
) -> None:
    with pytest.raises(EventError, match=f"^{error}"):
        parse_event({**MESSAGE, **change})


@pytest.mark.parametrize("data", [None, [], "x", 7])
def test_what_is_no_object_is_no_event(data: object) -> None:
    with pytest.raises(EventError, match=r"^expected an object, got"):
        parse_event(data)


def test_the_store_may_come_from_elsewhere() -> None:
    without = {key: value for key, value in MESSAGE.items() if key != "store"}
    assert parse_event(without, store="shop") == parse_event(MESSAGE)
    assert parse_event(MESSAGE, store="shop") == parse_event(MESSAGE)
    with pytest.raises(EventError, match='store: expected "other", got "shop"'):
        parse_event(MESSAGE, store="other")
