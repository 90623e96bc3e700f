"""What may stand in a `[[webhook]]` table: who is told when people are needed, and of what."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from replygate.config import limits
from replygate.config.schema_base import Name, Table
from replygate.config.schema_secrets import Secret, Url

WebhookKind = Literal["generic", "dingtalk", "feishu", "wecom"]

NoticeKind = Literal[
    "warn",
    "escalate",
    "follow_up",
    "breach",
    "violated",
    "blocked",
    "send",
    "task",
    "fault",
]
"""What people are told of; `docs/notify.md` says when."""

# Without `warn`: the escalation of the same deadline follows it within seconds where they are
# short, and a robot's twenty messages a minute are for what somebody must do now.
DEFAULT_EVENTS: list[NoticeKind] = [
    "escalate",
    "follow_up",
    "breach",
    "violated",
    "blocked",
    "send",
    "task",
    "fault",
]

Mention = Annotated[str, Field(pattern=r"^[\w.@+\-]+$", max_length=limits.NAME_CHARS)]
"""A mobile number or user id, as the robot's platform knows people; `all` is everybody."""


class WebhookEntry(Table):
    """A robot or address that is told when people are needed."""

    kind: WebhookKind
    url: Url
    secret: Secret | None = None
    name: Name | None = None
    events: list[NoticeKind] = Field(
        DEFAULT_EVENTS, min_length=1, max_length=len(get_args(NoticeKind))
    )
    mention: list[Mention] = Field([], max_length=limits.MENTIONS)
    whole_ids: bool = False
