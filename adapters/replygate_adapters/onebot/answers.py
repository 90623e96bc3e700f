"""What implementations answer, read; and what the bot is told in their place."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from replygate.errors import PlatformRefused, SendUncertain
from replygate.model import Receipt

KEPT_BACK: Final = 1451
"""`retcode` of a text that the gate kept back."""

NOT_JUDGED: Final = 1400
"""`retcode` of what can not be judged."""

NOT_SENT: Final = 1503
"""`retcode` of what surely did not go out, for another reason."""

Answer = dict[str, Any]
"""The JSON object of an answer, without its `echo`."""

_REASON_CHARS: Final = 200

_made_up = count(1)


def failed(retcode: int, why: str) -> Answer:
    """Nothing went out, and why."""
    return {"status": "failed", "retcode": retcode, "data": None, "msg": why, "wording": why}


def seemingly_sent() -> Answer:
    """The answer to a text that was kept back, for a bot that takes no for "try again"."""
    # No message has an id below 0, so that nobody's message is recalled by it.
    return {"status": "ok", "retcode": 0, "data": {"message_id": -next(_made_up)}}


def is_answer(value: Mapping[str, Any]) -> bool:
    """Whether an object of the implementation answers an action."""
    return "post_type" not in value and ("retcode" in value or "status" in value)


def receipt_of(answer: object, now_ms: int) -> Receipt:
    """What an answer says of a message.

    Raises PlatformRefused where it was not taken, SendUncertain where that can not be told.
    """
    if not isinstance(answer, dict):
        raise SendUncertain("the implementation answered no JSON object; the message may be out")
    status, retcode = answer.get("status"), answer.get("retcode")
    if status in {"ok", "async"} or (status is None and retcode in {0, 1}):
        return Receipt(_message_id(answer.get("data")), now_ms)
    if status != "failed" and not isinstance(retcode, int):
        raise SendUncertain("the implementation's answer has no status; the message may be out")
    said = " ".join(str(answer.get(key) or "") for key in ("msg", "message", "wording")).strip()
    if "timeout" in said.casefold() or "超时" in said:
        # It gave up waiting for its own server: such messages often are out.
        raise SendUncertain(f"the implementation timed out (retcode {_short(retcode)})")
    raise PlatformRefused(f"the implementation refused it (retcode {_short(retcode)})")


def _message_id(data: object) -> str | None:
    found = data.get("message_id") if isinstance(data, dict) else None
    usable = isinstance(found, str | int) and not isinstance(found, bool)
    return str(found)[:_REASON_CHARS] or None if usable else None


def _short(retcode: object) -> str:
    return str(retcode)[:_REASON_CHARS] if isinstance(retcode, int) else "none"
