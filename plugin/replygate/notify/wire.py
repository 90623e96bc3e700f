"""What goes to a robot and what comes back, without the network."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from replygate.notify.limiter import Budget
from replygate.notify.page import Page

SAID_CHARS: Final = 160
"""What is repeated of a robot's own words."""

BUSY: Final = frozenset({408, 425, 429})

SYSTEM_BUSY: Final = -1
"""The robots' own code for a fault of theirs that passes."""

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One POST. The address and the body may hold keys."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the start of the body, what `Retry-After` asks for."""

    status: int
    body: bytes
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """It was told."""


@dataclass(frozen=True, slots=True)
class Later:
    """It was not, or nobody knows. `wait_s` None: the usual, longer from time to time."""

    why: str
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not, and the same would be refused again: somebody must change something."""

    why: str


Verdict = Taken | Later | Refused


class Robot(Protocol):
    """One kind of webhook."""

    @property
    def budget(self) -> Budget:
        """How much it takes."""

    @property
    def listed_max(self) -> int:
        """Notices that one message lists."""

    @property
    def counts(self) -> bool:
        """Whether the least urgent may be told by number: people read it, and no program."""

    def message(self, page: Page) -> Message:
        """The page in the robot's own form, not signed yet."""

    def fits(self, message: Message) -> bool:
        """Whether it is short enough."""

    def request(self, url: str, secret: str | None, message: Message, now_ms: int) -> Request:
        """The signed request. A signature grows old, so each attempt has its own."""

    def judge(self, answer: Answer) -> Verdict:
        """What the answer means."""


def json_request(url: str, message: Message) -> Request:
    """A POST of this as JSON."""
    # UTF-8 and no escapes: a Chinese sign would be twice as long, and limits are in bytes.
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", "replace")
    return Request(url, {"Content-Type": "application/json; charset=utf-8"}, body)


def by_status(answer: Answer) -> Verdict:
    """What the status alone says."""
    status = answer.status
    if status in BUSY or status >= 500:  # noqa: PLR2004 - HTTP's own numbers
        return Later(f"answered {status}", answer.retry_after_s)
    if 200 <= status < 300:  # noqa: PLR2004 - as above
        return Taken()
    hint = "; a redirect is never followed" if 300 <= status < 400 else ""  # noqa: PLR2004
    return Refused(f"answered {status}{hint}")


def by_code(
    answer: Answer,
    robot: str,
    names: Sequence[str],
    too_many: Collection[int],
    wait_s: float,
) -> Verdict:
    """What the robot's own code says, under one of these names; else what the status says.

    `too_many` are the codes after which it is left alone for `wait_s`.
    """
    found = code_of(answer, *names)
    if found is None:
        verdict = by_status(answer)
        no_robot = Later(f"the answer is not that of a {robot}")
        return no_robot if isinstance(verdict, Taken) else verdict
    code, words = found
    if code == 0:
        return Taken()
    said = f"{names[0]} {code}: {words}"
    if code in too_many:
        return Later(said, wait_s)
    return Later(said) if code == SYSTEM_BUSY else Refused(said)


def code_of(answer: Answer, *names: str) -> tuple[int, str] | None:
    """The robot's own code and words, which may come with any status; None where there is none."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    code = next((said[name] for name in names if name in said), None)
    if not isinstance(code, int) or isinstance(code, bool):
        return None
    words = said.get("errmsg", said.get("msg", said.get("StatusMessage", "")))
    return code, one_line(str(words))


def one_line(text: str) -> str:
    """Somebody else's words as they may stand in a line of the journal."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()[:SAID_CHARS]
