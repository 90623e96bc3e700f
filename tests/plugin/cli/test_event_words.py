from __future__ import annotations

import pytest

from replygate.cli.event_words import has_seconds, kind_of, sender_of, time_of
from replygate.runtime.fields import EventError


@pytest.mark.parametrize(
    ("word", "sender"),
    [
        ("买家", ("in", "buyer")),
        (" 顾客 ", ("in", "buyer")),
        ("Buyer", ("in", "buyer")),
        ("客服", ("out", "human")),
        ("人工客服", ("out", "human")),
        ("机器人", ("out", "bot")),
        ("自动回复", ("out", "bot")),
        ("系统", ("out", "platform")),
        ("卖家", ("out", "unknown")),
        ("ＯＵＴ", ("out", "unknown")),
    ],
)
def test_who_wrote(word: str, sender: tuple[str, str]) -> None:
    assert sender_of(word) == sender


@pytest.mark.parametrize("word", ["", "小王", "客服小王"])
def test_a_name_is_not_guessed_at(word: str) -> None:
    with pytest.raises(EventError, match="who: expected 买家, 客服, 机器人, 卖家 or 系统"):
        sender_of(word)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-20 10:10:15", "2026-11-20T10:10:15.000+08:00"),
        ("2026/11/20 9:05:07", "2026-11-20T09:05:07.000+08:00"),
        ("2026/1/2 09:05", "2026-01-02T09:05:00.000+08:00"),
        ("2026年11月20日 10时10分15秒", "2026-11-20T10:10:15.000+08:00"),
        ("2026.11.20 10:10:15.25", "2026-11-20T10:10:15.250+08:00"),
        ("2026-11-20T10:10:15Z", "2026-11-20T10:10:15.000+00:00"),
        ("2026-11-20T10:10:15+09:00", "2026-11-20T10:10:15.000+09:00"),
        ("2026-11-20T10:10:15-0330", "2026-11-20T10:10:15.000-03:30"),
        ("1795140900", "2026-11-20T02:15:00.000+00:00"),
        ("1795140900123", "2026-11-20T02:15:00.123+00:00"),
        ("２０２６-11-20 10：10：15", "2026-11-20T10:10:15.000+08:00"),
    ],
)
def test_times_in_many_forms(text: str, iso: str) -> None:
    assert time_of(text) == iso


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("昨天", "expected a time such as 2026-11-20 10:10:15, got"),
        ("10:10:15", "expected a time"),
        ("20.11.2026 10:10", "expected a time"),
        ("2026-13-20 10:10:15", "is no time: month must be in 1..12"),
        ("2026-11-20 10:10:75", "is no time: second"),
        ("", "expected a time"),
    ],
)
def test_what_is_no_time(text: str, said: str) -> None:
    with pytest.raises(EventError, match=r"^at: ") as caught:
        time_of(text)
    assert said in str(caught.value)


def test_seconds_may_be_missing() -> None:
    assert has_seconds("2026-11-20 10:10:15")
    assert not has_seconds("2026-11-20 10:10")
    assert has_seconds("1795140900")


@pytest.mark.parametrize(
    ("word", "kind"),
    [("", "text"), ("文本", "text"), ("图片", "image"), ("商品卡片", "card"), ("红包", "other")],
)
def test_kinds(word: str, kind: str) -> None:
    assert kind_of(word) == kind
