import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.model import Finding, FindingAction
from replygate.screening.decide import Find, Verdict, decide, winners
from strategies import ACTIONS


def finding(
    rule: str, start: int, end: int, action: FindingAction = "warn", text: str = "x" * 20
) -> Finding:
    replacement = "" if action == "rewrite" else None
    return Finding(rule, text[start:end], start, end, action, replacement, "why", "src")


FINDINGS = st.lists(
    st.builds(
        lambda start, size, action, number: finding(f"r{number}", start, start + size, action),
        st.integers(0, 12),
        st.integers(1, 6),
        ACTIONS,
        st.integers(0, 2),
    ),
    max_size=10,
)


@given(FINDINGS)
def test_winners_do_not_overlap_and_every_loser_met_one_as_strict(found: list[Finding]) -> None:
    strictness = {"block": 0, "rewrite": 1, "warn": 2}
    chosen = winners(found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(chosen))
    for loser in found:
        if loser not in chosen:
            rivals = [c for c in chosen if c.start < loser.end and loser.start < c.end]
            assert rivals
            assert min(strictness[c.action] for c in rivals) <= strictness[loser.action]


def test_the_strictest_wins_then_the_leftmost_then_the_longest() -> None:
    warn, block = finding("warn", 0, 8), finding("block", 4, 6, "block")
    assert winners([warn, block]) == [block]
    left, right = finding("left", 0, 3, "rewrite"), finding("right", 2, 9, "rewrite")
    assert winners([right, left]) == [left]
    short, long = finding("short", 0, 2, "rewrite"), finding("long", 0, 4, "rewrite")
    assert winners([short, long]) == [long]


def replacing(table: dict[str, str | None]) -> Find:
    """A `find` that looks for plain words; None blocks, a text replaces."""

    def find(text: str) -> Sequence[Finding]:
        return [
            Finding(
                word, word, at, at + len(word), "block" if new is None else "rewrite", new, "w", "s"
            )
            for at in range(len(text))
            for word, new in table.items()
            if text.startswith(word, at)
        ]

    return find


def judged(text: str, table: dict[str, str | None]) -> Verdict:
    find = replacing(table)
    return decide(text, find(text), find)


def test_every_occurrence_is_rewritten_and_the_rest_stays_byte_for_byte() -> None:
    verdict = judged("亲 a亲\tb亲", {"亲": "您好"})
    assert (verdict.action, verdict.text) == ("rewrite", "您好 a您好\tb您好")


def test_a_block_anywhere_blocks() -> None:
    verdict = judged("亲加微信", {"亲": "您", "微信": None})
    assert (verdict.action, verdict.text) == ("block", None)
    assert [f.rule for f in verdict.findings] == ["亲", "微信"]


def test_a_rewrite_that_makes_a_new_word_is_caught_in_terms_of_the_original() -> None:
    verdict = judged("加微淘宝信吧", {"淘宝": "", "微信": None})
    assert (verdict.action, verdict.text) == ("block", None)
    made = verdict.findings[-1]
    assert (made.rule, made.start, made.end, made.matched) == ("微信", 1, 5, "微淘宝信")
    assert "微信" in made.why


def test_what_ends_in_a_replacement_ends_where_the_replaced_word_did() -> None:
    made = judged("微淘宝", {"淘宝": "信", "微信": None}).findings[-1]
    assert (made.rule, made.start, made.end, made.matched) == ("微信", 0, 3, "微淘宝")


def test_marks_alone_may_be_rewritten_to_marks() -> None:
    assert judged("！！", {"！！": "！"}).text == "！"


def test_a_rewrite_may_take_three_rounds_and_no_more() -> None:
    assert judged("a", {"a": "b", "b": "c", "c": "d"}).text == "d"
    assert judged("a", {"a": "b", "b": "c", "c": "d", "d": "e"}).action == "block"
    assert judged("a", {"a": "aa"}).action == "block"


@pytest.mark.parametrize("text", ["亲", "亲，", " 亲～ ", "亲亲亲"])
def test_nothing_left_to_say_blocks(text: str) -> None:
    verdict = judged(text, {"亲": ""})
    assert (verdict.action, verdict.text) == ("block", None)
    assert verdict.findings[-1].rule == "gate.empty"


def test_an_emoji_is_something_to_say() -> None:
    assert judged("亲😊", {"亲": ""}).text == "😊"


def test_a_rewrite_to_the_same_text_passes() -> None:
    text = "你好"
    same = Finding("r", "好", 1, 2, "rewrite", "好", "w", "s")
    verdict = decide(text, [same], lambda _: [])
    assert verdict.action == "pass"
    assert verdict.text is text


def test_a_finding_inside_a_longer_one_of_its_rule_says_nothing_new() -> None:
    text = "加微信"
    inner, outer = finding("r", 1, 3, text=text), finding("r", 0, 3, text=text)
    other = finding("other", 1, 3, text=text)
    assert decide(text, [inner, outer, other], lambda _: []).findings == (outer, other)


@given(FINDINGS)
def test_warnings_alone_let_the_same_text_pass(found: list[Finding]) -> None:
    text = "x" * 20
    warnings = [f for f in found if f.action == "warn"]
    verdict = decide(text, warnings, lambda _: warnings)
    assert verdict.action == "pass"
    assert verdict.text is text
