from __future__ import annotations

from typing import get_args

from replygate.runtime import OUTCOMES
from replygate.sidecar.people_models import DoneRequest


def test_a_person_can_say_what_can_have_come_of_any_kind() -> None:
    said = get_args(DoneRequest.model_fields["outcome"].annotation)
    assert set(said) == {outcome for outcomes in OUTCOMES.values() for outcome in outcomes}
