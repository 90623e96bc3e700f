from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from replygate.config import schema, schema_metrics, schema_notify, schema_screening, schema_secrets
from replygate.config.schema import GroupFile, LexiconFile, ProfileFile, StoreFile

MODELS = [
    model
    for model in {
        **vars(schema),
        **vars(schema_screening),
        **vars(schema_metrics),
        **vars(schema_notify),
        **vars(schema_secrets),
    }.values()
    if isinstance(model, type) and issubclass(model, BaseModel) and model is not BaseModel
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_is_strict_and_refuses_unknown_keys(model: type[BaseModel]) -> None:
    assert model.model_config.get("extra") == "forbid"
    assert model.model_config.get("strict") is True
    with pytest.raises(ValidationError, match="extra_forbidden"):
        model.model_validate({"no such key": 1})


def test_a_store_needs_nothing_but_its_id() -> None:
    store = StoreFile.model_validate({"id": "s"})
    assert store.screening.rule == []
    assert store.holding.max_per_turn == 1
    assert (store.mode, store.on_fault, store.platform) == ("enforce", "block", "general")
    assert GroupFile.model_validate({}) == GroupFile()


@pytest.mark.parametrize(
    ("model", "data", "missing"),
    [
        (StoreFile, {}, {"id"}),
        (ProfileFile, {}, {"id", "name", "editions"}),
        (LexiconFile, {}, {"id", "title", "as_of"}),
        (schema_screening.StoreRuleEntry, {}, {"id", "action"}),
        (schema_screening.SharedRuleEntry, {}, {"id", "action", "why", "source"}),
        (schema_metrics.DeadlineEntry, {}, {"id", "name"}),
        (schema_metrics.ProfileDeadlineEntry, {}, {"id", "name", "source"}),
        (schema_metrics.MetricEntry, {}, {"id", "name", "unit"}),
        (schema_metrics.ProfileMetricEntry, {}, {"id", "name", "unit", "source"}),
        (schema_metrics.PenaltyEntry, {}, {"id", "name", "source"}),
        (schema_notify.WebhookEntry, {}, {"kind", "url"}),
        (schema.EditionEntry, {}, {"as_of"}),
    ],
)
def test_what_must_be_written(
    model: type[BaseModel], data: dict[str, Any], missing: set[str]
) -> None:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(data)
    assert {error["loc"][0] for error in raised.value.errors()} == missing


@pytest.mark.parametrize("domain", ["jd.com", "a-b.example.cn", "JD.com", "京东.中国"])
def test_a_domain_is_kept_in_small_letters(domain: str) -> None:
    table = schema_screening.ScreeningTable.model_validate({"own_domains": [domain]})
    assert table.own_domains == [domain.lower()]


@pytest.mark.parametrize("domain", ["", "jd", "https://jd.com", "jd.com/x", "a b.com", ".com"])
def test_what_is_no_domain(domain: str) -> None:
    with pytest.raises(ValidationError):
        schema_screening.ScreeningTable.model_validate({"own_domains": [domain]})
