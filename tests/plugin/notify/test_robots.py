from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.config.schema_notify import DEFAULT_EVENTS, NoticeKind, WebhookKind
from replygate.notify.robots import ROBOTS, written
from replygate.notify.wording import HEADS

from .kit import NOW_MS, notice

LONG = "很长的名字" * 40
KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)


def test_every_kind_of_webhook_has_its_robot() -> None:
    assert set(ROBOTS) == set(get_args(WebhookKind))


def test_every_kind_of_notice_has_its_words_and_all_but_warnings_are_on() -> None:
    assert set(HEADS) == set(KINDS)
    assert set(DEFAULT_EVENTS) == set(KINDS) - {"warn"}


@pytest.mark.parametrize("kind", ROBOTS)
def test_what_is_too_long_for_one_message_is_listed_in_the_next(kind: WebhookKind) -> None:
    robot = ROBOTS[kind]
    waiting = [
        notice(shop=LONG, platform=LONG, conversation=LONG, rule_name=LONG, mention=("m" * 50,))
        for _ in range(150)
    ]
    left = list(waiting)
    messages = 0
    while left:
        message, page = written(robot, left, NOW_MS)
        assert robot.fits(message)
        assert page.told
        left = [each for each in left if each not in page.told]
        messages += 1
    assert 1 < messages <= 30


@given(st.sampled_from(sorted(ROBOTS)), st.text(), st.sampled_from(KINDS))
def test_one_notice_always_fits(kind: WebhookKind, name: str, what: NoticeKind) -> None:
    robot = ROBOTS[kind]
    told = notice(what, shop=name, conversation=name, rule_name=name, reason=name)
    message, page = written(robot, [told], NOW_MS)
    assert page.told == (told,)
    request = robot.request("https://a.example/x", "s3cret", message, NOW_MS)
    assert request.body.decode("utf-8")


@pytest.mark.parametrize("kind", ROBOTS)
def test_names_give_way_where_one_notice_would_be_too_long(kind: WebhookKind) -> None:
    robot = ROBOTS[kind]
    names = tuple(f"{LONG}{number}" for number in range(20))
    said = {"open": 9, "gone": names, "conversations": names}
    told = notice("task", reason="hand_over", shop=LONG, on_duty=names, mention=names, said=said)
    message, page = written(robot, [told], NOW_MS)
    assert robot.fits(message)
    assert page.told == (told,)
