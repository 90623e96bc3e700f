from __future__ import annotations

import pytest

from replygate.config.disguises import Disguises


@pytest.fixture(scope="module")
def disguises() -> Disguises:
    return Disguises()


@pytest.mark.parametrize(
    ("word", "replacement"),
    [
        ("微信", "V信"),
        ("微信", "薇❤"),
        ("微信", "vx"),
        ("加微信", "加V兴"),
        ("微信", "绿泡泡"),
        ("微信", "微信"),
        ("电话", "13800000000"),
        ("淘宝", "某宝"),
    ],
)
def test_another_way_to_write_the_same(disguises: Disguises, word: str, replacement: str) -> None:
    rule = disguises.rule_against(word, replacement)
    assert rule is not None
    assert rule.split(".")[0] in ("contact", "other-platforms", "payment")


@pytest.mark.parametrize(
    ("word", "replacement"),
    [
        ("微信", "在线客服"),
        ("微信", "平台聊天"),
        ("加微信", "在这里联系我们"),
        ("微信", ""),
        ("最便宜", "实惠"),
        ("淘宝", "其他平台"),
        # A shop may well name its own platform.
        ("本店", "淘宝"),
    ],
)
def test_another_thing_to_say(disguises: Disguises, word: str, replacement: str) -> None:
    assert disguises.rule_against(word, replacement) is None
