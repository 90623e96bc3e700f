from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.fold import fold
from replygate.screening.lexicon import (
    Deny,
    Spare,
    as_bytes,
    build_automaton,
    located,
    shared_automaton,
)
from replygate.screening.rule import Exempt, Rule, RulePart, Word

# Few letters, so that words overlap, nest and share bytes; 信 and 倡 share their first two bytes.
LETTERS = st.text("ab微信倡é😊\ud800", min_size=1, max_size=4)


def part(*words: str) -> RulePart:
    rules = (Rule("r", "block", "why", words=tuple(map(Word, words))),)
    return RulePart(rules)


def scan(text: str, of: RulePart) -> set[tuple[str, int, int]]:
    automaton = build_automaton(of)
    assert automaton is not None
    data = as_bytes(fold(text))
    found = located(data, list(automaton.iter(data)))
    return {
        (target.word.text, end - target.chars, end)
        for end, target in found
        if isinstance(target, Deny)
    }


@given(
    st.lists(LETTERS, min_size=1, max_size=8, unique_by=fold),
    st.text("ab微信倡é😊\ud800", max_size=40),
)
def test_the_automaton_finds_what_looking_at_every_place_finds(words: list[str], text: str) -> None:
    folded = fold(text)
    naive = {
        (word, at, at + len(fold(word)))
        for word in words
        for at in range(len(folded))
        if folded.startswith(fold(word), at)
    }
    assert scan(text, part(*words)) == naive


def test_words_inside_words_are_found() -> None:
    assert scan("国家知识产权局", part("知识产权", "国家知识产权局")) == {
        ("知识产权", 2, 6),
        ("国家知识产权局", 0, 7),
    }


def test_words_are_folded_like_texts() -> None:
    assert scan("加ｑｑ", part("ＱQ")) == {("ＱQ", 1, 3)}


def test_exceptions_and_allow_phrases_come_with_their_rule() -> None:
    rule = Rule("r", "block", "why", words=(Word("亲"),), exceptions=(Exempt("亲自", "己理"),))
    automaton = build_automaton(RulePart((rule,), (Exempt("亲子"),)))
    assert automaton is not None
    data = as_bytes("亲自亲子")
    spares = [t for _, t in located(data, list(automaton.iter(data))) if isinstance(t, Spare)]
    assert spares == [Spare("r", 2, "己理"), Spare(None, 2, "")]


def test_no_words_need_no_automaton() -> None:
    assert build_automaton(RulePart((Rule("r", "block", "why", detector="url"),))) is None


def test_stores_with_the_same_shared_rules_share_one_automaton() -> None:
    assert shared_automaton(part("微信")) is shared_automaton(part("微信"))
    assert shared_automaton(part("微信")) is not shared_automaton(part("淘宝"))


def test_stores_of_many_platforms_share_theirs() -> None:
    platforms = [part(f"词{number}") for number in range(20)]
    first = list(map(shared_automaton, platforms))
    assert all(a is b for a, b in zip(first, map(shared_automaton, platforms), strict=True))
