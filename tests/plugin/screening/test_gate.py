import sys
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from replygate.model import Action, Draft, Finding, Memory
from replygate.screening.edits import edited
from replygate.screening.gate import Blocking, Check, Gate
from replygate.screening.rule import Exempt, Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from strategies import KINDS, ORIGINS, RICH_TEXTS, TEXTS, parts, rich_parts

BLOCK_WECHAT = Rule("wechat", "block", "why", "src", (Word("微信"),))
QIN = Rule("qin", "rewrite", "why", "src", (Word("亲", ("您", "")),))
LATER = Rule("later", "warn", "why", "src", (Word("稍等"),))
PLAIN = RulePart((BLOCK_WECHAT, QIN, LATER))


def gate(part: RulePart = PLAIN, *checks: Check, max_chars: int = 10_000) -> Gate:
    return Gate(Rulebook.compile(part, RulePart(), max_chars=max_chars), checks=checks)


def draft(text: str) -> Draft:
    return Draft("c-1", text)


@given(parts(), TEXTS)
def test_what_was_cleared_never_matches_again(part: RulePart, text: str) -> None:
    judge = gate(part)
    cleared = judge.screen(draft(text))
    assert (cleared.text is None) == (cleared.action == "block")
    if cleared.text is not None:
        again = judge.screen(draft(cleared.text))
        assert again.action == "pass"
        assert again.text is cleared.text


@given(parts(), TEXTS)
def test_without_a_finding_the_very_same_text_comes_back(part: RulePart, text: str) -> None:
    cleared = gate(part).screen(draft(text))
    if not cleared.findings:
        assert cleared.action == "pass"
    if cleared.action == "pass":
        assert cleared.text is text


@given(parts(), TEXTS)
def test_every_finding_cuts_its_match_out_of_the_original(part: RulePart, text: str) -> None:
    for finding in gate(part).screen(draft(text)).findings:
        assert finding.matched == text[finding.start : finding.end] != ""


@given(parts(), TEXTS)
def test_text_outside_the_findings_stays_byte_for_byte(part: RulePart, text: str) -> None:
    cleared = gate(part).screen(draft(text))
    if cleared.action == "rewrite":
        assert cleared.text is not None
        touched = {i for f in cleared.findings for i in range(f.start, f.end)}
        kept = iter(cleared.text)
        assert all(char in kept for at, char in enumerate(text) if at not in touched)


@given(st.text(st.characters(codec=None)) | st.binary().map(lambda b: b.decode("latin-1")))
def test_nothing_that_a_text_holds_raises(text: str) -> None:
    assert all(f.rule != "gate.fault" for f in gate().screen(draft(text)).findings)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "微\udfff信",
        "\x00",
        "\u202e亲\u202c",
        "亲" * 300_000,
        "a" * 1_000_000,
        "微信" * 200_000,
        "\u200b" * 300_000,
        "1" * 1_000_000,
        ".a" * 300_000,
        "@" * 500_000,
    ],
    ids=lambda text: f"{len(text)}x{text[:2]!a}",
)
def test_a_megabyte_of_anything_is_judged(text: str) -> None:
    contact = tuple(
        Rule(name, "block", "why", detector=name) for name in ("mobile", "url", "email")
    )
    part = RulePart((*PLAIN.rules, *contact))
    findings = gate(part, max_chars=2_000_000).screen(draft(text)).findings
    assert all(f.rule != "gate.fault" for f in findings)


def test_every_code_point_is_judged() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    findings = gate(max_chars=2_000_000).screen(draft(everything)).findings
    assert all(f.rule != "gate.fault" for f in findings)


@pytest.mark.parametrize(
    ("text", "action", "out"),
    [
        ("今天发货", "pass", "今天发货"),
        ("亲今天发货", "rewrite", "您今天发货"),
        ("亲加微信", "block", None),
        ("稍等", "pass", "稍等"),
        ("", "pass", ""),
    ],
)
def test_the_verdict(text: str, action: Action, out: str | None) -> None:
    cleared = gate().screen(draft(text))
    assert (cleared.action, cleared.text, cleared.would) == (action, out, None)


def test_the_answer_names_the_very_draft_that_was_judged() -> None:
    for text in ("今天发货", "亲今天发货", "加微信"):
        of = draft(text)
        assert gate().screen(of).draft is of


def test_a_warning_is_reported_on_a_text_that_passes() -> None:
    assert [f.rule for f in gate().screen(draft("请稍等")).findings] == ["later"]


def test_replacements_rotate_with_what_was_sent() -> None:
    texts = [gate().screen(draft("亲在"), Memory(("x",) * sent)).text for sent in range(3)]
    assert texts == ["您在", "在", "您在"]


def test_observe_mode_lets_the_original_out_and_says_what_it_would_have_done() -> None:
    watching = Gate(Rulebook.compile(PLAIN, RulePart()), mode="observe")
    for text, would in [("加微信", "block"), ("亲在的", "rewrite"), ("在的", "pass")]:
        cleared = watching.screen(draft(text))
        assert (cleared.action, cleared.would) == ("pass", would)
        assert cleared.text is text


def test_a_text_over_the_limit_is_blocked_whole() -> None:
    cleared = gate(max_chars=10).screen(draft("好" * 11))
    assert cleared.action == "block"
    assert [f.rule for f in cleared.findings] == ["gate.too-long"]
    assert gate(max_chars=10).screen(draft("好" * 10)).action == "pass"


def test_a_rewrite_that_outgrows_the_limit_is_blocked() -> None:
    longer = RulePart((Rule("r", "rewrite", "why", words=(Word("亲", ("亲爱的顾客您好",)),)),))
    assert gate(longer, max_chars=5).screen(draft("亲在的")).action == "block"


def no_discounts(of: Draft) -> Iterable[Finding]:
    at = of.text.find("打折")
    if at >= 0:
        yield Finding("shop.discount", "打折", at, at + 2, "rewrite", "优惠", "why", "shop")


def test_a_custom_check_is_a_plain_function() -> None:
    cleared = gate(PLAIN, no_discounts).screen(draft("亲可以打折"))
    assert cleared.text == "您可以优惠"
    assert [f.rule for f in cleared.findings] == ["qin", "shop.discount"]


def bad_offsets(of: Draft) -> Iterable[Finding]:
    yield Finding("bad", "x", 5, 900, "block", None, "why", "shop")


def nothing_at_all(of: Draft) -> Iterable[Finding]:
    yield Finding("bad", "", 1, 1, "block", None, "why", "shop")


def block_with_text(of: Draft) -> Iterable[Finding]:
    yield Finding("bad", of.text[:1], 0, 1, "block", "您", "why", "shop")


def not_what_stands_there(of: Draft) -> Iterable[Finding]:
    yield Finding("bad", "没有", 0, 2, "block", None, "why", "shop")


def rewrite_without_text(of: Draft) -> Iterable[Finding]:
    yield Finding("bad", of.text[:1], 0, 1, "rewrite", None, "why", "shop")


def raises(of: Draft) -> Iterable[Finding]:
    raise RuntimeError("model not loaded")


@pytest.mark.parametrize(
    "check",
    [
        bad_offsets,
        nothing_at_all,
        not_what_stands_there,
        rewrite_without_text,
        block_with_text,
        raises,
    ],
)
def test_a_text_that_can_not_be_judged_is_blocked(check: Check) -> None:
    cleared = gate(PLAIN, check).screen(draft("今天发货"))
    assert (cleared.action, cleared.text) == ("block", None)
    assert [f.rule for f in cleared.findings] == ["gate.fault"]


def test_a_store_may_choose_to_let_unjudged_texts_out() -> None:
    book = Rulebook.compile(PLAIN, RulePart())
    lenient = Gate(book, on_fault="pass", checks=[raises])
    cleared = lenient.screen(draft("今天发货"))
    assert (cleared.action, cleared.text) == ("pass", "今天发货")
    assert "model not loaded" in cleared.findings[0].why
    assert cleared.findings[0].action == "warn"


def test_a_cleared_text_can_not_be_changed_afterwards() -> None:
    cleared = gate().screen(draft("今天发货"))
    with pytest.raises(FrozenInstanceError):
        cleared.text = "加微信"  # type: ignore[misc]  # the very point of the test


DRAFTS = st.builds(Draft, st.just("c-1"), RICH_TEXTS, origin=ORIGINS, kind=KINDS)
BLOCKINGS = st.sampled_from([Blocking(), Blocking("stock", ("请看商品页", "有货的"))])


@given(rich_parts(), DRAFTS, BLOCKINGS)
def test_what_was_cleared_never_matches_again_whatever_the_rules_say(
    part: RulePart, of: Draft, blocking: Blocking
) -> None:
    judge = Gate(Rulebook.compile(part, RulePart()), blocking=blocking)
    cleared = judge.screen(of)
    assert (cleared.text is None) == (cleared.action == "block")
    if cleared.text is not None:
        again = judge.screen(replace(of, text=cleared.text))
        assert again.action == "pass"
        assert again.text is cleared.text


@given(rich_parts(), DRAFTS, BLOCKINGS)
def test_findings_and_edits_tell_the_truth_whatever_the_rules_say(
    part: RulePart, of: Draft, blocking: Blocking
) -> None:
    cleared = Gate(Rulebook.compile(part, RulePart()), blocking=blocking).screen(of)
    rules = {rule.id: rule for rule in part.rules}
    for finding in cleared.findings:
        assert finding.matched == of.text[finding.start : finding.end]
        rule = rules.get(finding.rule)
        if rule is not None:
            assert rule.applies_to is None or of.origin in rule.applies_to
            assert rule.kinds is None or of.kind in rule.kinds
    if cleared.text is not None:
        assert edited(of.text, cleared.edits) == cleared.text
    if not cleared.findings:
        assert cleared.text is of.text


@given(rich_parts(), RICH_TEXTS, st.integers(0, 2))
def test_fewer_rules_and_more_exceptions_never_find_more(
    part: RulePart, text: str, dropped: int
) -> None:
    def found(of: RulePart) -> set[tuple[str, int, int]]:
        book = Rulebook.compile(of, RulePart())
        return {(one.rule, one.start, one.end) for one in book.find(text)}

    rest = tuple(rule for at, rule in enumerate(part.rules) if at != dropped)
    assert found(replace(part, rules=rest)) <= found(part)
    # An exception moves the first match, and where a chain of phrases begins and ends.
    assume(not any(rule.first or rule.together for rule in part.rules))
    allowed = replace(part, allow=(*part.allow, Exempt("微信好")))
    assert found(allowed) <= found(part)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("加我薇信", "block"),
        ("加我威信", "block"),
        ("他在行业里很有威信", "pass"),
        ("微 信聊", "block"),
        ("微❤信聊", "block"),
        ("微\u200b信聊", "block"),
        ("价格很微，信不信由您", "pass"),
    ],
)
def test_disguises_count_where_the_words_around_them_speak_of_a_contact(
    text: str, action: Action
) -> None:
    part = RulePart((replace(BLOCK_WECHAT, evasions=True),))
    cleared = gate(part).screen(draft(text))
    assert cleared.action == action
    assert all(finding.evasion for finding in cleared.findings)


def test_a_person_lets_a_blocked_text_out_as_it_is() -> None:
    cleared = gate().release(draft("亲加微信"), "xiao-li")
    assert (cleared.action, cleared.text, cleared.released_by) == ("pass", "亲加微信", "xiao-li")
    assert {finding.rule for finding in cleared.findings} == {"wechat", "qin"}
    assert cleared.edits == ()
    assert gate().screen(draft("亲加微信")).released_by is None


def test_nobody_lets_out_what_is_grave() -> None:
    grave = replace(BLOCK_WECHAT, severity="grave")
    cleared = gate(RulePart((grave,))).release(draft("加微信"), "xiao-li")
    assert (cleared.action, cleared.text, cleared.released_by) == ("block", None, None)
    warned = replace(grave, action="warn")
    assert gate(RulePart((warned,))).release(draft("加微信"), "xiao-li").action == "pass"


def test_nobody_lets_out_what_could_not_be_judged() -> None:
    def broken(of: Draft) -> Iterable[Finding]:
        raise RuntimeError(of.text)

    assert gate(PLAIN, broken).release(draft("好"), "xiao-li").action == "block"
    assert gate(max_chars=3).release(draft("很长的话"), "xiao-li").action == "block"


def test_a_release_has_a_name() -> None:
    with pytest.raises(AssertionError, match="name"):
        gate().release(draft("好"), "")
