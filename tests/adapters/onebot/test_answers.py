from __future__ import annotations

from typing import Any

import pytest

from replygate.errors import PlatformRefused, SendUncertain
from replygate.model import Receipt
from replygate_adapters.onebot import answers


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"status": "ok", "retcode": 0, "data": {"message_id": -7}}, "-7"),
        ({"status": "ok", "retcode": 0, "data": {"message_id": "a"}}, "a"),
        ({"status": "async", "retcode": 1, "data": None}, None),
        ({"retcode": 0, "data": {"message_id": True}}, None),
    ],
)
def test_what_was_taken(answer: dict[str, Any], found: str | None) -> None:
    assert answers.receipt_of(answer, 5) == Receipt(found, 5)
    assert answers.is_answer(answer)


@pytest.mark.parametrize("answer", [{"status": "failed", "retcode": 100}, {"retcode": 1404}])
def test_what_was_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(PlatformRefused, match=str(answer["retcode"])):
        answers.receipt_of(answer, 5)


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {"status": "?"}, {"status": "failed", "retcode": 1200, "wording": "Timeout: x"}],
)
def test_what_may_be_out(answer: object) -> None:
    with pytest.raises(SendUncertain):
        answers.receipt_of(answer, 5)


def test_an_event_is_no_answer() -> None:
    assert not answers.is_answer({"post_type": "meta_event", "status": {"online": True}})


def test_each_seeming_success_has_an_id_of_its_own() -> None:
    one, two = (answers.seemingly_sent()["data"]["message_id"] for _ in range(2))
    assert two < one < 0
