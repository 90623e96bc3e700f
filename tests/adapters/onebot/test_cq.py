from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate_adapters.onebot import cq
from replygate_adapters.onebot.pieces import Unreadable

TEXTS = st.text("a微[],&;#=:CQ149", max_size=12) | st.text(max_size=20)
KEYS = st.text("abc_", min_size=1, max_size=3)


@given(TEXTS)
def test_escaping_can_be_undone(text: str) -> None:
    assert cq.unescape(cq.escape(text)) == text
    assert cq.unescape(cq.escape_value(text)) == text


@given(st.lists(TEXTS | st.dictionaries(KEYS, TEXTS)))
def test_a_written_message_is_read_again(parts: list[str | dict[str, str]]) -> None:
    message = "".join(
        cq.escape(part) if isinstance(part, str) else cq.code("x", part) for part in parts
    )
    read = list(cq.split(message))
    assert [part.data for part in read if isinstance(part, cq.Code)] == [
        part for part in parts if isinstance(part, dict)
    ]
    text = "".join(cq.unescape(part) for part in read if isinstance(part, str))
    assert text == "".join(part for part in parts if isinstance(part, str))


@given(st.text("a微[],&;#=:CQ", max_size=30))
def test_splitting_leaves_nothing_out(message: str) -> None:
    try:
        parts = list(cq.split(message))
    except Unreadable:
        return
    assert "".join(part if isinstance(part, str) else part.raw for part in parts) == message


def test_what_is_no_code_is_text() -> None:
    assert list(cq.split("[CQ:微信]a[CQ:face,id=1")) == ["[CQ:微信]a[CQ:face,id=1"]
    (code,) = cq.split("[CQ:face, id=1,加]")
    assert code == cq.Code("[CQ:face, id=1,加]", "face", {"id": "1", "": "加"})
    assert cq.code("face", {"id": "1", "": "加"}) == "[CQ:face,id=1,加]"


def test_a_key_named_twice_hides_nothing() -> None:
    with pytest.raises(Unreadable, match="names 'text' twice"):
        list(cq.split("[CQ:reply,text=您好,text=加微信]"))
