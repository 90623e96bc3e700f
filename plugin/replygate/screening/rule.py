"""What a screening rule is, after its file was read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from replygate.model import FindingAction, Kind, OnBlock, Origin, Severity

Match = Literal["any", "word", "lone"]
"""How a rule's words match.

`any`   wherever the characters stand.
`word`  not next to a Latin letter or a digit (for `TB`, `JD`).
`lone`  one character used by itself; a run of it (亲亲) is one match; `exceptions` hold the words
        that it is part of.
"""

Detector = Literal[
    "mobile",
    "landline",
    "hotline",
    "email",
    "url",
    "wechat-id",
    "qq-number",
    "bank-card",
    "id-card",
    "address",
]
"""What no word list holds. `hotline` are 400 and 800 numbers; `address` is a place to meet, to
send to or to pick up at."""

DEFAULT_WITHIN = 16

OnEvasion = Literal["block", "rewrite", "warn"]
"""What a disguised match becomes: somebody tried. `rewrite` means as if it were plain."""


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a rule. `replace` rotates over a conversation; empty when the rule has none."""

    text: str
    replace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exempt:
    """A phrase that suppresses the findings lying wholly inside it.

    It does not apply where the next character is one of `unless_next` (亲自, but not 亲|自己).
    """

    text: str
    unless_next: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named demand on texts: what to look for, where, and what to do where it is found.

    Looked for are `words`, `patterns` (RE2 expressions over the folded text), what a `detector`
    finds, or phrases that stand together: `together` holds groups of phrases, and one of each
    group must stand in one sentence, at most `within` characters apart; the match runs from the
    first to the last of them.

    `evasions` looks for the words in disguise, too; `on_evasion` says what becomes of those.
    `evidence` counts a match only where the words around it speak of a contact. `exceptions`
    suppress findings of this rule alone.

    `replace` is what a detector's or pattern's finding becomes when `action` is `rewrite`; `mask`
    is one character that stands for each character found; `reply` is put in place of the whole
    text. `on_block` says what becomes of a text that this rule blocks.

    The rule applies to drafts of these origins and kinds; None means all. `first` reports only the
    first match in a text. `source` names the document behind the rule.
    """

    id: str
    action: FindingAction
    why: str
    source: str = ""
    words: tuple[Word, ...] = ()
    detector: Detector | None = None
    patterns: tuple[str, ...] = ()
    match: Match = "any"
    exceptions: tuple[Exempt, ...] = ()
    replace: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    within: int = DEFAULT_WITHIN
    evasions: bool = False
    on_evasion: OnEvasion = "block"
    evidence: bool = False
    mask: str = ""
    reply: tuple[str, ...] = ()
    on_block: OnBlock | None = None
    severity: Severity = "serious"
    applies_to: frozenset[Origin] | None = None
    kinds: frozenset[Kind] | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class RulePart:
    """Rules that are compiled together and shared by every store that has the same ones.

    `allow` suppresses findings of every rule, whatever part it comes from.
    """

    rules: tuple[Rule, ...] = ()
    allow: tuple[Exempt, ...] = ()
