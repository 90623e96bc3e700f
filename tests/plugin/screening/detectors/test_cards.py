import pytest

from replygate.screening.detectors.cards import find_bank_cards, find_id_cards
from replygate.screening.fold import fold

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("6222 0212 3456 7890 123", ["6222 0212 3456 7890 123"]),
        ("卡号6222021234567890123", ["6222021234567890123"]),
        ("6228480402564890018", ["6228480402564890018"]),
        ("6228 4804 0256 4890 018", ["6228 4804 0256 4890 018"]),
        ("打款到工行 6222021234567890", ["6222021234567890"]),
        ("4111 1111 1111 1111", ["4111 1111 1111 1111"]),
        ("农行卡号6228480402564890018", ["6228480402564890018"]),
        ("5555-5555-5555-4444", ["5555-5555-5555-4444"]),
    ],
)
def test_a_bank_card_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_bank_cards(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    "text",
    [
        "订单6228480402564890018",
        "运单6222021234567890123",
        "75312345678901",
        "4313812345678901",
        "1482146584044997",
        "SF6228480402564890018",
        "3967065627298069901627204653755646417080",
        "6901234567892",
        "订单编号：6228 4804 0256 4890 018",
        "交易号4111111111111111",
        "5242 1000 2000",
        "支付宝交易号 2024010122001412345",
    ],
)
def test_what_is_not_a_bank_card(text: str) -> None:
    assert [*find_bank_cards(fold(text), OWN)] == []


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("11010519491231002X", ["11010519491231002x"]),
        ("11010519491231002x", ["11010519491231002x"]),
        ("身份证号440308199001011234", ["440308199001011234"]),
    ],
)
def test_an_identity_card_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_id_cards(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("110105 19491231 002X", ["110105 19491231 002x"]),
        ("一一零一零五一九四九一二三一零零二x", ["一一零一零五一九四九一二三一零零二x"]),
    ],
)
def test_an_identity_card_in_disguise(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_id_cards(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "订单110105194912310021",
        "11010519491231002",
        "110105194913310021",
        "440308199001011234",
        "订单号 11010519491231002X",
    ],
)
def test_what_is_not_an_identity_card(text: str) -> None:
    assert [*find_id_cards(fold(text), OWN)] == []
