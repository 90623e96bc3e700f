from collections.abc import Mapping

import pytest

from replygate.model import Draft, Kind
from replygate.screening.gate import Blocking, Gate
from replygate.screening.kinds import DEFAULT_KINDS, KindAction
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook

RULES = RulePart(
    (
        Rule("wechat", "block", "no WeChat", "src", (Word("微信"),)),
        Rule("dear", "rewrite", "no dear", "src", (Word("亲", ("您",)),)),
        Rule("soon", "warn", "how soon", "src", (Word("马上"),)),
    )
)
SCREENED: Mapping[Kind, KindAction] = {**DEFAULT_KINDS, "image": "screen"}


def gate(kinds: Mapping[Kind, KindAction] = SCREENED, *stock: str) -> Gate:
    blocking = Blocking("stock" if stock else "ask", stock)
    book = Rulebook.compile(RULES, RulePart(), own_domains=frozenset({"shop.example"}))
    return Gate(book, kinds=kinds, blocking=blocking)


def picture(*codes: str, text: str = "") -> Draft:
    return Draft("c-1", text, kind="image", codes=codes)


def rules(draft: Draft) -> list[tuple[str, str]]:
    return [(finding.rule, finding.action) for finding in gate().screen(draft).findings]


def test_a_picture_without_codes_passes_without_a_word() -> None:
    cleared = gate().screen(picture())
    assert (cleared.action, cleared.findings) == ("pass", ())


def test_a_picture_that_nobody_looked_at_is_told() -> None:
    draft = Draft("c-1", "", kind="image")
    assert rules(draft) == [("gate.unscanned", "warn")]
    assert gate().screen(draft).action == "pass"


@pytest.mark.parametrize("code", ["https://shop.example/i/8", "HTTPS://m.shop.example/a?b=1"])
def test_a_link_to_the_platform_is_fine(code: str) -> None:
    assert rules(picture(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "https://other.example/",
        "https://shop.example@other.example/",
        "https://shop.example/ 加我",
        "wxp://f2f0",
        "13800138000",
        "",
    ],
)
def test_any_other_code_blocks(code: str) -> None:
    assert rules(picture(code)) == [("gate.code", "block")]
    assert gate().screen(picture(code)).text is None


def test_what_a_code_says_is_judged_by_the_same_rules_and_never_rewritten() -> None:
    said = rules(picture("亲，马上加微信"))
    assert said == [
        ("gate.code", "block"),
        ("dear", "block"),
        ("soon", "warn"),
        ("wechat", "block"),
    ]


def test_the_findings_speak_of_the_whole_draft_and_name_the_code() -> None:
    finding = gate().screen(picture("x" * 200, text="看图")).findings[0]
    assert (finding.matched, finding.start, finding.end) == ("看图", 0, 2)
    assert f"「{'x' * 60}…」" in finding.why


def test_codes_are_not_looked_at_where_the_kind_passes() -> None:
    assert gate(DEFAULT_KINDS).screen(picture("加微信")).action == "pass"


def test_no_stock_answer_goes_out_in_place_of_a_picture() -> None:
    stock = gate(SCREENED, "请看商品页")
    assert stock.screen(picture("加微信")).action == "block"
    assert stock.screen(Draft("c-1", "加微信")).text == "请看商品页"
