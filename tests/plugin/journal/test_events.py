from typing import get_args

import pytest

from replygate.journal.events import ALARMS, COMMON, EVENTS, Sensitivity


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_named_by_its_thing_and_what_happened(event: str) -> None:
    thing, _, happened = event.partition(".")
    assert thing.isalpha()
    assert happened.isalpha()
    assert not EVENTS[event].keys() & COMMON.keys()
    assert set(EVENTS[event].values()) <= set(get_args(Sensitivity))


def test_alarms_are_events() -> None:
    assert EVENTS.keys() >= ALARMS


def test_what_names_a_buyer_or_a_text_is_never_plain() -> None:
    for event, fields in EVENTS.items():
        for name in fields.keys() & {"conversation", "turn", "id", "text", "findings"}:
            assert fields[name] != "plain", (event, name)
