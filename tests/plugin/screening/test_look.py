import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.screening.detectors import DETECTORS, may_hold
from replygate.screening.fold import fold
from replygate.screening.look import tells_nothing
from replygate.screening.noise import without_noise

# What signs, noise and folding are made of, among plain characters.
CHARS = "的好1 ０aA@.点自提零一微信，。～、丶😊\u200b價\ud800"


@given(st.text(CHARS, max_size=12) | st.text(max_size=12))
def test_a_text_that_tells_nothing_needs_no_other_look(text: str) -> None:
    if tells_nothing(text):
        assert fold(text) == text
        assert without_noise(text) is None
        assert not may_hold(text)
        assert not any([*find(text, frozenset())] for find in DETECTORS.values())


@pytest.mark.parametrize(
    "text", ["您好，今天下午发货。", "", "请您留意一下这款面料！", "有没有a码"]
)
def test_most_replies_tell_nothing(text: str) -> None:
    assert tells_nothing(text)


@pytest.mark.parametrize("text", ["ＡＢ", "價格", "微 信", "微～信", "到店自提", "零一二", "138"])
def test_what_must_be_looked_at_is_told(text: str) -> None:
    assert not tells_nothing(text)
