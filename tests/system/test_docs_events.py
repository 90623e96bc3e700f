"""Every event of docs/events.md can be read, and the page names every type, field and value."""

import json
from typing import get_args

from replygate.events import Excuse, RatingLabel, RatingSource
from replygate.model import Kind, Origin
from replygate.runtime.parse import parse_event
from system.shown import REPO, blocks_of

PAGE = "docs/events.md"
TEXT = (REPO / PAGE).read_text("utf-8")
TYPES = {
    "message",
    *get_args(Excuse),
    "session_open",
    "session_close",
    "transfer_to_human",
    "rating",
    "agent_online",
    "agent_offline",
}


def test_every_shown_event_can_be_read_and_nothing_in_it_is_unknown() -> None:
    (block,) = blocks_of(PAGE)
    for line in block.text.splitlines():
        assert parse_event(json.loads(line)).extra == {}


def test_every_type_and_value_is_named() -> None:
    words = {*TYPES, *get_args(Origin), *get_args(Kind)}
    words |= {*get_args(RatingLabel), *get_args(RatingSource)}
    assert [word for word in sorted(words) if f"`{word}`" not in TEXT] == []
