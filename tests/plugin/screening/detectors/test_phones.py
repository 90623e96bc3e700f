import pytest

from replygate.screening.detectors.phones import find_hotlines, find_landlines
from replygate.screening.fold import fold

OWN = frozenset({"pinduoduo.com", "yangkeduo.com"})


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("0571-88886666", ["0571-88886666"]),
        ("010-66668888转123", ["010-66668888转123"]),
        ("(021)6688 9900", ["(021)6688 9900"]),
        ("（0755）26668888", ["（0755）26668888"]),
        ("电话057188886666", ["057188886666"]),
        ("座机88886666", ["88886666"]),
        ("0571 8888 6666", ["0571 8888 6666"]),
        ("0571－88886666", ["0571-88886666"]),
        ("+86-571-88886666", ["+86-571-88886666"]),
        ("打0571 88886666", ["0571 88886666"]),
        ("公司电话：010 12345678", ["010 12345678"]),
        ("0571—88886666", ["0571—88886666"]),
        ("固话是6688990", ["6688990"]),
    ],
)
def test_a_landline_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_landlines(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("零五七一八八八八六六六六座机", ["零五七一八八八八六六六六"]),
        ("客服座机零五七一 八八八八六六六六", ["零五七一 八八八八六六六六"]),
    ],
)
def test_a_landline_in_disguise(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_landlines(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "订单0571-88886666",
        "2024-01-01",
        "0.5-1.5米",
        "01-05-20",
        "2023-0571-88886666",
        "单号057188886666",
        "0571",
        "010-020",
        "100-200元",
        "02-12345",
        "075512345678",
    ],
)
def test_what_is_not_a_landline(text: str) -> None:
    assert [*find_landlines(fold(text), OWN)] == []


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("400-123-4567", ["400-123-4567"]),
        ("4001234567", ["4001234567"]),
        ("800-820-8820", ["800-820-8820"]),
        ("打400 1234 567", ["400 1234 567"]),
        ("400-1234-567", ["400-1234-567"]),
        ("热线800820 8820", ["800820 8820"]),
    ],
)
def test_a_hotline_in_plain_writing(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_hotlines(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {False}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("四零零一二三四五六七", ["四零零一二三四五六七"]),
    ],
)
def test_a_hotline_in_disguise(text: str, matched: list[str]) -> None:
    folded = fold(text)
    found = [*find_hotlines(folded, OWN)]
    assert [folded[start:end] for start, end, _ in found] == matched
    assert {span.evasion for span in found} == {True}


@pytest.mark.parametrize(
    "text",
    [
        "400克",
        "4001件",
        "400-500元",
        "顺丰400-811-1111",
        "95338",
        "11183",
        "运单4001234567",
        "4001234567890",
        "95554",
        "14001234567",
        "400*600",
        "400 500 600",
    ],
)
def test_what_is_not_a_hotline(text: str) -> None:
    assert [*find_hotlines(fold(text), OWN)] == []


@pytest.mark.parametrize("text", ["0571 一 88886666", "0571.8888.6666", "0571~88886666"])
def test_a_landline_is_found_with_another_stroke(text: str) -> None:
    folded = fold(text)
    found = [*find_landlines(folded, OWN)]
    assert [(folded[span.start : span.end], span.evasion) for span in found] == [(folded, True)]


def test_a_hotline_is_found_with_its_hundreds_spelled() -> None:
    folded = fold("四百 123 4567")
    assert [(*span,) for span in find_hotlines(folded, OWN)] == [(0, len(folded), True)]
