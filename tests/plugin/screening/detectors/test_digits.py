import pytest

from replygate.screening.detectors.digits import readings, spelled_out, unlettered


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("幺三八洞拐勾", "138079"),
        ("壹贰叁〇", "1230"),
        ("1三8", "138"),
        ("⑴⒉➌", "123"),
        ("三 ，八", "3 ，8"),
        ("一三八一起", "138口起"),
        ("统一三八", "统口38"),
    ],
)
def test_numerals_close_to_each_other_are_digits(text: str, digits: str) -> None:
    spelled = spelled_out(text)
    assert spelled is not None
    assert spelled.replace("口起", "口口")[: len(digits)] == digits.replace("口起", "口口")
    assert len(spelled) == len(text)


@pytest.mark.parametrize("text", ["一般两天", "三天以后的八月", "没有数字", ""])
def test_lone_numerals_stay_words(text: str) -> None:
    assert spelled_out(text) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [("l38oo138ooo", "13800138000"), ("打138-oo13-8ooo", "打138-0013-8000")],
)
def test_letters_that_fill_up_a_number_are_digits(text: str, digits: str) -> None:
    assert unlettered(text) == digits


@pytest.mark.parametrize("text", ["looool ioiol", "13800138000", "hello world", "1oo ll"])
def test_other_letters_stay_letters(text: str) -> None:
    assert unlettered(text) is None


def test_a_text_is_read_as_it_stands_and_with_its_numerals_as_digits() -> None:
    assert [*readings("找三八")] == [("找三八", False), ("找38", True)]
    assert [*readings("找他")] == [("找他", False)]
