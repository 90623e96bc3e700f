"""What a screening rule is, after its file was read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from replygate.model import FindingAction

Match = Literal["any", "word", "lone"]
"""How a rule's words match.

`any`   wherever the characters stand.
`word`  not next to a Latin letter or a digit (for `TB`, `JD`).
`lone`  one character used by itself; a run of it (亲亲) is one match; `exceptions` hold the words
        that it is part of.
"""

Detector = Literal["mobile", "url", "email"]


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
    """A named demand on texts: words, patterns or a detector, and what to do where they are found.

    `exceptions` suppress findings of this rule alone. `replace` is what a detector's or pattern's
    finding becomes when `action` is `rewrite`. `patterns` are RE2 expressions over the folded text.
    `source` names the document behind the rule.
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


@dataclass(frozen=True, slots=True)
class RulePart:
    """Rules that are compiled together and shared by every store that has the same ones.

    `allow` suppresses findings of every rule, whatever part it comes from.
    """

    rules: tuple[Rule, ...] = ()
    allow: tuple[Exempt, ...] = ()
