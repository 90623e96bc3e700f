"""Shares of ratings: satisfied of all rated, of all cards, or of those that were not satisfied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from replygate.timing.metrics.days import Hours
from replygate.timing.metrics.measure import Place, spread
from replygate.timing.metrics.rule import MetricRule, RatingCount
from replygate.timing.metrics.talk import RatingFact
from replygate.timing.metrics.tally import Tally

STARS = 5
"""`min_stars` are of so many; another scale is brought to it."""


def rated(
    rule: MetricRule, ratings: Iterable[RatingFact], hours: Hours
) -> Iterator[tuple[Place, Tally]]:
    """Tallies of a rating metric; both readings are the same. A place may come twice.

    Whoever served: a bot's ratings count like a person's (KS-M-09).
    """
    wanted = rule.rating or RatingCount()
    whole: dict[Place, Tally] = {}
    for rating in ratings:
        day = hours.days.index(rating.at_ms)
        if day < 0 or not _is_of(wanted, rating) or not hours.assess(rating.at_ms):
            continue
        tally = whole.setdefault((day, rating.agent), Tally())
        good = rule.value == "share" and _is_chosen(wanted, rating)
        tally.units += 1
        tally.lenient_units += 1
        tally.strict_good += good
        tally.lenient_good += good
    yield from spread(whole)


def _is_of(wanted: RatingCount, rating: RatingFact) -> bool:
    """Whether the rating is one of those that others are divided by."""
    if wanted.of_labels:
        return rating.label in wanted.of_labels
    return wanted.of == "cards" or rating.label is not None or rating.score is not None


def _is_chosen(wanted: RatingCount, rating: RatingFact) -> bool:
    if wanted.reasons and rating.reason not in wanted.reasons:
        return False
    if rating.reason is not None and rating.reason in wanted.excluded_reasons:
        return False
    if wanted.labels and rating.label in wanted.labels:
        return True
    if rating.score is None:
        return False
    stars = _stars(rating.score, rating.scale_max)
    if wanted.min_stars is not None and stars >= Fraction(repr(wanted.min_stars)):
        return True
    return wanted.max_stars is not None and stars <= Fraction(repr(wanted.max_stars))


def _stars(score: float, scale_max: float | None) -> Fraction:
    """Stars of five."""
    of = Fraction(repr(scale_max)) if scale_max else Fraction(STARS)
    return Fraction(repr(score)) * STARS / of
