"""Says what holds for a store, and where each value came from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from replygate.config.adapter import foreign_keys, names_a_credential
from replygate.config.library import Library
from replygate.config.load import find_store, local_today, resolve_document
from replygate.config.places import KeyPath, Report, dotted
from replygate.config.resolve import Asked, Resolved
from replygate.config.rules import BuiltRule
from replygate.config.schema import AdapterTable
from replygate.config.schema_notify import WebhookEntry
from replygate.config.schema_secrets import SecretRef
from replygate.config.switches import GENERAL
from replygate.timing.deadline import DeadlineRule
from replygate.timing.metrics.rule import MetricRule

DEFAULT = "default"

# An open address often carries a key of its own, and so does a header of any name.
_HIDDEN = "(address hidden)"
_HIDDEN_VALUE = "(hidden)"
_ADDRESSES = frozenset({("adapter", "url"), ("adapter", "event_url")})

# What holds of these is told rule by rule.
_TOLD_APART = frozenset({"rule", "adjust", "deadline", "webhook", "duty", "metric"})


@dataclass(frozen=True, slots=True)
class Effective:
    """One value that holds. `origin` is `file:line`, `default`, `--set`, or names the profile."""

    key: str
    value: str
    origin: str


def explain(
    source: str | Path,
    *,
    enable: Sequence[str] = (),
    settings: Sequence[str] = (),
    today: dt.date | None = None,
) -> tuple[Effective, ...]:
    """List every effective value of a store; secrets are named, never shown.

    Raises ConfigError and UnknownStore like `load_store`.
    """
    report = Report()
    document = find_store(source, report)
    asked = Asked(tuple(enable), tuple(settings), today or local_today())
    resolved = resolve_document(document, Library(), asked, report) if document else None
    report.raise_errors()
    assert document, "no error was noted, so there is a document"
    assert resolved, "no error was noted, so there are parts"
    return (
        Effective("id", _shown(document.data["id"]), str(document.place(("id",)))),
        *_values(resolved, resolved.model, ()),
        *_webhooks(resolved),
        *_shifts(resolved),
        *_profile(resolved),
        *_rules(resolved),
        *_deadlines(resolved),
        *_metrics(resolved),
        *_penalties(resolved),
    )


def _values(resolved: Resolved, table: BaseModel, path: KeyPath) -> Iterator[Effective]:
    foreign = foreign_keys(table.kind) if isinstance(table, AdapterTable) else ()
    for name, field in type(table).model_fields.items():
        if name in foreign:
            continue
        value = getattr(table, name)
        if name == "edition" and resolved.profile and resolved.edition:
            value = resolved.edition.name
        at = (*path, field.alias or name)
        if at in _ADDRESSES and isinstance(value, str):
            yield Effective(dotted(at), _HIDDEN, _origin(resolved, at))
        elif at == ("adapter", "headers"):
            headers = {
                key: _HIDDEN_VALUE if isinstance(held, str) else held for key, held in value.items()
            }
            yield Effective(dotted(at), _shown(headers), _origin(resolved, at))
        elif at == ("adapter", "body"):
            yield Effective(dotted(at), _shown(_veiled(value)), _origin(resolved, at))
        elif at == ("hours",) and resolved.model.duty and not resolved.merged.written(at):
            yield Effective(dotted(at), "(when anybody is on duty)", _origin(resolved, ("duty",)))
        elif isinstance(value, BaseModel) and not isinstance(value, SecretRef):
            yield from _values(resolved, value, at)
        elif name not in _TOLD_APART and at != ("id",):
            yield Effective(dotted(at), _shown(value), _origin(resolved, at))


def _veiled(part: Any) -> Any:
    """A body without the texts whose keys say that they are secret."""
    if isinstance(part, dict):
        return {
            key: _HIDDEN_VALUE
            if isinstance(value, str) and names_a_credential(key)
            else _veiled(value)
            for key, value in part.items()
        }
    return [_veiled(value) for value in part] if isinstance(part, list) else part


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, SecretRef):
        return f"(secret from env {value.env})" if value.env else f"(secret from file {value.file})"
    return json.dumps(value, ensure_ascii=False, default=_shown)


def _origin(resolved: Resolved, path: KeyPath) -> str:
    return str(resolved.merged.place(path)) if resolved.merged.written(path) else DEFAULT


def _webhooks(resolved: Resolved) -> Iterator[Effective]:
    for index, entry in enumerate(resolved.model.webhook):
        path: KeyPath = ("webhook", index)
        yield Effective(dotted(path), _webhook(entry), _origin(resolved, path))


def _shifts(resolved: Resolved) -> Iterator[Effective]:
    for index, entry in enumerate(resolved.model.duty):
        path: KeyPath = ("duty", index)
        yield Effective(dotted(path), _shown(entry.model_dump()), _origin(resolved, path))


def _webhook(entry: WebhookEntry) -> str:
    url = _shown(entry.url) if isinstance(entry.url, SecretRef) else _HIDDEN
    return f"{entry.kind} {url}" + (f" {_shown(entry.secret)}" if entry.secret else "")


def _profile(resolved: Resolved) -> Iterator[Effective]:
    profile, origin = resolved.profile, _profile_origin(resolved)
    if profile is None or resolved.edition is None:
        return
    yield Effective("platform.edition", _shown(resolved.edition.name), origin)
    yield Effective("platform.as_of", str(resolved.edition.as_of), origin)
    yield Effective("platform.own_domains", _shown(profile.own_domains), origin)
    yield Effective("platform.own_names", _shown(profile.own_names), origin)
    names = [lexicon.id for lexicon in profile.lexicons]
    yield Effective("platform.lexicons", _shown(names), origin)
    yield Effective("platform.recall_s", _shown(profile.recall_s), origin)
    yield Effective("platform.excuses", _shown(sorted(resolved.edition.excuses)), origin)
    yield Effective("platform.session_gap_s", _shown(resolved.edition.session_gap_s), origin)


def _profile_origin(resolved: Resolved) -> str:
    profile, edition = resolved.profile, resolved.edition
    return f"profile {profile.id}, edition {edition.name}" if profile and edition else ""


def _rules(resolved: Resolved) -> Iterator[Effective]:
    platform = {id(built.place) for built in resolved.edition.rules} if resolved.edition else set()
    themes = {id(rule.place): one.id for one in resolved.lexicons for rule in one.rules}
    for built in resolved.shared:
        own = id(built.place) in platform
        origin = _profile_origin(resolved) if own else f"lexicon {themes[id(built.place)]}"
        yield from _rule(built, resolved, origin)
    for built in resolved.own:
        yield from _rule(built, resolved, str(built.place))


def _rule(built: BuiltRule, resolved: Resolved, origin: str) -> Iterator[Effective]:
    rule = built.rule
    parts: list[str] = [rule.action]
    parts += [f"{len(rule.words)} words"] if rule.words else []
    parts += [f"{len(rule.together)} groups together"] if rule.together else []
    parts += [f"{len(rule.patterns)} patterns"] if rule.patterns else []
    parts += [f"detector {rule.detector}"] if rule.detector else []
    parts += ["off"] if rule.id in resolved.disabled else []
    yield Effective(f"rule.{rule.id}", ", ".join(parts), origin)
    for key, (value, place) in built.adjusted.items():
        yield Effective(f"rule.{rule.id}.{key}", _shown(value), str(place))


def _deadlines(resolved: Resolved) -> Iterator[Effective]:
    platform = resolved.edition.deadlines if resolved.edition else ()
    for rule, _ in platform:
        yield _deadline(rule, _profile_origin(resolved))
    for rule, place in resolved.deadlines[len(platform) :]:
        yield _deadline(rule, str(place))


def _deadline(rule: DeadlineRule, origin: str) -> Effective:
    due = "same day" if rule.due_s is None else f"{rule.due_s} s"
    return Effective(f"deadline.{rule.id}", f"{due}, {rule.severity}, opens: {rule.opens}", origin)


def _metrics(resolved: Resolved) -> Iterator[Effective]:
    platform = resolved.edition.metrics if resolved.edition else ()
    for rule, _ in resolved.metrics[: len(platform)]:
        yield _metric(rule, _profile_origin(resolved) or f"platform {GENERAL}")
    for rule, place in resolved.metrics[len(platform) :]:
        yield _metric(rule, str(place))


def _metric(rule: MetricRule, origin: str) -> Effective:
    parts = [rule.value, f"of each {rule.unit}", rule.period, rule.severity]
    parts += [f"within {rule.within_s} s"] if rule.within_s is not None else []
    limits = (("target", rule.target), ("gate", rule.gate))
    parts += [f"{name} missed where {one.op} {one.at:g}" for name, one in limits if one]
    return Effective(f"metric.{rule.id}", ", ".join(parts), origin)


def _penalties(resolved: Resolved) -> Iterator[Effective]:
    for rule, _ in resolved.edition.penalties if resolved.edition else ():
        parts = [rule.name, rule.period]
        parts += [f"{rule.points:g} points"] if rule.points is not None else []
        parts += [f"fine {rule.fine[0]:g} to {rule.fine[1]:g}"] if rule.fine else []
        yield Effective(f"penalty.{rule.id}", ", ".join(parts), _profile_origin(resolved))
