"""Every key of the schema stands in the reference with its default, and nothing else does."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from replygate.config import (
    check_file,
    schema,
    schema_duty,
    schema_holding,
    schema_metrics,
    schema_notify,
    schema_screening,
    schema_secrets,
)
from replygate.config.validate import submodel

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"

# Where tables differ by the kind of file, the reference has one section for all of them; defaults
# are those of the first.
SECTIONS: dict[str, tuple[type[BaseModel], ...]] = {
    "Store": (schema.StoreFile, schema.GroupFile),
    "Screening": (schema_screening.ScreeningTable, schema_screening.ProfileScreeningTable),
    "Kinds": (schema_screening.KindsTable,),
    "Memory": (schema_screening.MemoryTable,),
    "Rule": (
        schema_screening.StoreRuleEntry,
        schema_screening.ProfileRuleEntry,
        schema_screening.SharedRuleEntry,
    ),
    "Adjust": (schema_screening.AdjustEntry,),
    "Topic": (schema_screening.TopicEntry,),
    "Holding": (schema_holding.HoldingTable,),
    "Holding text": (schema_holding.HoldingTextEntry,),
    "Quota": (schema_holding.QuotaTable,),
    "Workflow": (schema_holding.WorkflowTable,),
    "Workflow answer": (schema_holding.WorkflowAnswerEntry,),
    "Hours": (schema.HoursTable,),
    "Duty": (schema_duty.DutyEntry,),
    "People": (schema_duty.PeopleTable,),
    "Deadline": (schema_metrics.DeadlineEntry, schema_metrics.ProfileDeadlineEntry),
    "Counts": (schema_metrics.OwnCountsEntry, schema_metrics.CountsEntry),
    "Metric": (schema_metrics.MetricEntry, schema_metrics.ProfileMetricEntry),
    "Limit": (schema_metrics.LimitEntry,),
    "Rating": (schema_metrics.RatingEntry,),
    "Penalty": (schema_metrics.PenaltyEntry,),
    "Tier": (schema_metrics.TierEntry,),
    "Settle": (schema_metrics.SettleEntry,),
    "Settled counts": (schema_metrics.SettledCounts,),
    "Adapter": (schema.AdapterTable,),
    "Adapter status": (schema.AdapterStatusTable,),
    "Webhook": (schema_notify.WebhookEntry,),
    "Privacy": (schema.PrivacyTable,),
    "Secret": (schema_secrets.SecretRef,),
    "Platform profile": (schema.ProfileFile,),
    "Edition": (schema.EditionEntry,),
    "Lexicon": (schema.LexiconFile,),
}
ROW = re.compile(r"^\| `(\w+)` \|.*\| (.+) \|$", re.MULTILINE)


def documented() -> dict[str, dict[str, str]]:
    """Section to key to the default that the reference gives."""
    parts = re.split(r"^## (.+)$", REFERENCE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {
        name: dict(ROW.findall(body)) for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def fields(models: tuple[type[BaseModel], ...]) -> dict[str, FieldInfo]:
    found: dict[str, FieldInfo] = {}
    for model in models:
        for name, field in model.model_fields.items():
            found.setdefault(field.alias or name, field)
    return found


def default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "required"
    if field.default is None:
        return "none"
    if isinstance(field.default, BaseModel):
        return "table"
    return f"`{json.dumps(field.default, ensure_ascii=False)}`"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_is_documented_with_its_default(section: str) -> None:
    expected = {name: default(field) for name, field in fields(SECTIONS[section]).items()}
    assert documented()[section] == expected


def test_every_section_speaks_of_tables_and_every_table_has_its_section() -> None:
    assert set(documented()) == set(SECTIONS)
    covered = {model for models in SECTIONS.values() for model in models}
    waiting: list[type[BaseModel]] = [schema.StoreFile, schema.ProfileFile, schema.LexiconFile]
    reached: set[type[BaseModel]] = set()
    while waiting:
        model = waiting.pop()
        reached.add(model)
        inner = (submodel(field.annotation) for field in model.model_fields.values())
        waiting += [found for found in inner if found and found not in reached]
    assert reached <= covered


def test_the_example_is_a_good_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = re.search(r"```toml\n(id = .*?)```", REFERENCE.read_text("utf-8"), re.DOTALL)
    assert example
    monkeypatch.chdir(tmp_path)
    Path("shop.toml").write_text(example[1], "utf-8")
    Path("agency.toml").write_text('mode = "observe"\n', "utf-8")
    lexicon = 'id = "mine"\ntitle = "Mine"\nas_of = 2026-01-01\n'
    Path("my-words.toml").write_text(lexicon, "utf-8")
    result = check_file("shop.toml")
    assert result.ok, result.problems
    assert result.store
