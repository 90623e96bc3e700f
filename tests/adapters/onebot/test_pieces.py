from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.model import Cleared, Draft, Edit
from replygate_adapters.onebot.pieces import (
    PIECES_MAX,
    Piece,
    Unreadable,
    Walk,
    edits_of,
    plain_text,
    spread,
)

SPLIT = (Piece(1, "加微"), Piece(2, "图"), Piece(1, "信吧"))


def test_a_line_is_whole_and_what_stands_beside_it_follows() -> None:
    assert plain_text(SPLIT) == "加微信吧\n图"
    assert plain_text(()) == ""


@pytest.mark.parametrize(
    ("edit", "texts"),
    [
        (Edit(1, 3, "客服"), ["加客服", "图", "吧"]),
        (Edit(0, 4, ""), ["", "图", ""]),
        (Edit(2, 4, "好"), ["加微", "图", "好"]),
        (Edit(2, 2, "!"), ["加微!", "图", "信吧"]),
        (Edit(4, 6, "x"), ["加微", "x", "信吧"]),
        (Edit(4, 5, "x"), ["加微", "图", "信吧x"]),
        (Edit(3, 6, "x"), ["加微", "", "信x"]),
    ],
)
def test_an_edit_goes_into_the_first_piece_it_touches(edit: Edit, texts: list[str]) -> None:
    assert spread(SPLIT, [edit]) == texts


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[Piece], list[Edit], str]:
    pieces = draw(
        st.lists(st.builds(Piece, st.integers(1, 3), st.text("ab微", min_size=1, max_size=4)))
    )
    text = plain_text(pieces)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    new = st.text("xy", max_size=3)
    edits = [
        Edit(start, end, draw(new))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        if start < end
    ]
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return pieces, edits, text


@given(edited())
def test_editing_pieces_is_editing_the_text(case: tuple[list[Piece], list[Edit], str]) -> None:
    pieces, edits, expected = case
    texts = spread(pieces, edits)
    after = [Piece(piece.line, text) for piece, text in zip(pieces, texts, strict=True)]
    # Line breaks between lines belong to no line.
    assert plain_text(after).replace("\n", "") == expected.replace("\n", "")
    if len({piece.line for piece in pieces}) == 1:
        assert plain_text(after) == expected


def test_a_message_has_a_limit() -> None:
    walk = Walk()
    for _ in range(PIECES_MAX):
        walk.visit("x")
    with pytest.raises(Unreadable, match="more than 10000 texts"):
        walk.visit("x")


def test_empty_texts_are_no_pieces() -> None:
    walk = Walk()
    assert walk.visit("") == ""
    assert walk.pieces == []


def test_the_kind_is_text_where_there_is_any() -> None:
    walk = Walk()
    kinds = [walk.kind]
    walk.saw("image")
    walk.saw("voice")
    kinds.append(walk.kind)
    walk.visit("在")
    assert [*kinds, walk.kind] == ["other", "image", "text"]


@pytest.mark.parametrize(
    ("old", "new", "edits", "expected"),
    [
        ("今天发", "今天发", (), ()),
        ("加微信吧", "加客服吧", (Edit(1, 3, "客服"),), (Edit(1, 3, "客服"),)),
        ("加微信吧", "加客服吧", (), (Edit(1, 3, "客服"),)),
        ("加微信吧", "您好", (Edit(0, 1, "x"),), (Edit(0, 4, "您好"),)),
        ("aaa", "aa", (), (Edit(2, 3, ""),)),
        ("aa", "aaa", (), (Edit(2, 2, "a"),)),
    ],
)
def test_edits_lead_from_the_draft_to_what_was_cleared(
    old: str, new: str, edits: tuple[Edit, ...], expected: tuple[Edit, ...]
) -> None:
    action = "pass" if old == new else "rewrite"
    cleared = Cleared(action, new, (), Draft("c", old), edits=edits)  # type: ignore[arg-type] # one of two
    assert edits_of(cleared) == expected
