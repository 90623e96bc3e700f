from __future__ import annotations

import dataclasses

import pytest

from replygate.events import Inbound, Outbound


def test_a_message_is_made_of_little() -> None:
    event = Inbound(store="my-shop", conversation="c-1", id="m-9", text="多久发货")
    assert (event.origin, event.kind, event.at_ms, event.topics) == ("buyer", "text", None, ())
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.text = "x"  # type: ignore[misc]  # the point of the test


def test_what_goes_out_is_not_the_buyers() -> None:
    with pytest.raises(AssertionError, match="comes in"):
        Outbound("shop", "c-1", "在吗", origin="buyer")
