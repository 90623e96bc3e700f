from hypothesis import given
from hypothesis import strategies as st

from replygate.model import Edit
from replygate.screening.edits import Edited, edited


@st.composite
def rounds(draw: st.DrawFn) -> tuple[str, list[list[Edit]]]:
    """A text and a few rounds of edits, each over what the one before left."""
    text = current = draw(st.text("abc", min_size=1, max_size=12))
    told: list[list[Edit]] = []
    for _ in range(3):
        edits: list[Edit] = []
        at = 0
        while at < len(current) and draw(st.booleans()):
            start = draw(st.integers(at, len(current) - 1))
            at = draw(st.integers(start + 1, len(current)))
            edits.append(Edit(start, at, draw(st.text("xyz", max_size=3))))
        if not edits:
            break
        told.append(edits)
        current = edited(current, edits)
    return text, told


@given(rounds())
def test_edits_of_several_rounds_are_told_as_one(case: tuple[str, list[list[Edit]]]) -> None:
    text, told = case
    current, after = text, Edited(text)
    for edits in told:
        current, after = edited(current, edits), after.apply(edits)
    assert after.text == current == edited(text, after.edits)
    at = 0
    for edit in after.edits:
        assert at <= edit.start < edit.end <= len(text)
        at = edit.end


def test_what_reaches_over_an_edit_comes_from_all_of_it() -> None:
    after = Edited("加微淘宝信吧").apply([Edit(2, 4, "")])
    assert after.text == "加微信吧"
    assert after.origin(1, 3) == (1, 5)
    assert after.origin(2, 3) == (4, 5)
