from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from replygate.config import limits, schema_metrics
from replygate.config.schema_metrics import (
    CountsEntry,
    MetricEntry,
    OwnCountsEntry,
    PenaltyEntry,
    ProfileMetricEntry,
    RatingEntry,
    SettledCounts,
)
from replygate.ledger.summaries import REACH_MS

TABLES = [
    model
    for model in vars(schema_metrics).values()
    if isinstance(model, type)
    and issubclass(model, BaseModel)
    and model.__module__ == schema_metrics.__name__
]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_every_table_is_strict_and_refuses_unknown_keys(model: type[BaseModel]) -> None:
    assert model.model_config.get("strict") is True
    with pytest.raises(ValidationError, match="extra_forbidden"):
        model.model_validate({"no such key": 1})


@pytest.mark.parametrize(("chars", "fits"), [(40, True), (41, False), (0, False)])
def test_a_quote_has_forty_characters_at_most(chars: int, fits: bool) -> None:
    data = {"id": "m", "name": "n", "unit": "session", "source": "s", "quote": "引" * chars}
    if fits:
        assert ProfileMetricEntry.model_validate(data).quote == "引" * chars
    else:
        with pytest.raises(ValidationError):
            ProfileMetricEntry.model_validate(data)


def test_a_store_says_nothing_of_sources() -> None:
    with pytest.raises(ValidationError):
        MetricEntry.model_validate({"id": "m", "name": "n", "unit": "session", "status": "active"})


def test_a_store_knows_who_counts_for_it_and_a_platform_s_sources_do_not() -> None:
    assert (OwnCountsEntry().bot, OwnCountsEntry().hold) == ("yes", "no")
    assert (CountsEntry().bot, CountsEntry().hold) == ("unknown", "unknown")


def test_what_is_settled_is_settled() -> None:
    with pytest.raises(ValidationError):
        SettledCounts.model_validate({"bot": "unknown"})


def test_a_whole_number_is_an_amount() -> None:
    data = {"id": "x", "name": "n", "source": "s", "fine": [100, 300], "points": 2}
    penalty = PenaltyEntry.model_validate(data)
    assert (penalty.fine, penalty.points) == ([100, 300], 2)


def test_labels_are_those_that_events_carry() -> None:
    # Another word would match no rating, and the figure would stand at nothing without a word.
    assert RatingEntry.model_validate({"labels": ["satisfied"]}).labels == ["satisfied"]
    for key in ("labels", "of_labels"):
        with pytest.raises(ValidationError):
            RatingEntry.model_validate({key: ["满意"]})


@pytest.mark.parametrize(("within_s", "fits"), [(86_400, True), (86_401, False)])
def test_no_wait_is_in_time_that_reports_can_not_see(within_s: int, *, fits: bool) -> None:
    data = {"id": "m", "name": "n", "unit": "session", "within_s": within_s}
    if fits:
        assert MetricEntry.model_validate(data).within_s == within_s
    else:
        with pytest.raises(ValidationError, match="less than or equal to 86400"):
            MetricEntry.model_validate(data)


def test_reports_see_as_far_as_a_metric_may_ask() -> None:
    assert REACH_MS == limits.WITHIN_S * 1000
