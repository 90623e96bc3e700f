from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from replygate.config import load_store
from replygate.config.schema_notify import NoticeKind
from replygate.journal import EVENTS
from replygate.notify.notice import ANSWERED, HEARD, Notice, kind_of, notice_of

from .kit import NOW_MS, notice, webhook


@pytest.mark.parametrize(
    ("event", "reason", "kind"),
    [
        ("people.told", "warn", "warn"),
        ("people.told", "waiting", "escalate"),
        ("people.told", "hold_too_late", "escalate"),
        ("people.told", "hold_failed", "escalate"),
        ("people.told", "hold_unknown", "escalate"),
        ("people.told", "follow_up", "follow_up"),
        ("people.told", "blocked", "blocked"),
        ("people.told", "send_unknown", "send"),
        ("people.told", "send_failed", "send"),
        ("people.told", "violated", None),
        ("people.told", "something new", "task"),
        ("reply.violated", None, "violated"),
        ("deadline.missed", None, "breach"),
        ("gate.fault", "x", "fault"),
        ("ledger.fault", "x", "fault"),
        ("ledger.recovered", None, "fault"),
        ("people.told", "platform_down", "fault"),
        ("platform.answers", None, "fault"),
        ("people.told", "hand_over", "task"),
        ("reply.sent", None, None),
        (ANSWERED, None, None),
    ],
)
def test_what_an_event_is_called(event: str, reason: str | None, kind: str | None) -> None:
    assert kind_of(event, reason) == kind


def test_everything_that_is_heard_is_an_event() -> None:
    assert EVENTS.keys() >= HEARD
    assert all(kind_of(event, "x") for event in HEARD - {ANSWERED})


def test_what_can_still_be_saved_comes_before_what_is_lost() -> None:
    kinds: list[NoticeKind] = ["warn", "breach", "task", "violated", "escalate"]
    waiting = [notice(kind) for kind in kinds]
    waiting.append(notice("escalate", hard=False))
    waiting.append(notice("escalate", due_ms=NOW_MS + 5_000))
    ordered = sorted(waiting, key=lambda each: each.urgency)
    assert [(each.kind, each.hard) for each in ordered] == [
        ("escalate", True),
        ("violated", True),
        ("escalate", True),
        ("task", True),
        ("breach", True),
        ("escalate", False),
        ("warn", True),
    ]
    assert ordered[0].due_ms == NOW_MS + 5_000
    assert [each.can_be_counted for each in ordered[-2:]] == [True, True]
    assert not any(each.can_be_counted for each in ordered[:-2])


def made(tmp_path: Path, fields: dict[str, Any], **hook: Any) -> Notice:
    path = tmp_path / "s.toml"
    text = 'id = "s"\nname = "店"\nplatform = "pdd"\nedition = "current"\n'
    text += '[[deadline]]\nid = "own"\nname = "快"\ndue_s = 30\n'
    path.write_text(text, "utf-8")
    said = {**fields, "conversation": "hashed"}
    kind = hook.pop("kind", "escalate")
    return notice_of(
        "people.told", kind, load_store(path), webhook(**hook), fields, said, NOW_MS, ("duty",)
    )


FIELDS = {"conversation": "c-1", "turn": "t-1", "reason": "waiting", "rule": "own"}


def test_a_notice_knows_the_store_the_rule_and_the_time(tmp_path: Path) -> None:
    told = made(tmp_path, {**FIELDS, "due_in_ms": 9_000}, mention=("boss",))
    assert (told.store, told.shop, told.platform) == ("s", "店", "拼多多")
    assert (told.rule, told.rule_name, told.hard) == ("own", "快", False)
    assert told.due_ms == NOW_MS + 9_000
    assert (told.mention, told.on_duty) == (("boss",), ("duty",))
    assert told.about == ("s", "c-1")


def test_what_is_late_was_due_before(tmp_path: Path) -> None:
    assert made(tmp_path, {**FIELDS, "late_ms": 2_000}).due_ms == NOW_MS - 2_000
    assert made(tmp_path, FIELDS).due_ms is None


def test_a_rule_that_nobody_knows_is_taken_seriously(tmp_path: Path) -> None:
    told = made(tmp_path, {**FIELDS, "rule": "gone"})
    assert (told.rule, told.rule_name, told.hard) == ("gone", None, True)


def test_nobody_is_called_for_a_warning(tmp_path: Path) -> None:
    assert made(tmp_path, FIELDS, kind="warn", mention=("boss",)).mention == ()


def test_ids_are_whole_only_where_the_webhook_may_have_them(tmp_path: Path) -> None:
    assert made(tmp_path, FIELDS).conversation == "hashed"
    assert made(tmp_path, FIELDS, whole_ids=True).conversation == "c-1"
    many = {**FIELDS, "conversations": ("c-1", "c-2")}
    assert made(tmp_path, many, whole_ids=True).said["conversations"] == ["c-1", "c-2"]
    assert "c-1" not in repr(made(tmp_path, FIELDS)).replace("t-1", "")
