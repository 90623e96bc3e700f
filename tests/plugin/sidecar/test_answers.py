from __future__ import annotations

from replygate.config import load_store
from replygate.model import Draft, Receipt
from replygate.runtime import Deadline, Observed, Received, Sent, Waiting
from replygate.sidecar import answers
from replygate.sidecar.models import (
    ConversationAnswer,
    InboundAnswer,
    OutboundAnswer,
    SentAnswer,
)

AT_MS = 1_795_183_815_250
AT = "2026-11-20T22:10:15.250+08:00"
CLEARED = load_store("demo-pdd").gate.screen(Draft("c", "加微信"))
DEADLINE = Deadline("PDD-D-03", "5分钟回复", AT_MS, "hard")


def test_a_time_has_the_platforms_offset() -> None:
    assert answers.time(AT_MS) == AT


def test_answers_have_their_documented_shape() -> None:
    receipt = Receipt("p-1", AT_MS)
    waiting = Waiting("one", "c", AT_MS, AT_MS, (DEADLINE,), "hold", AT_MS)
    for model, answer in (
        (OutboundAnswer, answers.sent(Sent(CLEARED, "sent", receipt))),
        (OutboundAnswer, answers.sent(Sent(CLEARED, "skipped", error="blocked", recorded=False))),
        (InboundAnswer, answers.received(Received(new=True, deadlines=(DEADLINE,)))),
        (SentAnswer, answers.observed(Observed(new=True, cleared=CLEARED))),
        (SentAnswer, answers.observed(Observed(new=False, own=True))),
        (SentAnswer, answers.observed(Observed(new=True, cleared=CLEARED, recall_left_s=90))),
        (ConversationAnswer, answers.waiting(waiting)),
    ):
        assert model.model_validate(answer).model_dump() == answer


def test_a_receipt_and_what_comes_next() -> None:
    sent = answers.sent(Sent(CLEARED, "sent", Receipt("p-1", AT_MS)))
    assert sent["receipt"] == {"platform_id": "p-1", "at": AT}
    quiet = answers.waiting(Waiting("one", "c", AT_MS, AT_MS, (), None, None))
    assert quiet["next"] is None
    busy = answers.waiting(Waiting("one", "c", AT_MS, AT_MS, (), "hold", AT_MS))
    assert busy["next"] == {"what": "hold", "at": AT}


def test_a_violation_says_how_long_it_can_be_recalled() -> None:
    outcome = Observed(new=True, cleared=CLEARED, recall_left_s=90)
    assert answers.observed(outcome)["recall_left_s"] == 90


def test_a_deadline_says_whether_it_is_the_platforms() -> None:
    assert answers.deadline(DEADLINE)["hard"] is True
    assert answers.deadline(Deadline("soft", "x", AT_MS, "soft"))["hard"] is False
