import pytest

from replygate.screening.figures import changes_figure, cuts_figure


@pytest.mark.parametrize(
    ("matched", "replacement", "changes"),
    [
        ("到手价99元", "优惠价", True),
        ("到手价99元", "优惠价99元", False),
        ("三天内退款", "尽快处理", True),
        ("好评返现", "感谢支持", False),
        ("保修两年", "保修一年", True),
        ("９９元", "99元", False),
    ],
)
def test_a_figure_or_promise_must_be_kept(matched: str, replacement: str, changes: bool) -> None:
    assert changes_figure(matched, replacement) == changes


@pytest.mark.parametrize(
    ("text", "start", "end", "cuts"),
    [
        ("100元", 1, 3, True),
        ("100元", 0, 3, False),
        ("1.5倍", 0, 1, True),
        ("第1，2件", 1, 2, False),
    ],
)
def test_an_edge_inside_a_number_cuts_it(text: str, start: int, end: int, cuts: bool) -> None:
    assert cuts_figure(text, start, end) == cuts
