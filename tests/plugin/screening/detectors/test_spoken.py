import pytest

from replygate.screening.detectors.signs import may_hold
from replygate.screening.detectors.spoken import find_spoken
from replygate.screening.fold import fold


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("打yi san qi ba ba ling ling yi er san si", "yi san qi ba ba ling ling yi er san si"),
        ("yisanqibabalinglingyiersansi 这个", "yisanqibabalinglingyiersansi"),
        ("记一下衣伞齐8800一二三四", None),
        ("记一下衣伞期8800一二三四", "衣伞期8800一二三四"),
        ("幺山妻吧爸零零一二三四", "幺山妻吧爸零零一二三四"),
        ("电话 yi37-8800-1234", "yi37-8800-1234"),
    ],
)
def test_digits_by_their_sound_are_found(text: str, matched: str | None) -> None:
    folded = fold(text)
    found = [folded[span.start : span.end] for span in find_spoken(folded)]
    assert found == ([] if matched is None else [matched])
    assert all(span.evasion for span in find_spoken(folded))
    assert matched is None or may_hold(folded)


@pytest.mark.parametrize(
    "text",
    [
        "一三五发货，二四六休息",
        "要三把伞，五把刷子，七个灯",
        "起司八块，酒九瓶，柳木四根",
        "13788001234",
        "yi san qi ba",
    ],
)
def test_what_is_no_number_spelled_by_its_sound(text: str) -> None:
    assert [*find_spoken(fold(text))] == []
