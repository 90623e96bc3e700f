"""The nouns of the product. See the word list in `docs/words.md`."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal

Origin = Literal["buyer", "human", "bot", "hold", "platform", "unknown"]
"""Who produced a message. A bot's text or a holding reply is never labelled `human`."""

Kind = Literal["text", "image", "card", "voice", "video", "file", "other"]

Mode = Literal["enforce", "observe"]

Action = Literal["pass", "rewrite", "block"]
"""A verdict on a whole text."""

FindingAction = Literal["block", "rewrite", "warn"]
"""What one rule asks for. A `warn` never changes a text."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody wants to send to the buyer.

    `agent` is the person or bot account (sub-account) that wrote it.
    """

    conversation: str
    text: str
    _: KW_ONLY
    store: str | None = None
    origin: Origin = "bot"
    agent: str | None = None
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Memory:
    """What the gate may know of a conversation. It is given in, never fetched.

    `sent` are the texts that went out to this buyer, oldest first.
    """

    sent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that matched a draft.

    `start` and `end` count code points of the ORIGINAL text, and `matched` is exactly
    `text[start:end]`. `replacement` is set for a rewrite (an empty string deletes).
    `evasion` says that only folding revealed the match: somebody disguised it.
    """

    rule: str
    matched: str
    start: int
    end: int
    action: FindingAction
    replacement: str | None
    why: str
    source: str
    evasion: bool = False


@dataclass(frozen=True, slots=True)
class Cleared:
    """The gate's answer, and the only type that a sender accepts.

    `text` may go out as it stands; it is None exactly when `action` is `block`. `would` is set in
    observe mode only, where the original always goes out: it is the verdict that enforcing would
    have given. Built by the gate alone.
    """

    action: Action
    text: str | None
    findings: tuple[Finding, ...]
    draft: Draft
    would: Action | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform said of a send it accepted. `platform_id` is its id for the message."""

    platform_id: str | None
    at_ms: int
