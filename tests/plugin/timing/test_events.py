from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.model import Origin
from replygate.timing.events import Fact, Message, Transfer, merge
from talk import ask, ms, notice, say, session, session_end, transfer

ORIGINS: tuple[Origin, ...] = ("human", "bot", "hold", "platform", "unknown")


def test_a_reply_of_the_same_instant_answers_only_where_it_came_through_us() -> None:
    elsewhere, question, ours = say("x", 0), ask("a", 0), say("y", 0, own=True)
    assert elsewhere.order < question.order < ours.order


def test_of_one_instant_what_we_saw_first_was_first() -> None:
    assert ask("a", 0, seen=1).order < say("x", 0, seen=2).order


def test_a_session_opens_before_what_is_said_in_it() -> None:
    facts: list[Fact] = [
        session_end(0),
        say("x", 0, own=True),
        transfer(0),
        ask("a", 0),
        session(0),
    ]
    assert sorted(facts, key=lambda fact: fact.order) == facts[::-1]


def test_only_the_buyer_asks() -> None:
    assert ask("a", 0).is_question
    assert not notice("n", 0).is_question
    assert not say("x", 0).is_question


def test_a_buyers_message_never_goes_out() -> None:
    with pytest.raises(AssertionError):
        Message("a", 0, 0, "out", "buyer")


def test_what_has_no_id_is_known_by_its_time() -> None:
    assert transfer(0).key == f"transfer:{ms(0)}"
    assert transfer(0, "t").key == "transfer:t"
    assert len({transfer(0).key, session(0).key, session_end(0).key}) == 3


def test_our_receipt_stands_against_an_echo() -> None:
    echo, receipt = say("x", 29, "unknown", seen=29), say("x", 30, "bot", seen=31, own=True)
    assert merge(echo, receipt) == receipt
    assert merge(receipt, echo) == receipt


def test_the_earlier_sight_stands() -> None:
    assert merge(ask("a", 5, seen=9), ask("a", 6, seen=8)) == ask("a", 6, seen=8)
    first, later = Transfer(ms(0), ms(1), "t"), Transfer(ms(0), ms(2), "t")
    assert merge(later, first) == first


def test_a_bots_text_is_never_made_a_humans() -> None:
    human, bot = say("x", 0, "human", seen=1), say("x", 0, "bot", seen=2)
    assert merge(human, bot) == dataclasses.replace(human, origin="bot")


def test_topics_add_up() -> None:
    both = merge(ask("a", 0, "urge"), ask("a", 0, "quality"))
    assert isinstance(both, Message)
    assert both.topics == ("quality", "urge")


def test_a_report_of_the_other_direction_changes_nothing() -> None:
    assert merge(ask("a", 0, seen=1), say("a", 0, seen=2)) == ask("a", 0, seen=1)
    assert merge(ask("a", 0, seen=2), notice("a", 0)) == notice("a", 0)


def test_two_facts_are_not_one() -> None:
    with pytest.raises(AssertionError):
        merge(ask("a", 0), ask("b", 0))


reports = st.builds(
    say,
    st.just("x"),
    st.integers(0, 2),
    st.sampled_from(ORIGINS),
    seen=st.integers(2, 4),
    own=st.booleans(),
)


@given(st.lists(reports, min_size=1, max_size=4))
def test_reports_of_one_message_add_up_the_same_in_any_order(messages: list[Message]) -> None:
    merged: set[Fact] = set()
    for first, *rest in itertools.permutations(messages):
        fact: Fact = first
        for other in rest:
            fact = merge(fact, other)
        merged.add(fact)
    assert len(merged) == 1
