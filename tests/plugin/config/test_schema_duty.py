from __future__ import annotations

from dataclasses import asdict
from typing import get_args

import pytest
from pydantic import ValidationError

from replygate.config.schema_duty import DutyEntry, PeopleTable, Weekday
from replygate.config.store import People


def test_a_shift_is_on_every_day_and_goes_on_while_buyers_wait() -> None:
    entry = DutyEntry.model_validate({"agents": ["a"], "open": ["08:00-16:00"]})
    assert tuple(entry.days) == get_args(Weekday)
    assert entry.extend


def test_people_without_a_word_on_them_are_as_people_are_by_themselves() -> None:
    assert PeopleTable().model_dump() == asdict(People())


@pytest.mark.parametrize(
    "wrong", [{"agents": ["a"]}, {"agents": [], "open": ["08:00-16:00"]}, {"who": "a"}]
)
def test_a_shift_without_people_or_times_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DutyEntry.model_validate(wrong)
