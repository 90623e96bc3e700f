"""A store, ready for use: what the rest of the product knows of a configuration."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from replygate.config.schema import (
    AdapterMethod,
    BlockAs,
    LogText,
    OneBotWay,
    OnFault,
    OnLedgerFault,
)
from replygate.config.schema_duty import BotDrafts
from replygate.config.schema_notify import NoticeKind, WebhookKind
from replygate.config.secrets import Secret
from replygate.config.template import BodyTemplate
from replygate.config.workflow import Workflow
from replygate.errors import Problem
from replygate.model import Mode
from replygate.screening.gate import Gate
from replygate.screening.topics import Topics
from replygate.timing.calendar import Window
from replygate.timing.deadline import DeadlineRule
from replygate.timing.duty import Shift
from replygate.timing.events import Excuse
from replygate.timing.holding import HoldingTexts, Quota
from replygate.timing.metrics.rule import MetricRule, PenaltyRule


@dataclass(frozen=True, slots=True)
class Holding:
    """The holding replies of a store. `lead_s` None: derived from each deadline.

    `special` are those for some questions or hours. `closers` are for buyers who only said thanks,
    on platforms that want the store to have the last word (`Store.last_word`).
    """

    texts: tuple[str, ...]
    off_duty_texts: tuple[str, ...]
    special: tuple[HoldingTexts, ...]
    closers: tuple[str, ...]
    max_per_turn: int
    max_per_conversation_day: int
    min_gap_s: int
    lead_s: float | None
    quota: Quota | None

    @property
    def all_texts(self) -> tuple[str, ...]:
        """Every text that a holding reply may be made of."""
        special = (text for one in self.special for text in one.texts)
        return (*self.texts, *self.off_duty_texts, *special, *self.closers)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A robot or address that is told when people are needed. The address may hold a key.

    `events` are what it is told of, `mention` whom a robot's messages name. `whole_ids`: messages
    name conversations as the platform does, where the journal may only show hashes.
    """

    kind: WebhookKind
    url: Secret
    secret: Secret | None
    name: str | None
    events: frozenset[NoticeKind]
    mention: tuple[str, ...]
    whole_ids: bool


@dataclass(frozen=True, slots=True)
class StatusMap:
    """HTTP status codes that mean something else than usual; no code stands twice."""

    refused: frozenset[int] = frozenset()
    busy: frozenset[int] = frozenset()
    uncertain: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class HttpAdapter:
    """One HTTP request for each text. `kind` names an entry point of `replygate.adapters`.

    Address and headers may hold keys. `id_path` are the keys that lead to the platform's id for
    the message in its JSON answer.
    """

    kind: str
    url: Secret
    method: AdapterMethod
    headers: tuple[tuple[str, Secret], ...]
    body: BodyTemplate
    secret: Secret | None
    timeout_s: float
    dedupes: bool
    id_path: tuple[str, ...]
    status: StatusMap
    max_concurrency: int = 8

    @property
    def is_open(self) -> bool:
        """Whether anybody may connect to it; to this one nobody connects."""
        return False


@dataclass(frozen=True, slots=True)
class OneBotAdapter:
    """A OneBot v11 implementation on one side and a bot's framework on the other.

    `url` is who replygate calls: the framework in the way `reverse-ws`, else the implementation.
    `event_url` is the framework's, in the way `http`. `self_id` is the shop's account. `token` is
    what whoever connects must show.
    """

    way: OneBotWay
    url: Secret
    event_url: Secret | None
    self_id: str | None
    token: Secret | None
    block_as: BlockAs
    timeout_s: float
    groups: bool
    max_concurrency: int = 8
    kind: str = "onebot"

    @property
    def is_open(self) -> bool:
        """Whether anybody may connect to it who reaches the port."""
        return self.token is None


Adapter = HttpAdapter | OneBotAdapter


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a store's platform, in the edition that the store uses.

    `recall_s` is how long a message can be recalled, None where that is not known.
    """

    id: str
    name: str
    edition: str
    as_of: dt.date
    sources: tuple[str, ...]
    own_names: tuple[str, ...]
    own_domains: tuple[str, ...]
    recall_s: int | None


@dataclass(frozen=True, slots=True)
class People:
    """What a person's hand in a conversation means.

    `takeover_on_reply`: a person's answer takes it over from the bot. It stays theirs for
    `takeover_s` after the last thing that they did there. `bot_drafts` is what becomes of a bot's
    text meanwhile. `release`: whether a blocked text may be sent by a person's word.
    """

    takeover_on_reply: bool = False
    takeover_s: int = 1_800
    bot_drafts: BotDrafts = "hold"
    release: bool = True


@dataclass(frozen=True, slots=True)
class Store:
    """One shop on one platform.

    `profile` is None on the platform `general`. `deadlines` are the platform's, then the store's
    own, and so are `metrics`. `penalties` are the platform's. `excuses` are the marks after which a
    buyer's message needs no reply. A session ends after `session_gap_s` without a message, where
    the platform names no sessions. `last_word`: the platform wants an answer to thanks, too.
    `workflow` is what topics lead to. `topics` tell what a buyer's text is about. `hours` are what
    buyers are told, `shifts` who is there by plan. `warnings` are what is probably not meant, but
    works.
    """

    id: str
    name: str
    platform: str
    edition: str | None
    mode: Mode
    on_fault: OnFault
    on_ledger_fault: OnLedgerFault
    gate: Gate
    topics: Topics
    deadlines: tuple[DeadlineRule, ...]
    metrics: tuple[MetricRule, ...]
    penalties: tuple[PenaltyRule, ...]
    excuses: frozenset[Excuse]
    session_gap_s: int
    last_word: bool
    holding: Holding
    workflow: Workflow
    hours: Window
    shifts: tuple[Shift, ...]
    people: People
    adapter: Adapter | None
    webhooks: tuple[Webhook, ...]
    token: Secret | None
    log_text: LogText
    keep_days: int
    profile: Profile | None
    warnings: tuple[Problem, ...]
