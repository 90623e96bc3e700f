"""The editions of a platform profile: which rules, deadlines, metrics and penalties each has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from replygate.config.deadlines import build_deadline
from replygate.config.metrics import build_metric, build_penalty, check_causes
from replygate.config.places import KeyPath, Place, Report, check_ids, did_you_mean
from replygate.config.read import Document
from replygate.config.rules import BuiltRule, build_rule
from replygate.config.schema import EditionEntry, ProfileFile
from replygate.config.schema_metrics import ProvenanceFields
from replygate.timing.deadline import DeadlineRule
from replygate.timing.events import Excuse
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.metrics.rule import MetricRule, PenaltyRule
from replygate.timing.timeline import SESSION_GAP_S

_Kind = Literal["rule", "deadline", "metric", "penalty"]
_USED: dict[_Kind, frozenset[str]] = {
    "deadline": frozenset({"active"}),
    "metric": frozenset({"active", "conflict"}),
    "penalty": frozenset({"active"}),
}
"""Which entries take part. What is superseded or a likely misprint stays on record only."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a platform demands in one edition."""

    name: str
    as_of: dt.date
    sources: tuple[str, ...]
    rules: tuple[BuiltRule, ...]
    deadlines: tuple[tuple[DeadlineRule, Place], ...]
    metrics: tuple[tuple[MetricRule, Place], ...]
    penalties: tuple[tuple[PenaltyRule, Place], ...]
    excuses: frozenset[Excuse]
    session_gap_s: int
    last_word: bool
    place: Place


class _Entry(Protocol):
    @property
    def editions(self) -> list[str] | None: ...


E = TypeVar("E", bound=_Entry)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Dated(Generic[T]):
    """What one entry became, and which editions have it."""

    built: T
    place: Place
    only: Sequence[str] | None

    def is_in(self, edition: str) -> bool:
        return self.only is None or edition in self.only


def read_editions(model: ProfileFile, document: Document, report: Report) -> dict[str, Edition]:
    """Build every edition of a profile; what is wrong is noted in `report`."""
    reader = _Reader(model, document, report)
    rules = list(reader.read("rule", model.rule, build_rule))
    deadlines = list(reader.read("deadline", model.deadline, build_deadline))
    metrics = list(reader.read("metric", model.metric, build_metric))
    penalties = list(reader.read("penalty", model.penalty, build_penalty))
    editions: dict[str, Edition] = {}
    for name, entry in model.editions.items():
        edition = Edition(
            name=name,
            as_of=entry.as_of,
            sources=tuple(entry.sources),
            rules=tuple(one.built for one in rules if one.is_in(name)),
            deadlines=_of(deadlines, name),
            metrics=_of(metrics, name),
            penalties=_of(penalties, name),
            excuses=ALL_EXCUSES if entry.excuses is None else frozenset(entry.excuses),
            session_gap_s=SESSION_GAP_S if entry.session_gap_s is None else entry.session_gap_s,
            last_word=entry.last_word,
            place=document.place(("editions", name)),
        )
        _check(edition, report)
        editions[name] = edition
    return editions


def _of(found: Sequence[_Dated[T]], edition: str) -> tuple[tuple[T, Place], ...]:
    return tuple((one.built, one.place) for one in found if one.is_in(edition))


def _check(edition: Edition, report: Report) -> None:
    check_ids(((built.rule.id, built.place) for built in edition.rules), "rule", report)
    check_ids(((rule.id, place) for rule, place in edition.deadlines), "deadline", report)
    check_ids(((rule.id, place) for rule, place in edition.metrics), "metric", report)
    check_ids(((rule.id, place) for rule, place in edition.penalties), "penalty", report)
    metrics = [rule.id for rule, _ in edition.metrics]
    deadlines = [rule.id for rule, _ in edition.deadlines]
    check_causes(edition.penalties, metrics, deadlines, report)


@dataclass(frozen=True, slots=True)
class _Reader:
    model: ProfileFile
    document: Document
    report: Report

    def read(
        self,
        kind: _Kind,
        entries: Sequence[E],
        build: Callable[[E, KeyPath, Document, Report], T],
    ) -> Iterator[_Dated[T]]:
        for index, entry in enumerate(entries):
            path: KeyPath = (kind, index)
            built = build(entry, path, self.document, self.report)
            self._check_editions(entry.editions, path)
            if isinstance(entry, ProvenanceFields) and entry.status not in _USED[kind]:
                continue
            yield _Dated(built, self.document.place((*path, "id")), entry.editions)

    def _check_editions(self, names: Sequence[str] | None, path: KeyPath) -> None:
        known: dict[str, EditionEntry] = self.model.editions
        for index, name in enumerate(names or ()):
            if name not in known:
                hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
                at = self.document.place((*path, "editions", index))
                self.report.error(at, f'there is no edition "{name}"', hint)
