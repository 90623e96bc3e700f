from __future__ import annotations

import pytest
from pydantic import ValidationError

from replygate.config.schema_holding import HoldingTable, HoldingTextEntry, QuotaTable


def test_one_text_or_several() -> None:
    assert HoldingTextEntry.model_validate({"texts": "好"}).texts == ["好"]
    assert HoldingTextEntry.model_validate({"texts": ["好", "行"]}).texts == ["好", "行"]
    with pytest.raises(ValidationError):
        HoldingTextEntry.model_validate({"texts": []})


def test_every_text() -> None:
    table = HoldingTable.model_validate(
        {"texts": ["一"], "off_duty_texts": ["二"], "closers": ["四"], "text": [{"texts": "三"}]}
    )
    assert table.all_texts == ["一", "二", "三", "四"]


def test_a_quota_says_how_many() -> None:
    assert QuotaTable.model_validate({"messages": 5}) == QuotaTable(messages=5, hours=48, keep=2)
    with pytest.raises(ValidationError):
        QuotaTable.model_validate({"messages": 0})
