import pytest

from replygate.screening.wording import homophones, is_word, meets, reading


@pytest.mark.parametrize(
    ("char", "sound"), [("微", "wei"), ("女", "nv"), ("信", "xin"), ("😊", None)]
)
def test_the_reading_of_a_character(char: str, sound: str | None) -> None:
    assert reading(char) == sound


def test_homophones_are_others_of_the_same_sound() -> None:
    assert "薇" in homophones("微")
    assert "微" not in homophones("微")
    assert homophones("x") == ""


@pytest.mark.parametrize(
    ("pair", "word"), [("信任", True), ("轻微", True), ("微信", False), ("微", False)]
)
def test_words_of_two_characters(pair: str, word: bool) -> None:
    assert is_word(pair) is word


def test_common_characters_meet_more_often() -> None:
    assert meets("的", "我") > meets("垃", "圾")
    assert meets("😊", "😊") == 0
