"""Judges one file of any kind: a store, a group, a platform profile or a lexicon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from replygate.config.build import build_store
from replygate.config.judge import check_replacements, replacements
from replygate.config.kinds import FileKind, kind_of
from replygate.config.library import Library, read_lexicon
from replygate.config.load import find_store, load_document, local_today
from replygate.config.places import Report, check_ids
from replygate.config.read import Document
from replygate.config.resolve import Asked, read_layers, resolve
from replygate.config.rules import BuiltRule
from replygate.config.store import Store
from replygate.config.switches import warn_of_age
from replygate.errors import Problem, UnknownStore
from replygate.screening.gate import Gate
from replygate.screening.rule import Exempt, RulePart
from replygate.screening.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. `kind` is None for a file that could not be read, `store` is set for
    a store without errors."""

    kind: FileKind | None
    problems: tuple[Problem, ...]
    store: Store | None

    @property
    def ok(self) -> bool:
        """Whether the file can be used; warnings do not count."""
        return not any(problem.level == "error" for problem in self.problems)


def check_file(
    source: str | Path,
    *,
    enable: Sequence[str] = (),
    settings: Sequence[str] = (),
    today: dt.date | None = None,
) -> CheckResult:
    """Check a file, or a packaged store by its id; its kind is recognised by its content.

    `enable` and `settings` are for stores and groups, as in `load_store`. Raises nothing.
    """
    report = Report()
    asked = Asked(tuple(enable), tuple(settings), today or local_today())
    try:
        document = find_store(source, report)
    except UnknownStore as unknown:
        problem = Problem(str(source), 0, "", str(unknown))
        return CheckResult(None, (problem,), None)
    if document is None:
        return CheckResult(None, report.problems, None)
    kind = kind_of(document.data)
    store = None
    if kind == "store":
        store = load_document(document, Library(), asked, (), report)
    elif kind == "group":
        _check_group(document, asked, report)
    elif kind == "platform":
        _check_profile(document, asked, report)
    else:
        check_lexicon(document, report)
    return CheckResult(kind, report.problems, store)


def _check_group(document: Document, asked: Asked, report: Report) -> None:
    merged = read_layers(document, asked.settings, report)
    resolved = resolve(merged, Library(), asked, report)
    if resolved:
        build_store(resolved, (), report)


def _check_profile(document: Document, asked: Asked, report: Report) -> None:
    library = Library()
    profile = library.read_profile(document, report)
    for edition in profile.editions.values() if profile else ():
        assert profile is not None
        warn_of_age(profile.id, edition, asked.today, edition.place, report)
        shared = library.shared(profile, edition, profile.lexicons)
        report.include(shared.report)
        check_ids(((built.rule.id, built.place) for built in shared.rules), "rule", report)
        if not report.failed():
            _check_rules(shared.rules, profile.own_names, profile.own_domains, report)


def check_lexicon(document: Document, report: Report) -> None:
    """Note everything that is wrong with a lexicon."""
    lexicon = read_lexicon(document, report)
    if lexicon and not report.failed():
        _check_rules(lexicon.rules, (), (), report)


def _check_rules(
    rules: Sequence[BuiltRule], own_names: Sequence[str], own_domains: Sequence[str], report: Report
) -> None:
    active = [built for built in rules if built.enabled]
    part = RulePart(tuple(built.rule for built in active), tuple(map(Exempt, own_names)))
    gate = Gate(Rulebook.compile(part, RulePart(), own_domains=frozenset(own_domains)))
    check_replacements(gate, replacements(active), report)
