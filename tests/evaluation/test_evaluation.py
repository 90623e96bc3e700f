"""The bar that the shipped rules are held to, over our own sentences."""

from __future__ import annotations

import pytest

from evaluation import figures
from evaluation.figures import Figures
from evaluation.judge import demo_gates, judge
from evaluation.sentences import load

HITS_MIN = 0.97
EVASIONS_MIN = 0.92
LOOK_ALIKES_MIN = 0.995


@pytest.fixture(scope="module")
def now() -> Figures:
    return figures.count(judge(load(), demo_gates()))


def test_plain_hits_are_found(now: Figures) -> None:
    assert now["hit/all"].share >= HITS_MIN


def test_disguised_ones_are_found(now: Figures) -> None:
    assert now["evasion/all"].share >= EVASIONS_MIN


def test_everyday_replies_are_left_alone(now: Figures) -> None:
    assert now["clean/all"].wrong == 0


def test_look_alikes_are_left_alone(now: Figures) -> None:
    assert now["look-alike/all"].share >= LOOK_ALIKES_MIN


def test_no_figure_is_worse_than_the_accepted_one(now: Figures) -> None:
    accepted = figures.read()
    assert accepted, f"{figures.ACCEPTED.name} holds the figures that were accepted last"
    assert figures.worse(now, accepted) == []
