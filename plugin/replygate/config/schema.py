"""What may stand in the files: the only place that knows pydantic.

Every model is strict and refuses unknown keys. Nothing here leaves `replygate.config`: the files
are converted once to the frozen dataclasses of `store.py`, `screening` and `timing`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from replygate.config import limits
from replygate.config.schema_base import Domain, Id, Intervals, Name, OneOrMore, Phrase, Table
from replygate.config.schema_duty import DutyEntry, PeopleTable
from replygate.config.schema_holding import HoldingTable, WorkflowTable
from replygate.config.schema_metrics import (
    DeadlineEntry,
    MetricEntry,
    PenaltyEntry,
    ProfileDeadlineEntry,
    ProfileMetricEntry,
    SettleEntry,
)
from replygate.config.schema_notify import WebhookEntry
from replygate.config.schema_screening import (
    AdjustEntry,
    ProfileRuleEntry,
    ProfileScreeningTable,
    ScreeningTable,
    SharedRuleEntry,
    TopicEntry,
)
from replygate.config.schema_secrets import Secret, Url
from replygate.model import Mode
from replygate.timing.events import Excuse

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

Statuses = Annotated[list[Annotated[int, Field(ge=200, le=599)]], Field(max_length=limits.STATUSES)]
"""HTTP status codes of final answers."""


class HoursTable(Table):
    """When people are on duty: intervals of the local day, and dated exceptions."""

    open: Intervals = Field(["09:00-23:00"])
    dates: dict[str, Intervals] = Field({})


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
    max_concurrency: int = Field(8, ge=1, le=limits.CONCURRENCY)


class PrivacyTable(Table):
    """What is kept of texts, and how long anything is kept."""

    log_text: LogText = "findings"
    keep_days: int = Field(limits.KEEP_DAYS, ge=limits.KEEP_DAYS_MIN, le=limits.KEEP_DAYS_MAX)


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
    workflow: WorkflowTable = WorkflowTable()
    deadline: list[DeadlineEntry] = Field([], max_length=limits.DEADLINES)
    metric: list[MetricEntry] = Field([], max_length=limits.METRICS)
    settle: dict[str, SettleEntry] = Field({}, max_length=limits.METRICS)
    adapter: AdapterTable | None = None
    duty: list[DutyEntry] = Field([], max_length=limits.SHIFTS)
    people: PeopleTable = PeopleTable()
    webhook: list[WebhookEntry] = Field([], max_length=limits.WEBHOOKS)
    privacy: PrivacyTable = PrivacyTable()


class StoreFile(GroupFile):
    """One store: a shop on a platform."""

    id: Id


class EditionEntry(Table):
    """One state of a platform's demands: as of which day, after which sources."""

    as_of: dt.date
    sources: OneOrMore = Field([])
    excuses: list[Excuse] | None = None
    session_gap_s: int | None = Field(None, ge=1, le=limits.DUE_S)
    last_word: bool = False


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
    metric: list[ProfileMetricEntry] = Field([], max_length=limits.METRICS)
    penalty: list[PenaltyEntry] = Field([], max_length=limits.PENALTIES)


class LexiconFile(Table):
    """A themed set of rules that platforms and stores switch on."""

    id: Id
    title: Name
    as_of: dt.date
    rule: list[SharedRuleEntry] = Field([], max_length=limits.RULES)
    topic: list[TopicEntry] = Field([], max_length=limits.RULES)
