from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.exempt import Exemptions, Inner

RULES = st.sampled_from(["a", "b", None])
SPANS = st.tuples(st.integers(0, 9), st.integers(1, 6)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.lists(st.tuples(RULES, SPANS)), st.sampled_from(["a", "b"]), SPANS)
def test_a_span_is_exempt_when_one_interval_for_its_rule_or_all_holds_it(
    intervals: list[tuple[str | None, tuple[int, int]]], rule_id: str, span: tuple[int, int]
) -> None:
    naive = any(
        rule in (rule_id, None) and start <= span[0] and span[1] <= end
        for rule, (start, end) in intervals
    )
    exemptions = Exemptions((rule, *interval) for rule, interval in intervals)
    assert exemptions.cover(rule_id, *span) == naive


def test_an_interval_inside_another_takes_nothing_from_it() -> None:
    assert Exemptions([(None, 0, 9), (None, 2, 4)]).cover("r", 3, 8)


def test_two_intervals_together_do_not_exempt() -> None:
    assert not Exemptions([(None, 0, 2), (None, 2, 4)]).cover("r", 1, 3)


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), SPANS)), st.sampled_from(["a", "b"]), SPANS)
def test_a_span_holds_the_shorter_ones_of_its_rule(
    spans: list[tuple[str, tuple[int, int]]], rule_id: str, span: tuple[int, int]
) -> None:
    naive = any(
        rule == rule_id and inner != span and span[0] <= inner[0] and inner[1] <= span[1]
        for rule, inner in spans
    )
    assert Inner((rule, *inner) for rule, inner in spans).inside(rule_id, *span) == naive
