from __future__ import annotations

from replygate.runtime.texts import TEXT_KEPT_MS, TEXTS_MAX, Texts
from replygate.testing import VirtualClock


def test_a_text_is_there_until_it_is_dropped_or_too_old() -> None:
    clock = VirtualClock()
    texts = Texts(clock)
    texts.keep("a", "一")
    texts.keep("b", "二")
    assert (texts.of("a"), texts.of("c")) == ("一", None)
    texts.drop("a")
    texts.drop("a")
    assert texts.of("a") is None
    clock.advance(TEXT_KEPT_MS / 1000)
    assert texts.of("b") is None


def test_they_are_bounded() -> None:
    texts = Texts(VirtualClock())
    for number in range(TEXTS_MAX + 1):
        texts.keep(str(number), "一")
    assert texts.of("0") is None
    assert texts.of(str(TEXTS_MAX)) == "一"
