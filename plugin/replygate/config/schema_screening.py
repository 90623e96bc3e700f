"""What may stand in the files about rules on texts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from replygate.config import limits
from replygate.config.schema_base import Domain, Id, Name, OneOrMore, Phrase, Table, Text
from replygate.model import FindingAction, Kind, OnBlock, Severity
from replygate.screening.kinds import KindAction
from replygate.screening.memory import MemoryAction
from replygate.screening.rule import DEFAULT_WITHIN, Detector, Match, OnEvasion
from replygate.screening.rulebook import DEFAULT_MAX_CHARS

Sender = Literal["human", "bot", "hold", "platform", "unknown"]
"""Who may have written a draft: every origin but the buyer."""

Mark = Annotated[str, Field(min_length=1, max_length=1)]


class TargetFields(Table):
    """What is looked for, and where it is fine."""

    id: Id
    words: list[str] = Field([], max_length=limits.RULE_WORDS)
    words_file: Name | None = None
    all_: list[str] = Field([], alias="all", max_length=limits.RULE_GROUPS)
    within: int = Field(DEFAULT_WITHIN, ge=0, le=limits.WITHIN_CHARS)
    patterns: list[str] = Field([], max_length=limits.RULE_PATTERNS)
    match: Match = "any"
    except_: list[str] = Field([], alias="except", max_length=limits.RULE_WORDS)
    except_unless: dict[str, str] = Field({}, max_length=limits.RULE_WORDS)
    evasions: bool = False


class RuleEntry(TargetFields):
    """One screening rule, as every kind of file writes it."""

    action: FindingAction
    rewrites: dict[str, OneOrMore] = Field({}, max_length=limits.RULE_WORDS)
    detector: Detector | None = None
    replace: OneOrMore | None = None
    mask: Mark | None = None
    reply: OneOrMore | None = None
    on_evasion: OnEvasion | None = None
    evidence: bool = False
    first: bool = False
    applies_to: list[Sender] | None = Field(None, min_length=1)
    kinds: list[Kind] | None = Field(None, min_length=1)
    on_block: OnBlock | None = None
    severity: Severity = "serious"
    why: Name | None = None
    source: Name | None = None
    enabled: bool = True


class StoreRuleEntry(RuleEntry):
    """A store's own rule. It weakens shared ones only by naming them in `override`."""

    override: list[str] = Field([])


class SharedRuleEntry(RuleEntry):
    """A rule that ships to others: it says why, and on whose word."""

    why: Name
    source: Name


class ProfileRuleEntry(SharedRuleEntry):
    """A platform's rule."""

    editions: list[str] | None = None


class TopicEntry(TargetFields):
    """What a buyer's text may be about."""


class AdjustEntry(Table):
    """What a platform or store changes of a rule that it did not write."""

    action: FindingAction | None = None
    replace: OneOrMore | None = None
    reply: OneOrMore | None = None
    evidence: bool | None = None
    on_block: OnBlock | None = None
    on_evasion: OnEvasion | None = None
    severity: Severity | None = None
    why: Name | None = None
    source: Name | None = None
    applies_to: list[Sender] | None = Field(None, min_length=1)
    enabled: bool | None = None


class KindsTable(Table):
    """What becomes of a draft by its kind."""

    text: KindAction | None = None
    image: KindAction | None = None
    card: KindAction | None = None
    voice: KindAction | None = None
    video: KindAction | None = None
    file: KindAction | None = None
    other: KindAction | None = None


class MemoryTable(Table):
    """What is minded of what went out before."""

    repeat: MemoryAction | None = None
    perfunctory: MemoryAction | None = None
    in_a_row: MemoryAction | None = None
    repeat_max: int | None = Field(None, ge=1, le=limits.MEMORY_TEXTS)
    perfunctory_max: int | None = Field(None, ge=1, le=limits.MEMORY_TEXTS)
    in_a_row_max: int | None = Field(None, ge=1, le=limits.IN_A_ROW)
    closers: list[Phrase] | None = Field(None, max_length=limits.RULE_WORDS)
    perfunctory_words: list[Phrase] | None = Field(None, max_length=limits.RULE_WORDS)
    source: Name | None = None


class ProfileScreeningTable(Table):
    """How a platform wants texts judged."""

    on_block: OnBlock | None = None
    stock_replies: list[Text] = Field([], max_length=limits.TEXTS)
    kinds: KindsTable = KindsTable()
    memory: MemoryTable = MemoryTable()


class ScreeningTable(ProfileScreeningTable):
    """What a store adds to its platform's rules."""

    lexicons: list[Name] = Field([])
    allow: list[Phrase] = Field([], max_length=limits.RULE_WORDS)
    disable: list[str] = Field([])
    own_domains: list[Domain] = Field([])
    max_chars: int = Field(DEFAULT_MAX_CHARS, ge=1, le=limits.MAX_CHARS)
    adjust: dict[str, AdjustEntry] = Field({}, max_length=limits.RULES)
    rule: list[StoreRuleEntry] = Field([], max_length=limits.RULES)
