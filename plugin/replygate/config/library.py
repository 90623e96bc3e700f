"""Platform profiles and lexicons: read once, shared by every store that names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from replygate.config.deadlines import build_deadline
from replygate.config.kinds import FileKind, kind_of
from replygate.config.places import Place, Report, did_you_mean
from replygate.config.read import Document, is_there, read_toml
from replygate.config.rules import BuiltRule, build_rule, check_phrase
from replygate.config.schema import EditionEntry, LexiconFile, ProfileFile
from replygate.config.validate import salvage
from replygate.errors import Problem
from replygate.timing.deadline import DeadlineRule

T = TypeVar("T")

_PACKAGE = "replygate_config"
DEFAULT_EDITION = "sources-2023"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A themed set of rules."""

    id: str
    title: str
    as_of: dt.date
    rules: tuple[BuiltRule, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What a platform demands in one edition."""

    name: str
    as_of: dt.date
    sources: tuple[str, ...]
    rules: tuple[BuiltRule, ...]
    deadlines: tuple[tuple[DeadlineRule, Place], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A platform profile with all of its editions."""

    id: str
    name: str
    own_domains: tuple[str, ...]
    own_names: tuple[str, ...]
    lexicons: tuple[Lexicon, ...]
    recall_s: int | None
    editions: dict[str, Edition]
    file: str


class Library:
    """Reads each profile and lexicon once. What is wrong with one is told to every user of it."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, Path], tuple[object, tuple[Problem, ...]]] = {}

    def lexicon(self, name: str, at: Place, report: Report) -> Lexicon | None:
        """Find a lexicon by packaged id or by a path that starts from the file at `at`."""
        found = locate("lexicon", name, at, report)
        return self._once("lexicon", found, self._lexicon, report) if found else None

    def profile(self, name: str, at: Place, report: Report) -> LoadedProfile | None:
        """Find a platform profile by packaged id or by a path."""
        found = locate("platform", name, at, report)
        return self._once("platform", found, self._profile, report) if found else None

    def _once(
        self,
        kind: str,
        found: tuple[Path, str],
        load: Callable[[Path, str, Report], T | None],
        report: Report,
    ) -> T | None:
        key = (kind, found[0])
        if key not in self._read:
            inner = Report()
            loaded = load(*found, inner)
            self._read[key] = (loaded, inner.problems)
        result, problems = self._read[key]
        report.include(problems)
        return result  # type: ignore[return-value]  # stored under `kind`, so it is a T

    def _lexicon(self, path: Path, label: str, report: Report) -> Lexicon | None:
        document = _read("lexicon", path, label, report)
        return read_lexicon(document, report) if document else None

    def _profile(self, path: Path, label: str, report: Report) -> LoadedProfile | None:
        document = _read("platform", path, label, report)
        return self.read_profile(document, report) if document else None

    def read_profile(self, document: Document, report: Report) -> LoadedProfile | None:
        """Convert a profile's document; None when it does not fit the schema."""
        model = salvage(ProfileFile, document, report)
        if model is None:
            return None
        for index, name in enumerate(model.own_names):
            check_phrase(name, partial(document.place, ("own_names", index)), report)
        lexicons = [
            self.lexicon(name, document.place(("lexicons", index)), report)
            for index, name in enumerate(model.lexicons)
        ]
        return LoadedProfile(
            id=model.id,
            name=model.name,
            own_domains=tuple(model.own_domains),
            own_names=tuple(model.own_names),
            lexicons=tuple(lexicon for lexicon in lexicons if lexicon),
            recall_s=model.recall_s,
            editions=_editions(model, document, report),
            file=document.source.label,
        )


def _read(kind: FileKind, path: Path, label: str, report: Report) -> Document | None:
    document = read_toml(path, label, report)
    found = kind_of(document.data) if document else kind
    if document and found != kind:
        report.error(document.place(()), f"is a {found} file, expected a {kind}")
        return None
    return document


def read_lexicon(document: Document, report: Report) -> Lexicon | None:
    """Convert a lexicon's document; None when it does not fit the schema."""
    model = salvage(LexiconFile, document, report)
    if model is None:
        return None
    rules = [
        build_rule(entry, ("rule", index), document, report)
        for index, entry in enumerate(model.rule)
    ]
    check_ids(((built.rule.id, built.place) for built in rules), "rule", report)
    return Lexicon(model.id, model.title, model.as_of, tuple(rules), document.source.label)


def _editions(model: ProfileFile, document: Document, report: Report) -> dict[str, Edition]:
    rules = [
        (build_rule(entry, ("rule", index), document, report), entry.editions)
        for index, entry in enumerate(model.rule)
    ]
    deadlines = [
        (
            build_deadline(entry, ("deadline", index), document, report),
            document.place(("deadline", index, "id")),
            entry.editions,
        )
        for index, entry in enumerate(model.deadline)
    ]
    named = [("rule", index, entry.editions) for index, entry in enumerate(model.rule)]
    named += [("deadline", index, entry.editions) for index, entry in enumerate(model.deadline)]
    for kind, index, names in named:
        _check_editions(model, names, (kind, index, "editions"), document, report)
    editions: dict[str, Edition] = {}
    for name, entry in model.editions.items():
        editions[name] = _edition(
            name,
            entry,
            [built for built, only in rules if only is None or name in only],
            [(rule, at) for rule, at, only in deadlines if only is None or name in only],
            document,
            report,
        )
    return editions


def _edition(
    name: str,
    entry: EditionEntry,
    rules: Sequence[BuiltRule],
    deadlines: Sequence[tuple[DeadlineRule, Place]],
    document: Document,
    report: Report,
) -> Edition:
    check_ids(((built.rule.id, built.place) for built in rules), "rule", report)
    check_ids(((rule.id, place) for rule, place in deadlines), "deadline", report)
    place = document.place(("editions", name))
    return Edition(name, entry.as_of, tuple(entry.sources), tuple(rules), tuple(deadlines), place)


def _check_editions(
    model: ProfileFile,
    names: Sequence[str] | None,
    path: tuple[str, int, str],
    document: Document,
    report: Report,
) -> None:
    for index, name in enumerate(names or ()):
        if name not in model.editions:
            hint = did_you_mean(name, model.editions) or f"there are {', '.join(model.editions)}"
            report.error(document.place((*path, index)), f'there is no edition "{name}"', hint)


def check_ids(found: Iterable[tuple[str, Place]], kind: str, report: Report) -> None:
    """Note every id that was there before."""
    seen: dict[str, Place] = {}
    for name, place in found:
        if name in seen:
            report.error(place, f'the {kind} "{name}" is defined twice', f"first at {seen[name]}")
        seen.setdefault(name, place)


def packaged(kind: str) -> dict[str, Path]:
    """The packaged files of a kind (`store`, `platform`, `lexicon`), by id."""
    folder = Path(str(files(_PACKAGE))) / f"{kind}s"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def packaged_label(path: Path) -> str:
    """How a packaged file is called in messages, wherever Python keeps it."""
    return f"{_PACKAGE}/{path.parent.name}/{path.name}"


def locate(kind: str, name: str, at: Place, report: Report) -> tuple[Path, str] | None:
    """Find a packaged file by id, or a file by its path from the one that names it."""
    if name.endswith(".toml"):
        label = at.source.beside(name)
        path = at.source.folder / name
        return (path, label) if is_there(path, label, at, report) else None
    known = packaged(kind)
    if name in known:
        return known[name], packaged_label(known[name])
    hint = did_you_mean(name, known) or f"there are {', '.join(known) or 'none'}"
    report.error(at, f'there is no {kind} "{name}"', hint)
    return None
