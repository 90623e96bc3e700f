"""Contact, payment, privacy and reviews: each rule of the catalogue on its platform's demo store.

The other half of the catalogue, how one speaks, has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue_sentences import RULES
from replygate.config import load_store
from replygate.model import Cleared

# Kind C of this half that no rule on one text can check.
LEFT_OUT = {
    "TM-P-05": "asks for automatic answers to be set up, says nothing of texts",
}


@pytest.mark.parametrize(("platform", "rule", "text"), [(r[1], r[2], r[3]) for r in RULES])
def test_it_is_found(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert rule in {finding.rule for finding in screen_in(platform, text).findings}


@pytest.mark.parametrize(("platform", "text"), [(row[1], row[4]) for row in RULES])
def test_it_is_left_alone(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in(platform, text).findings == ()


def test_what_is_left_out_says_why() -> None:
    assert not set(LEFT_OUT) & {row[0] for row in RULES}


def test_an_automatic_answer_does_not_answer_who_urges_shipment() -> None:
    # PDD-D-08.
    (rule,) = (rule for rule in load_store("demo-pdd").deadlines if rule.id == "PDD-D-08")
    assert (rule.counts.human, rule.counts.bot) == ("yes", "no")


def test_a_message_can_be_recalled_for_two_minutes() -> None:
    # DY-D-03.
    profile = load_store("demo-douyin").profile
    assert profile is not None
    assert profile.recall_s == 120
