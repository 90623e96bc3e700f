"""From a store's file to its parts: groups, settings, platform, lexicons and own rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath

from replygate.config import limits
from replygate.config.adjust import adjusted, changes
from replygate.config.deadlines import build_deadline, check_topics
from replygate.config.editions import Edition
from replygate.config.library import Lexicon, Library, LoadedProfile
from replygate.config.merge import Merged, read_setting
from replygate.config.metrics import build_metric
from replygate.config.places import Place, Report, check_ids
from replygate.config.read import Document, is_there, read_toml
from replygate.config.rules import BuiltRule, build_rule, check_phrase
from replygate.config.schema import GroupFile, StoreFile
from replygate.config.settle import settle
from replygate.config.shared import SharedRules
from replygate.config.switches import Switches, choose_edition, choose_lexicons, disabled_rules
from replygate.config.validate import salvage, validate
from replygate.screening.rule import Rule
from replygate.timing.deadline import DeadlineRule
from replygate.timing.metrics.rule import MetricRule


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller wants on top of the file, and the day to judge by."""

    enable: tuple[str, ...]
    settings: tuple[str, ...]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Resolved:
    """A store's parts, each still knowing where it came from.

    `base` are the rules that it shares with others, `shared` the same as the store adjusts them.
    """

    model: GroupFile
    merged: Merged
    profile: LoadedProfile | None
    edition: Edition | None
    lexicons: tuple[Lexicon, ...]
    base: SharedRules
    shared: tuple[BuiltRule, ...]
    own: tuple[BuiltRule, ...]
    disabled: frozenset[str]
    deadlines: tuple[tuple[DeadlineRule, Place], ...]
    metrics: tuple[tuple[MetricRule, Place], ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """What buyers' texts may be about."""
        return tuple(built.rule.id for built in self.base.topics)

    @property
    def adjusted(self) -> tuple[Rule, ...]:
        """The shared rules that hold in another form here."""
        pairs = zip(self.base.rules, self.shared, strict=True)
        return tuple(after.rule for before, after in pairs if before is not after)

    @property
    def active(self) -> tuple[BuiltRule, ...]:
        """Every rule that applies."""
        rules = (*self.shared, *self.own)
        return tuple(built for built in rules if built.rule.id not in self.disabled)


def read_layers(document: Document, settings: Sequence[str], report: Report) -> Merged:
    """Read the groups above a file and the settings on top.

    Each layer is checked by itself, so that an error names the file that holds it; what does not
    fit is left out of the whole.
    """
    salvage(StoreFile if "id" in document.data else GroupFile, document, report)
    layers = [document]
    seen = [document.source.folder.joinpath(PurePath(document.source.label).name).resolve()]
    while "extends" in layers[0].data:
        group = _read_group(layers[0], seen, report)
        if group is None:
            break
        salvage(GroupFile, group, report)
        layers.insert(0, group)
    for text in settings:
        setting = read_setting(text, report)
        if setting:
            salvage(GroupFile, setting, report)
            layers.append(setting)
    return Merged(layers, document)


def _read_group(below: Document, seen: list[Path], report: Report) -> Document | None:
    name = below.data["extends"]
    at = below.place(("extends",))
    label = below.source.beside(name)
    # Resolving a path of links that lead nowhere would raise.
    if not is_there(below.source.folder / name, label, at, report):
        return None
    path = (below.source.folder / name).resolve()
    if path in seen:
        report.error(at, f"{label} extends itself in a circle")
        return None
    if len(seen) > limits.EXTENDS_DEPTH:
        report.error(at, f"more than {limits.EXTENDS_DEPTH} groups above one store")
        return None
    seen.append(path)
    return read_toml(path, label, report)


def resolve(merged: Merged, library: Library, asked: Asked, report: Report) -> Resolved | None:
    """Put a store's parts together; what is wrong is noted in `report`.

    None when the parts do not add up to a store at all.
    """
    model = validate(StoreFile if "id" in merged.data else GroupFile, merged.data, merged, report)
    if model is None:
        return None
    # A group's stores choose the platform, and a part that was left out may have held the rule.
    complete = isinstance(model, StoreFile) and not report.failed()
    for index, phrase in enumerate(model.screening.allow):
        check_phrase(phrase, partial(merged.place, ("screening", "allow", index)), report)
    profile, edition = choose_edition(
        model, merged, library, asked.today, report, complete=complete
    )
    lexicons, enabled = choose_lexicons(model, merged, profile, library, asked.enable, report)
    own = tuple(
        build_rule(entry, ("screening", "rule", index), merged, report, in_store=True)
        for index, entry in enumerate(model.screening.rule)
    )
    base = library.shared(profile, edition, lexicons)
    report.include(base.report)
    wanted = changes(model.screening.adjust, ("screening", "adjust"), merged)
    shared = adjusted(base.rules, wanted, report, stricter_only=True, complete=complete)
    check_ids(((built.rule.id, built.place) for built in base.topics), "topic", report)
    switches = Switches(shared, own, model.screening.disable, enabled, complete=complete)
    deadlines, metrics = settle(
        model.settle,
        (*(edition.deadlines if edition else ()), *_own_deadlines(model, merged, report)),
        (*(edition.metrics if edition else ()), *_own_metrics(model, merged, report)),
        merged,
        report,
        complete=complete,
    )
    check_ids(((rule.id, place) for rule, place in deadlines), "deadline", report)
    check_ids(((rule.id, place) for rule, place in metrics), "metric", report)
    if complete:
        topics = [built.rule.id for built in base.topics]
        check_topics("deadline", deadlines, topics, report)
        check_topics("metric", metrics, topics, report)
    resolved = Resolved(
        model=model,
        merged=merged,
        profile=profile,
        edition=edition,
        lexicons=lexicons,
        base=base,
        shared=shared,
        own=own,
        disabled=disabled_rules(switches, merged, report),
        deadlines=deadlines,
        metrics=metrics,
    )
    _check_limits(resolved, report)
    return resolved


def _own_deadlines(
    model: GroupFile, merged: Merged, report: Report
) -> Iterator[tuple[DeadlineRule, Place]]:
    for index, entry in enumerate(model.deadline):
        path = ("deadline", index)
        yield build_deadline(entry, path, merged, report), merged.place((*path, "id"))


def _own_metrics(
    model: GroupFile, merged: Merged, report: Report
) -> Iterator[tuple[MetricRule, Place]]:
    for index, entry in enumerate(model.metric):
        path = ("metric", index)
        yield build_metric(entry, path, merged, report), merged.place((*path, "id"))


def _check_limits(resolved: Resolved, report: Report) -> None:
    rules = (*resolved.shared, *resolved.own)
    counts = (
        ("rules", len(rules), limits.RULES),
        ("words", sum(len(built.rule.words) for built in rules), limits.STORE_WORDS),
        ("deadlines", len(resolved.deadlines), limits.DEADLINES),
        ("metrics", len(resolved.metrics), limits.METRICS),
    )
    for what, count, limit in counts:
        if count > limit:
            place = resolved.merged.place(())
            report.error(place, f"has {count} {what} in all; at most {limit} are allowed")
