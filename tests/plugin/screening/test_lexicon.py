from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.fold import fold
from replygate.screening.lexicon import (
    Deny,
    Spare,
    as_bytes,
    compile_part,
    compile_shared,
    located,
)
from replygate.screening.rule import Exempt, Rule, RulePart, Word

# Few letters, so that words overlap, nest and share bytes; 信 and 倡 share their first two bytes.
LETTERS = st.text("ab微信倡é😊\ud800", min_size=1, max_size=4)


def part(*words: str) -> RulePart:
    rules = (Rule("r", "block", "why", words=tuple(map(Word, words))),)
    return RulePart(rules)


def scan(text: str, of: RulePart) -> set[tuple[str, int, int]]:
    automaton = compile_part(of).words
    assert automaton is not None
    data = as_bytes(fold(text))
    found = located(data, list(automaton.iter(data)))
    return {
        (fold(text)[end - target.chars : end], end - target.chars, end)
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
        (fold(word), at, at + len(fold(word)))
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
    assert scan("加ｑｑ", part("ＱQ")) == {("qq", 1, 3)}


def test_a_mark_in_a_word_counts_in_either_width() -> None:
    assert scan("不知道!，问（店家)", part("不知道！", "，问")) == {
        ("不知道!", 0, 4),
        ("，问", 4, 6),
    }


def test_a_word_written_in_both_widths_keeps_both_replacements() -> None:
    words = (Word("亲，", ("您，",)), Word("亲,", ("您,",)))
    compiled = compile_part(RulePart((Rule("r", "rewrite", "why", words=words),)))
    assert compiled.words is not None
    for text, replacement in (("亲，", "您，"), ("亲,", "您,")):
        data = as_bytes(text)
        found = [target for _, target in located(data, list(compiled.words.iter(data)))]
        assert [target.replace for target in found if isinstance(target, Deny)] == [(replacement,)]


def test_exceptions_and_allow_phrases_come_with_their_rule() -> None:
    rule = Rule("r", "block", "why", words=(Word("亲"),), exceptions=(Exempt("亲自", "己理"),))
    automaton = compile_part(RulePart((rule,), (Exempt("亲子"),))).words
    assert automaton is not None
    data = as_bytes("亲自亲子")
    spares = [t for _, t in located(data, list(automaton.iter(data))) if isinstance(t, Spare)]
    told = [(spare.rule, spare.chars, spare.unless_next, spare.spelling) for spare in spares]
    assert told == [(0, 2, "己理", None), (None, 2, "", None)]


def test_words_of_one_kind_share_one_target() -> None:
    automaton = compile_part(part("微信", "淘宝", "支付宝")).words
    assert automaton is not None
    data = as_bytes("微信淘宝支付宝")
    targets = [target for _, target in located(data, list(automaton.iter(data)))]
    assert targets[0] is targets[1]
    assert targets[0] is not targets[2]


@given(st.lists(LETTERS, min_size=1, max_size=8), st.text("ab微信倡é😊\ud800", max_size=40))
def test_the_look_never_misses_a_word(words: list[str], text: str) -> None:
    compiled = compile_part(part(*words))
    assert compiled.look is not None
    if scan(text, part(*words)):
        assert compiled.look.search(fold(text)) is not None


def test_the_look_passes_over_a_text_in_which_no_word_begins() -> None:
    look = compile_part(part("微信", "a", "支付宝")).look
    assert look is not None
    assert [look.search(text) is None for text in ("微笑支持", "微信", "b", "a", "微")] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_many_words_have_no_look() -> None:
    assert compile_part(part(*map("{:04}".format, range(0, 9_999, 7)))).look is not None
    assert compile_part(part(*(chr(0x4E00 + n) for n in range(300)))).look is None


def test_pairs_are_the_neighbours_in_words_that_noise_may_part() -> None:
    rule = Rule("r", "block", "why", words=(Word("小猫咪"),), exceptions=(Exempt("猫咪粮"),))
    assert compile_part(RulePart((rule,))).pairs == frozenset()
    hiding = Rule("r", "block", "why", words=rule.words, exceptions=rule.exceptions, evasions=True)
    assert {"小猫", "猫咪", "咪粮"} <= compile_part(RulePart((hiding,))).pairs


def test_no_words_need_no_automaton() -> None:
    assert compile_part(RulePart((Rule("r", "block", "why", detector="url"),))).words is None


def test_stores_with_the_same_shared_rules_share_one_automaton() -> None:
    assert compile_shared(part("微信")) is compile_shared(part("微信"))
    assert compile_shared(part("微信")) is not compile_shared(part("淘宝"))


def test_stores_of_many_platforms_share_theirs() -> None:
    platforms = [part(f"词{number}") for number in range(20)]
    first = list(map(compile_shared, platforms))
    assert all(a is b for a, b in zip(first, map(compile_shared, platforms), strict=True))
