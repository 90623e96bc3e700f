"""What may stand in the files: the only place that knows pydantic.

Every model is strict and refuses unknown keys. Nothing here leaves `replygate.config`: the files
are converted once to the frozen dataclasses of `store.py`, `screening` and `timing`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from replygate.config import limits
from replygate.config.schema_base import Domain, Id, Intervals, Name, OneOrMore, Phrase, Table, Text
from replygate.config.schema_screening import (
    AdjustEntry,
    ProfileRuleEntry,
    ProfileScreeningTable,
    ScreeningTable,
    SharedRuleEntry,
    TopicEntry,
)
from replygate.model import Mode
from replygate.timing.calendar import Anchor, WindowMode
from replygate.timing.deadline import Counted, Opens, Severity

OnFault = Literal["block", "pass"]
"""What becomes of a text that could not be judged."""

OnLedgerFault = Literal["answers", "nothing"]
"""What still goes out while the ledger can not be written. Holding replies never do."""

LogText = Literal["none", "hash", "findings", "full"]
"""How much of a text the journal and the ledger keep."""

AdapterMethod = Literal["POST", "PATCH"]
"""HTTP libraries repeat a PUT by themselves when its answer is lost."""

OneBotWay = Literal["reverse-ws", "forward-ws", "http"]
"""Who connects to whom between a OneBot implementation, replygate and the bot's framework."""

BlockAs = Literal["failed", "ok"]
"""What a bot is told of a text that was kept back."""

WebhookKind = Literal["generic", "dingtalk", "feishu", "wecom"]


class SecretRef(Table):
    """Where a secret is kept. Exactly one of the two is set (`secrets.py` sees to it)."""

    env: Name | None = None
    file: Name | None = None


def _secret_table(value: Any) -> Any:
    # The value itself must never reach a message.
    if not isinstance(value, dict):
        raise PydanticCustomError("literal_secret", "")
    return value


Secret = Annotated[SecretRef, BeforeValidator(_secret_table)]


def _url_kind(value: Any) -> str:
    return "secret" if isinstance(value, dict) else "plain"


_PlainUrl = Annotated[str, Field(min_length=1, max_length=limits.URL_CHARS)]
Url = Annotated[
    Annotated[_PlainUrl, Tag("plain")] | Annotated[SecretRef, Tag("secret")],
    Discriminator(_url_kind),
]
"""A web address or header in the open, or one that is kept as a secret."""


Statuses = Annotated[list[Annotated[int, Field(ge=200, le=599)]], Field(max_length=limits.STATUSES)]
"""HTTP status codes of final answers."""


class CountsEntry(Table):
    """Whose reply stops a deadline's clock."""

    human: Counted = "yes"
    bot: Counted = "unknown"
    hold: Counted = "unknown"
    platform: Counted = "no"


class OwnCountsEntry(CountsEntry):
    """The same for a store's own wish: it knows that its bot answers, and that a hold does not."""

    bot: Counted = "yes"
    hold: Counted = "no"


class DeadlineFields(Table):
    """One reply deadline: either `due_s`, or `same_day = true`."""

    id: Id
    name: Name
    opens: Opens = "turn"
    due_s: int | None = Field(None, ge=1, le=limits.DUE_S)
    same_day: bool = False
    inclusive: bool = True
    topic: Name | None = None
    windows: Intervals = Field([])
    window_mode: WindowMode = "gate"
    anchor: Anchor = "message"
    dates: dict[str, Intervals] = Field({})
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    source: Name | None = None


class DeadlineEntry(DeadlineFields):
    """A store's own deadline."""

    counts: OwnCountsEntry = OwnCountsEntry()


class ProfileDeadlineEntry(DeadlineFields):
    """A platform's deadline."""

    counts: CountsEntry = CountsEntry()
    severity: Severity = "hard"
    source: Name
    editions: list[str] | None = None


class HoldingTable(Table):
    """The short texts sent before a deadline, and how often."""

    texts: list[Text] = Field(["已收到您的消息，客服会尽快回复您～"], max_length=limits.TEXTS)
    off_duty_texts: list[Text] = Field(
        ["已收到您的消息，客服上班后会尽快回复您～"], max_length=limits.TEXTS
    )
    max_per_turn: int = Field(1, ge=0, le=10)
    max_per_conversation_day: int = Field(6, ge=0, le=1_000)
    min_gap_s: int = Field(60, ge=0, le=86_400)
    lead_s: float | None = Field(None, gt=0, le=3_600, allow_inf_nan=False)


class HoursTable(Table):
    """When people are on duty: intervals of the local day, and dated exceptions."""

    open: Intervals = Field(["09:00-23:00"])
    dates: dict[str, Intervals] = Field({})


class WebhookEntry(Table):
    """A robot or address that is told when people are needed."""

    kind: WebhookKind
    url: Url
    secret: Secret | None = None


class AdapterStatusTable(Table):
    """Status codes whose meaning differs from the usual one."""

    refused: Statuses = Field([])
    busy: Statuses = Field([])
    uncertain: Statuses = Field([])


class AdapterTable(Table):
    """How a store's texts reach its platform. A group may say one half and the store the other.

    Each kind has keys of its own, and takes no others (`adapter.py`, `onebot_adapter.py`).
    """

    kind: Id | None = None
    url: Url | None = None
    method: AdapterMethod = "POST"
    headers: dict[str, Url] = Field({}, max_length=limits.HEADERS)
    body: dict[str, Any] = Field(
        {
            "text": "{text}",
            "conversation": "{conversation}",
            "client_id": "{client_id}",
            "origin": "{origin}",
        },
        max_length=limits.BODY_KEYS,
    )
    secret: Secret | None = None
    timeout_s: float = Field(5, gt=0, le=limits.TIMEOUT_S, allow_inf_nan=False)
    dedupes: bool = False
    id_path: Name | None = None
    status: AdapterStatusTable = AdapterStatusTable()
    way: OneBotWay | None = None
    event_url: Url | None = None
    self_id: Name | None = None
    token: Secret | None = None
    block_as: BlockAs = "failed"
    groups: bool = False


class PrivacyTable(Table):
    """What is kept of texts."""

    log_text: LogText = "findings"


class GroupFile(Table):
    """A group of stores: everything that a store may say, but its id."""

    name: Name | None = None
    platform: Name = "general"
    edition: Name | None = None
    mode: Mode = "enforce"
    on_fault: OnFault = "block"
    on_ledger_fault: OnLedgerFault = "answers"
    extends: Name | None = None
    token: Secret | None = None
    screening: ScreeningTable = ScreeningTable()
    holding: HoldingTable = HoldingTable()
    hours: HoursTable = HoursTable()
    deadline: list[DeadlineEntry] = Field([], max_length=limits.DEADLINES)
    adapter: AdapterTable | None = None
    webhook: list[WebhookEntry] = Field([], max_length=limits.WEBHOOKS)
    privacy: PrivacyTable = PrivacyTable()


class StoreFile(GroupFile):
    """One store: a shop on a platform."""

    id: Id


class EditionEntry(Table):
    """One state of a platform's demands: as of which day, after which sources."""

    as_of: dt.date
    sources: OneOrMore = Field([])


class ProfileFile(Table):
    """What a platform demands."""

    id: Id
    name: Name
    own_domains: list[Domain] = Field([])
    own_names: list[Phrase] = Field([])
    lexicons: list[Name] = Field([])
    recall_s: int | None = Field(None, ge=1, le=limits.RECALL_S)
    editions: dict[str, EditionEntry] = Field(min_length=1)
    screening: ProfileScreeningTable = ProfileScreeningTable()
    rule: list[ProfileRuleEntry] = Field([], max_length=limits.RULES)
    adjust: dict[str, AdjustEntry] = Field({}, max_length=limits.RULES)
    topic: list[TopicEntry] = Field([], max_length=limits.RULES)
    deadline: list[ProfileDeadlineEntry] = Field([], max_length=limits.DEADLINES)


class LexiconFile(Table):
    """A themed set of rules that platforms and stores switch on."""

    id: Id
    title: Name
    as_of: dt.date
    rule: list[SharedRuleEntry] = Field([], max_length=limits.RULES)
    topic: list[TopicEntry] = Field([], max_length=limits.RULES)
