import pytest

from replygate.screening.detectors.context import (
    Spoken,
    is_amount,
    is_announced,
    is_thing,
    spoken_of,
)


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("我的电话是", "contact"),
        ("vx:", "contact"),
        ("订单号是：", "thing"),
        ("快递单号 ", "thing"),
        ("sku", "thing"),
        ("订单有问题打", "contact"),
        ("订单已经给您发走了", None),
        ("电话。", None),
        ("您好", None),
    ],
)
def test_the_nearest_words_say_what_a_number_is(words: str, spoken: Spoken | None) -> None:
    assert spoken_of(words + "12345", len(words)) == spoken


@pytest.mark.parametrize("text", ["12345是我电话", "12345微信同号", "打12345"])
def test_words_on_either_side_announce_a_contact(text: str) -> None:
    start = text.index("1")
    assert is_announced(text, start, start + 5)
    assert not is_thing(text, start, start + 5)


@pytest.mark.parametrize("text", ["12345这个单号", "12345这款", "12345元", "¥12345", "运单12345"])
def test_things_and_amounts_are_no_contact(text: str) -> None:
    start = text.index("1")
    assert is_thing(text, start, start + 5)
    assert not is_announced(text, start, start + 5)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12345件", True), ("12345kg", True), ("12345个号", False), ("12345kgb", False)],
)
def test_a_unit_makes_an_amount(text: str, amount: bool) -> None:
    assert is_amount(text, 0, 5) is amount
