"""What the gate asks of whoever sends: one method, and three things that may be offered."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from replygate.model import Cleared, Past, Receipt

LookBack = Callable[[str, int], Awaitable[Past]]
"""Takes a conversation and a time (Unix ms)."""


class Platform(Protocol):
    """A selling platform, or the way to one.

    `send` may take a second argument `client_id`: our own id for the message, the same whenever
    one message is tried again. A platform that drops a second message of the same id says so with
    an attribute `dedupes = True`; only there is a send repeated whose answer was lost.

    One that can tell what it shows the buyer has `async def look_back(conversation, since_ms) ->
    Past`: the store's messages in a conversation since then. It is asked what became of a send
    whose answer was lost.
    """

    async def send(self, cleared: Cleared) -> Receipt:
        """Send `cleared.text`. Raises a PlatformError where it was not taken."""


@dataclass(frozen=True, slots=True)
class Port:
    """A connected platform, as the dispatcher calls it."""

    send: Callable[[Cleared, str], Awaitable[Receipt]]
    dedupes: bool = False
    look_back: LookBack | None = None


def port_of(platform: Platform) -> Port:
    """How to call this platform. Raises TypeError where it is none."""
    send: Any = getattr(platform, "send", None)
    if not callable(send):
        raise TypeError(f"a platform has `async def send(cleared)`; {platform!r} has no send")
    dedupes = getattr(platform, "dedupes", False) is True
    look_back: LookBack | None = getattr(platform, "look_back", None)
    if _takes_client_id(send):
        return Port(
            lambda cleared, client_id: send(cleared, client_id=client_id), dedupes, look_back
        )
    if dedupes:
        raise TypeError(f"{platform!r} dedupes by our id, but its send takes no client_id")
    return Port(lambda cleared, _client_id: send(cleared), look_back=look_back)


def _takes_client_id(send: Callable[..., object]) -> bool:
    try:
        named = inspect.signature(send).parameters
    except (TypeError, ValueError):
        return False
    return "client_id" in named and named["client_id"].kind in {
        inspect.Parameter.KEYWORD_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    }
