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
    WebhookKind,
)
from replygate.config.secrets import Secret
from replygate.config.template import BodyTemplate
from replygate.errors import Problem
from replygate.model import Mode
from replygate.screening.gate import Gate
from replygate.screening.topics import Topics
from replygate.timing.calendar import Window
from replygate.timing.deadline import DeadlineRule


@dataclass(frozen=True, slots=True)
class Holding:
    """The holding replies of a store. `lead_s` None: derived from each deadline."""

    texts: tuple[str, ...]
    off_duty_texts: tuple[str, ...]
    max_per_turn: int
    max_per_conversation_day: int
    min_gap_s: int
    lead_s: float | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A robot or address that is told when people are needed. The address may hold a key."""

    kind: WebhookKind
    url: Secret
    secret: Secret | None


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
class Store:
    """One shop on one platform.

    `profile` is None on the platform `general`. `deadlines` are the platform's, then the store's
    own. `topics` tell what a buyer's text is about. `warnings` are what is probably not meant, but
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
    holding: Holding
    hours: Window
    adapter: Adapter | None
    webhooks: tuple[Webhook, ...]
    token: Secret | None
    log_text: LogText
    profile: Profile | None
    warnings: tuple[Problem, ...]
