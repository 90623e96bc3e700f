from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.model import Finding
from replygate.screening.fold import fold, fold_with_index
from replygate.screening.rule import Exempt, Match, Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from strategies import PHRASES, TEXTS, parts

NOTHING = RulePart()
Span = tuple[int, int]


def rule(*words: str, match: Match = "any", exceptions: tuple[Exempt, ...] = ()) -> Rule:
    return Rule("r", "block", "why", "src", tuple(map(Word, words)), None, (), match, exceptions)


def found(text: str, *rules: Rule, allow: tuple[Exempt, ...] = ()) -> list[str]:
    book = Rulebook.compile(RulePart(rules), RulePart((), allow))
    return [finding.matched for finding in book.find(text)]


def places(findings: list[Finding]) -> set[tuple[str, int, int]]:
    return {(f.rule, f.start, f.end) for f in findings}


def runs(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def naive(text: str, part: RulePart) -> set[tuple[str, int, int]]:
    """Every match, by looking at every place of the folded text; lone runs joined at the end."""
    folded, index = fold_with_index(text)

    def spans(phrase: str) -> list[tuple[int, int]]:
        size = len(fold(phrase))
        return [(a, a + size) for a in range(len(folded)) if folded.startswith(fold(phrase), a)]

    def exempt(one: Rule, start: int, end: int) -> bool:
        return any(
            left <= start and end <= right
            for phrase in (*one.exceptions, *part.allow)
            for left, right in spans(phrase.text)
            if not (phrase.unless_next and folded[right : right + 1] in list(phrase.unless_next))
        )

    def neighbour(one: Rule, start: int, end: int) -> bool:
        sides = (folded[start - 1] if start else "。") + folded[end : end + 1]
        return one.match == "word" and any(
            c in "abcdefghijklmnopqrstuvwxyz0123456789" for c in sides
        )

    def held(span: Span, by: list[Span]) -> list[Span]:
        return [s for s in by if s != span and span[0] <= s[0] and s[1] <= span[1]]

    def husk(span: Span, every: list[Span], kept: list[Span]) -> bool:
        lost = [s for s in every if s not in kept]
        firm = [s for s in kept if not held(s, lost)]
        return bool(held(span, lost)) and not held(span, firm)

    result = set()
    for one in part.rules:
        every = sorted(
            {span for word in one.words for span in spans(word.text) if not neighbour(one, *span)}
        )
        kept = [span for span in every if not exempt(one, *span)]
        kept = [span for span in kept if not husk(span, every, kept)]
        if one.match == "lone":
            kept = runs(kept)
        for start, end in kept:
            at = (start, end) if index is None else (index[start], index[end - 1] + 1)
            result.add((one.id, *at))
    return result


@given(parts(), TEXTS)
def test_it_finds_what_a_naive_search_finds(part: RulePart, text: str) -> None:
    assert places(list(Rulebook.compile(part, NOTHING).find(text))) == naive(text, part)


@given(parts("r"), parts("own"), TEXTS)
def test_two_automata_find_what_one_would(shared: RulePart, own: RulePart, text: str) -> None:
    both = RulePart(shared.rules + own.rules, shared.allow + own.allow)
    split = Rulebook.compile(shared, own).find(text)
    assert places(list(split)) == places(list(Rulebook.compile(both, NOTHING).find(text)))


@given(parts(), TEXTS)
def test_offsets_cut_the_match_out_of_the_original(part: RulePart, text: str) -> None:
    for finding in Rulebook.compile(part, NOTHING).find(text):
        assert finding.matched == text[finding.start : finding.end] != ""


@given(parts(), PHRASES, TEXTS)
def test_an_allow_phrase_never_adds_a_match(part: RulePart, phrase: Exempt, text: str) -> None:
    more = replace(part, allow=(*part.allow, phrase))
    before = covered(Rulebook.compile(part, NOTHING), text)
    assert covered(Rulebook.compile(more, NOTHING), text) <= before


@given(parts(), TEXTS, st.data())
def test_removing_a_rule_never_adds_a_match(part: RulePart, text: str, data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(part.rules))
    fewer = replace(part, rules=tuple(one for one in part.rules if one is not gone))
    before = places(list(Rulebook.compile(part, NOTHING).find(text)))
    assert places(list(Rulebook.compile(fewer, NOTHING).find(text))) <= before


@given(parts(), TEXTS, st.data())
def test_a_disabled_rule_is_as_good_as_gone(part: RulePart, text: str, data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(part.rules))
    fewer = replace(part, rules=tuple(one for one in part.rules if one is not gone))
    off = Rulebook.compile(part, NOTHING, disabled=frozenset({gone.id}))
    assert list(off.find(text)) == list(Rulebook.compile(fewer, NOTHING).find(text))


def test_a_disabled_rule_looks_for_nothing_by_any_means() -> None:
    shared = RulePart(
        (
            Rule("url", "block", "why", detector="url"),
            Rule("group", "block", "why", patterns=("进群",)),
            Rule("app", "block", "why", words=(Word("微信"),)),
        )
    )
    text = "微信进群 a.example.com"
    assert {f.rule for f in Rulebook.compile(shared, NOTHING).find(text)} == {"url", "group", "app"}
    off = frozenset({"url", "group", "app"})
    assert not Rulebook.compile(shared, NOTHING, disabled=off).find(text)


def covered(book: Rulebook, text: str) -> set[tuple[str, int]]:
    """Matched places by character: an exception may cut a run of a lone word in two."""
    return {(f.rule, at) for f in book.find(text) for at in range(f.start, f.end)}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("用微信支付", []),
        ("用微信支付宝都行", ["微信", "支付宝"]),
        ("微信支付和微信", ["微信"]),
    ],
)
def test_an_exception_suppresses_only_what_lies_inside_it(text: str, matched: list[str]) -> None:
    allowed = (Exempt("微信支付"),)
    expected = [m for m in matched if not (text.startswith("用微信支付宝") and m == "微信")]
    assert found(text, rule("微信", "支付宝"), allow=allowed) == expected


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("亲，在的", ["亲"]),
        ("亲亲在吗", ["亲亲"]),
        ("亲爱的", []),
        ("亲亲亲爱的", ["亲亲"]),
        ("亲自己拿", ["亲"]),
        ("亲自拿", []),
        ("亲", ["亲"]),
        ("邮费亲自理", ["亲"]),
    ],
)
def test_a_lone_word_is_told_from_the_words_it_is_part_of(text: str, matched: list[str]) -> None:
    exceptions = (Exempt("亲爱的"), Exempt("亲自", "己理"))
    assert found(text, rule("亲", match="lone", exceptions=exceptions)) == matched


def test_a_lone_word_that_stands_twice_in_its_rule_is_said_once() -> None:
    assert found("亲亲", rule("亲", "亲", match="lone")) == ["亲亲"]


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("给亲补发", ["给亲", "亲"]),
        ("给亲人买", []),
        ("给亲人，给亲", ["给亲", "亲"]),
        ("给亲给亲人", ["给亲", "亲"]),
    ],
)
def test_a_longer_word_is_none_where_what_it_holds_is_exempt(text: str, matched: list[str]) -> None:
    assert found(text, rule("亲", "给亲", exceptions=(Exempt("亲人"),))) == matched


def test_what_is_none_makes_the_longer_word_around_it_none_too() -> None:
    words = rule("亲", "亲的", "亲的确", exceptions=(Exempt("父亲"),))
    assert found("父亲的确好", words) == []
    assert found("亲的确好", words) == ["亲的确", "亲的", "亲"]


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("上JD看", ["JD"]),
        ("jd", ["jd"]),
        ("ajd", []),
        ("jdx", []),
        ("jd1", []),
        ("2jd", []),
        ("é jd。", ["jd"]),
    ],
)
def test_a_whole_word_stands_apart_from_letters_and_digits(text: str, matched: list[str]) -> None:
    assert found(text, rule("JD", match="word")) == matched


def test_what_must_not_follow_is_folded_like_the_text() -> None:
    spared = rule("亲", match="lone", exceptions=(Exempt("亲自", "Ｑ"),))
    assert found("亲自Q", spared) == ["亲"]
    assert found("亲自来", spared) == []


def test_a_finding_explains_itself() -> None:
    (finding,) = Rulebook.compile(RulePart((rule("微信"),)), NOTHING).find("加微信聊")
    assert finding == Finding("r", "微信", 1, 3, "block", None, "why", "src")


def test_a_match_that_only_folding_reveals_is_an_evasion_and_blocks() -> None:
    softer = Rule("r", "rewrite", "why", words=(Word("支付宝", ("平台支付",)),))
    book = Rulebook.compile(RulePart((softer,)), NOTHING)
    (plain,) = book.find("用支付宝")
    (disguised,) = book.find("用支\u200b付宝")
    assert (plain.action, plain.evasion, plain.replacement) == ("rewrite", False, "平台支付")
    assert (disguised.action, disguised.evasion, disguised.replacement) == ("block", True, None)
    assert disguised.matched == "支\u200b付宝"


def test_capital_letters_are_no_evasion() -> None:
    assert [f.evasion for f in Rulebook.compile(RulePart((rule("qq"),)), NOTHING).find("QQ")] == [
        False
    ]


def test_wide_blanks_are_no_evasion() -> None:
    book = Rulebook.compile(RulePart((rule("亲 在"),)), NOTHING)
    assert [f.evasion for f in book.find("亲\u3000在，亲\u00a0在，亲 在")] == [False] * 3


def test_replacements_rotate() -> None:
    turns = Rule("r", "rewrite", "why", words=(Word("亲", ("您", "")),))
    book = Rulebook.compile(RulePart((turns,)), NOTHING)
    assert [book.find("亲", turn)[0].replacement for turn in range(3)] == ["您", "", "您"]


def test_detectors_and_patterns_obey_exceptions() -> None:
    url = Rule("url", "block", "why", detector="url", exceptions=(Exempt("example.com"),))
    group = Rule("group", "warn", "why", patterns=("加.{0,3}群",))
    book = Rulebook.compile(RulePart((url, group), (Exempt("加这个群"),)), NOTHING)
    texts = ["example.com", "sub.example.com", "加个群", "加这个群"]
    assert [[f.rule for f in book.find(text)] for text in texts] == [[], ["url"], ["group"], []]


def test_own_domains_are_no_foreign_links() -> None:
    url = RulePart((Rule("url", "block", "why", detector="url"),))
    book = Rulebook.compile(url, NOTHING, own_domains=frozenset({"jd.com"}))
    assert [f.matched for f in book.find("item.jd.com/1.html 和 example.cn")] == ["example.cn"]


def test_a_pattern_that_can_not_run_is_refused() -> None:
    broken = RulePart((Rule("r", "warn", "why", patterns=(r"(a)\1",)),))
    with pytest.raises(ValueError, match="linear time"):
        Rulebook.compile(broken, NOTHING)


def hiding(*words: str, evidence: bool = False, spared: tuple[str, ...] = ()) -> Rule:
    plain = rule(*words, exceptions=tuple(Exempt(text) for text in spared))
    return replace(plain, evidence=evidence, evasions=True)


@pytest.mark.parametrize("text", ["微~信的图", "微\u200d信的图", "薇信的图", "ｖх的图"])
def test_a_disguise_needs_no_evidence_of_its_rule(text: str) -> None:
    assert found(text, hiding("微信", evidence=True)) != []
    assert found("微信的图", hiding("微信", evidence=True)) == []


def test_a_word_that_is_its_own_exception_counts_in_disguise_alone() -> None:
    book = hiding("电话", spared=("电话",))
    assert found("电话和电 话线", book) == []
    assert found("留个电*话，dian话也行", book) == ["电*话", "dian话"]


@pytest.mark.parametrize("text", ["WX-200的水龙头", "vx 7对讲机", "2 wx的"])
def test_letters_with_a_number_name_a_model(text: str) -> None:
    assert found(text, hiding("微信")) == []


def test_a_spelling_that_takes_from_a_word_needs_evidence() -> None:
    assert found("蜜桃宝宝裤", hiding("淘宝")) == []
    assert found("去桃宝看", hiding("淘宝")) == ["桃宝"]


def test_a_spelling_is_found_though_its_part_is_spared_there() -> None:
    assert found("加我威信吧", hiding("微信")) == ["威信"]
