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

Severity = Literal["minor", "serious", "grave"]
"""How hard the platform punishes it: a lower score, a fine or points, the shop."""

OnBlock = Literal["silent", "stock", "ask"]
"""What becomes of a blocked text: nothing; a stock answer goes out instead; people are asked."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody wants to send to the buyer.

    `agent` is the person or bot account (sub-account) that wrote it. `codes` is what the QR codes
    in its pictures say; None where nobody looked.
    """

    conversation: str
    text: str
    _: KW_ONLY
    store: str | None = None
    origin: Origin = "bot"
    agent: str | None = None
    kind: Kind = "text"
    codes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What the gate may know of a conversation. It is given in, never fetched.

    `sent` are the texts that went out to this buyer, oldest first. `in_a_row` counts the messages
    that went out since the buyer last said anything; holding replies are none of them.
    """

    sent: tuple[str, ...] = ()
    in_a_row: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that matched a draft.

    `start` and `end` count code points of the ORIGINAL text, and `matched` is exactly
    `text[start:end]`. `replacement` is set for a rewrite (an empty string deletes).
    `evasion` says that only folding revealed the match: somebody disguised it. `whole` says that
    the replacement stands for the whole text.
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
    severity: Severity = "serious"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """`start:end` of the original text, in code points, becomes `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """The gate's answer, and the only type that a sender accepts.

    `text` may go out as it stands; it is None exactly when `action` is `block`. `would` is set in
    observe mode only, where the original always goes out: it is the verdict that enforcing would
    have given. `edits` are in order and do not overlap; applied to the draft's text they give
    `text`. `on_block` is set for a blocked text. `released_by` is the person by whose word it goes
    out although rules block it. Built by the gate alone.
    """

    action: Action
    text: str | None
    findings: tuple[Finding, ...]
    draft: Draft
    would: Action | None = None
    edits: tuple[Edit, ...] = ()
    on_block: OnBlock | None = None
    released_by: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform said of a send it accepted. `platform_id` is its id for the message."""

    platform_id: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the store's that the platform shows the buyer. `at_ms` is the platform's time.

    `client_id` is the id that we gave it, where the platform tells that.
    """

    id: str
    text: str
    at_ms: int
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What a platform shows of a conversation; `complete` where it surely shows all of it."""

    messages: tuple[Shown, ...]
    complete: bool = False
