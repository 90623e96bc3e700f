from __future__ import annotations

import pytest

from replygate.timing.metrics.count import count
from replygate.timing.metrics.rule import MetricRule, RatingCount
from replygate.timing.metrics.talk import Facts, RatingFact
from replygate.timing.metrics.tally import Tally

from .kit import DAY, ms, rule


def ratings(script: str) -> list[RatingFact]:
    """`satisfied`, `average:rude` with a reason, `4/5` stars, `-` for a card not filled in."""
    found = []
    for word in script.split():
        text, _, reason = word.partition(":")
        fields: dict[str, object] = {"reason": reason or None}
        if "/" in text:
            score, _, of = text.partition("/")
            fields |= {"score": float(score), "scale_max": float(of)}
        elif text != "-":
            fields["label"] = text
        found.append(RatingFact(ms("10:00"), "c", **fields))  # type: ignore[arg-type]  # by word
    return found


def rating(**fields: object) -> MetricRule:
    return rule("r", "rating", rating=RatingCount(**fields))  # type: ignore[arg-type]  # a row's


SATISFIED = rating(labels=("satisfied",))
OF_CARDS = rating(labels=("satisfied",), of="cards")
STARS = rating(min_stars=4)
RUDE = rating(
    labels=("average", "disappointed"), of_labels=("average", "disappointed"), reasons=("rude",)
)
UNHAPPY = rating(labels=("disappointed",), max_stars=2)
SOLVED = rating(labels=("satisfied",), excluded_reasons=("unsolved",))

TABLE = [
    # KS-M-05: satisfied of all that were rated.
    (SATISFIED, "satisfied satisfied average disappointed", "2/4"),
    (SATISFIED, "satisfied - -", "1/1"),
    (SATISFIED, "- -", "0/0"),
    (SATISFIED, "", "0/0"),
    # KS-M-07: of all cards.
    (OF_CARDS, "satisfied - - average", "1/4"),
    # KS-M-08: for rudeness, of those that were not satisfied.
    (RUDE, "average:rude disappointed:slow average satisfied:rude", "1/3"),
    (RUDE, "satisfied satisfied", "0/0"),
    # DY-M-03: four and five stars, of those that were rated.
    (STARS, "5/5 4/5 3/5 1/5 -", "2/4"),
    (STARS, "8/10 7/10 10/10", "2/3"),  # 4, 3.5, 5 stars
    (STARS, "80/100 79/100", "1/2"),  # 4, 3.95 stars
    (STARS, "satisfied 5/5", "1/2"),  # a label has no stars
    # XHS-M-02: those that were not satisfied, by label or by stars.
    (UNHAPPY, "disappointed average 1/5 2/5 3/5 5/5 -", "3/6"),
    (UNHAPPY, "4/10 5/10 0/5", "2/3"),  # 2, 2.5, 0 stars
    # OUT-TB-02: satisfied, but for what stayed unsolved.
    (SOLVED, "satisfied satisfied:unsolved average", "1/3"),
]


@pytest.mark.parametrize(("of", "script", "told"), TABLE)
def test_by_hand(of: MetricRule, script: str, told: str) -> None:
    tallies = count([of], Facts(ratings=ratings(script)), DAY, DAY, now_ms=ms("1/00:00"))
    tally = tallies.get(("r", DAY, ""), Tally())
    assert f"{tally.strict_good}/{tally.units}" == told
    assert (tally.lenient_good, tally.lenient_units) == (tally.strict_good, tally.units)


def test_a_score_without_a_scale_is_of_five() -> None:
    facts = Facts(ratings=[RatingFact(ms("10:00"), "c", score=4)])
    assert count([STARS], facts, DAY, DAY, now_ms=0)["r", DAY, ""].strict_good == 1


def test_by_agent_and_day() -> None:
    facts = Facts(
        ratings=[
            RatingFact(ms("10:00"), "c", agent="anna", label="satisfied"),
            RatingFact(ms("10:00"), "c", agent="robot", label="average"),
            RatingFact(ms("1/10:00"), "c", label="average"),
        ]
    )
    # A bot's ratings count, too (KS-M-09).
    assert count([SATISFIED], facts, DAY, DAY, now_ms=0) == {
        ("r", DAY, ""): Tally(2, 1, 2, 1),
        ("r", DAY, "anna"): Tally(1, 1, 1, 1),
        ("r", DAY, "robot"): Tally(1, 0, 1, 0),
    }


def test_how_many() -> None:
    many = rule("r", "rating", value="count", rating=RatingCount())
    tallies = count([many], Facts(ratings=ratings("satisfied average")), DAY, DAY, now_ms=0)
    assert tallies["r", DAY, ""] == Tally(units=2, lenient_units=2)


def test_without_a_choice_nothing_is_good() -> None:
    tallies = count([rule("r", "rating")], Facts(ratings=ratings("5/5")), DAY, DAY, now_ms=0)
    assert tallies["r", DAY, ""] == Tally(units=1, lenient_units=1)
