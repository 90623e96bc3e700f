from __future__ import annotations

import pytest

from replygate.events import Inbound, Marked, Outbound, Presence
from replygate.sidecar.events import read_inbound, read_sent
from replygate.sidecar.problems import ApiProblem

AT = "2026-11-20T10:10:15.000+08:00"
AT_MS = 1_795_140_615_000


def test_a_message_becomes_an_event_of_the_store_in_the_path() -> None:
    body = {
        "type": "message",
        "id": "m-1",
        "conversation": "c-1",
        "direction": "in",
        "text": "在吗",
        "at": AT,
        "product": "p-7",
    }
    event = read_inbound(body, "one")
    assert isinstance(event, Inbound)
    assert (event.store, event.id, event.text, event.at_ms) == ("one", "m-1", "在吗", AT_MS)
    assert event.extra == {"product": "p-7"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"type": "recall", "conversation": "c-1", "message": "m-1", "at": AT}, Marked),
        ({"type": "agent_online", "agent": "小王", "at": AT}, Presence),
    ],
)
def test_other_events_are_read_too(body: dict[str, object], kind: type) -> None:
    assert isinstance(read_inbound(body, "one"), kind)


def test_a_wrong_event_names_its_field() -> None:
    with pytest.raises(ApiProblem, match="type: ") as caught:
        read_inbound({"type": "message!"}, "one")
    assert [error.field for error in caught.value.errors] == ["type"]


def test_what_went_out_is_told_elsewhere() -> None:
    body = {"type": "message", "conversation": "c", "direction": "out", "text": "x", "at": AT}
    with pytest.raises(ApiProblem, match="POST …/sent"):
        read_inbound(body, "one")


def test_a_message_sent_elsewhere() -> None:
    told = {"conversation": "c-1", "text": "好的", "id": "p-1", "origin": "human", "at": AT}
    assert read_sent(told, "one") == Outbound(
        "one", "c-1", "好的", "p-1", origin="human", at_ms=AT_MS
    )
    assert read_sent({"conversation": "c-1", "text": ""}, "one").at_ms is None
