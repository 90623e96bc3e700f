from __future__ import annotations

import dataclasses

import pytest

from replygate.timing.metrics.rule import Limit, MetricRule, PenaltyRule, RatingCount


@pytest.mark.parametrize("of", [MetricRule, PenaltyRule, Limit, RatingCount])
def test_rules_are_data_that_nobody_changes(of: type) -> None:
    required = [
        field.name
        for field in dataclasses.fields(of)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    values: dict[str, object] = dict.fromkeys(required, "x")
    one, other = of(**values), of(**values)
    assert one == other
    assert hash(one) == hash(other), "what shares work is found by it"
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(one, dataclasses.fields(of)[0].name, "y")


def test_a_rule_judges_nothing_unless_it_says_so() -> None:
    rule = MetricRule("m", "m", "message", "a source")
    assert (rule.target, rule.gate, rule.min_sample) == (None, None, 0)
    assert rule.inclusive
    assert rule.counts.bot == "unknown"
