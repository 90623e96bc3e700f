from typing import Any, get_args

import pytest
from pydantic import ValidationError

from replygate.config.schema_screening import (
    AdjustEntry,
    KindsTable,
    RuleEntry,
    ScreeningTable,
    Sender,
    SharedRuleEntry,
    StoreRuleEntry,
)
from replygate.model import Kind, Origin
from replygate.screening.rule import Rule

RULE: dict[str, Any] = {"id": "r", "action": "block", "words": ["a"]}


def test_everybody_but_the_buyer_sends_drafts() -> None:
    assert {*get_args(Sender), "buyer"} == {*get_args(Origin)}


def test_every_kind_of_message_has_its_key() -> None:
    assert {*KindsTable.model_fields} == {*get_args(Kind)}


def test_a_rule_without_a_word_on_it_is_as_a_rule_is_by_itself() -> None:
    entry, rule = RuleEntry.model_validate(RULE), Rule("r", "block", "why")
    for key in ("match", "within", "evasions", "evidence", "severity", "first"):
        assert getattr(entry, key) == getattr(rule, key)


@pytest.mark.parametrize(
    "keys",
    [
        {"action": "pass"},
        {"match": "part"},
        {"detector": "phone"},
        {"mask": "**"},
        {"mask": ""},
        {"applies_to": []},
        {"applies_to": ["buyer"]},
        {"kinds": ["letter"]},
        {"within": -1},
        {"severity": "deadly"},
        {"on_block": "shout"},
        {"overrides": ["x"]},
    ],
)
def test_what_a_rule_can_not_say(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RuleEntry.model_validate({**RULE, **keys})


def test_a_rule_that_ships_to_others_says_why_and_on_whose_word() -> None:
    with pytest.raises(ValidationError):
        SharedRuleEntry.model_validate(RULE)
    told = {**RULE, "why": "w", "source": "s"}
    assert SharedRuleEntry.model_validate(told).source == "s"


def test_only_a_store_overrides() -> None:
    assert StoreRuleEntry.model_validate({**RULE, "override": ["x"]}).override == ["x"]


def test_an_adjustment_says_only_what_it_changes() -> None:
    assert AdjustEntry(severity="grave").model_dump(exclude_unset=True) == {"severity": "grave"}
    with pytest.raises(ValidationError):
        AdjustEntry.model_validate({"words": ["a"]})


def test_a_store_says_nothing_by_default() -> None:
    empty = ScreeningTable()
    assert (empty.rule, empty.adjust, empty.lexicons, empty.on_block) == ([], {}, [], None)
