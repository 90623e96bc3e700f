from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from replygate.ledger import ConversationFacts, LegKey
from replygate.ledger.facts import NO_CHANGE

from .samples import BUYER, STORE, clock, leg, turn


def test_facts_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        leg().state = "fired"  # type: ignore[misc]  # this is what must fail


def test_a_leg_is_named_by_its_key() -> None:
    assert leg("warn", 2).key == LegKey(turn().turn_id, "warn", 2)


def test_no_change_is_empty() -> None:
    assert not any(getattr(NO_CHANGE, name) for name in NO_CHANGE.__slots__)


def test_what_comes_next_comes_first() -> None:
    clocks, legs = (clock(), clock("PDD-D-02", 40_000)), (leg("warn"), leg())
    facts = ConversationFacts(STORE, BUYER, turn(), clocks, legs, (), None)
    assert (facts.next_clock, facts.next_leg) == (clocks[0], legs[0])
