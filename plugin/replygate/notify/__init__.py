"""Telling people: webhooks and robots, under their limits, without ever delaying a reply."""

from __future__ import annotations

from replygate.notify.channel import Emit, name_of
from replygate.notify.notice import HEARD
from replygate.notify.notifier import Notifier
from replygate.notify.post import require_http

__all__ = ["HEARD", "Emit", "Notifier", "name_of", "require_http"]
