import pytest

from replygate.screening.rule import Exempt, Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from replygate.screening.settled import Settled, outside

BOOK = Rulebook.compile(
    RulePart(
        (
            Rule("wechat", "block", "", words=(Word("微信"),), evasions=True),
            Rule("cash", "block", "", together=(("好评",), ("返现",))),
            Rule("gift", "warn", "", words=(Word("赠品"),), exceptions=(Exempt("没有赠品"),)),
        )
    ),
    RulePart(),
)
PHONES = Rulebook.compile(RulePart((Rule("m", "block", "", detector="mobile"),)), RulePart())
PAST = "，今天可以发出，请您放心购买。" * 4


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("您在", ""),
        ("您好，微", "微"),
        ("您好，微❤ ", "微❤ "),
        ("您好，没有", "没有"),
        ("您好，没有赠品", "没有赠品"),
        ("您好，没有赠品" + PAST, ""),
        ("给个好评" + PAST.replace("。", "，") * 3, "好评" + PAST.replace("。", "，") * 3),
        ("给个好评" + PAST, ""),
        ("您好，\u200b微\u200b", "微\u200b"),
    ],
)
def test_what_may_become_a_match_is_not_settled(text: str, held: str) -> None:
    settled = Settled(BOOK)
    assert text[settled.words(text) :] == held
    assert text[settled.all(text, ()) :] == held


def test_numbers_need_a_calm_stretch_behind_them() -> None:
    settled = Settled(PHONES)
    calm = "今天可以发出请您放心购买有货的" * 5
    assert settled.all("电话是138" + calm, ()) >= len("电话是138")
    assert settled.all("电话是138" + "，0013" * 20, ()) < len("电话是138")
    assert settled.all("好", ()) == 0


def test_a_place_is_never_inside_a_span_nor_at_its_end() -> None:
    assert outside([(2, 5), (5, 8)], 8) == 2
    assert outside([(2, 5), (6, 8)], 8) == 6
    assert outside([(2, 9)], 4) == 2
    assert outside([(2, 5)], 2) == 2
