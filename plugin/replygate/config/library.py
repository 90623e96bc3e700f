"""Platform profiles and lexicons: read once, shared by every store that names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias, cast

from replygate.config.adjust import Change, changes
from replygate.config.editions import Edition, read_editions
from replygate.config.kinds import FileKind, kind_of
from replygate.config.places import Place, Report, check_ids, did_you_mean
from replygate.config.read import Document, is_there, read_toml
from replygate.config.rules import BuiltRule, build_rule, build_topic, check_phrase
from replygate.config.schema import LexiconFile, ProfileFile
from replygate.config.schema_screening import ProfileScreeningTable, TopicEntry
from replygate.config.shared import CommonRules, SharedRules
from replygate.config.validate import salvage
from replygate.errors import Problem
from replygate.screening.rule import Rule

_PACKAGE = "replygate_config"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A themed set of rules."""

    id: str
    title: str
    as_of: dt.date
    rules: tuple[BuiltRule, ...]
    topics: tuple[BuiltRule, ...]
    file: str


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A platform profile with all of its editions.

    `adjust` is what it changes of its lexicons' rules, each with the place where it says so.
    """

    id: str
    name: str
    own_domains: tuple[str, ...]
    own_names: tuple[str, ...]
    lexicons: tuple[Lexicon, ...]
    recall_s: int | None
    editions: dict[str, Edition]
    screening: ProfileScreeningTable
    adjust: tuple[Change, ...]
    topics: tuple[BuiltRule, ...]
    file: str


_Read: TypeAlias = tuple[object, tuple[Problem, ...]]
"""A profile or lexicon, None where it is no such thing, and what is wrong with it."""


class Library:
    """Reads each profile and lexicon once. What is wrong with one is told to every user of it.

    What is packaged is read once in a process.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[str, Path], _Read] = {}
        self._shared: dict[tuple[int, ...], SharedRules] = {}

    def lexicon(self, name: str, at: Place, report: Report) -> Lexicon | None:
        """Find a lexicon by packaged id or by a path that starts from the file at `at`."""
        found = locate("lexicon", name, at, report)
        return cast("Lexicon | None", self._once("lexicon", found, report)) if found else None

    def profile(self, name: str, at: Place, report: Report) -> LoadedProfile | None:
        """Find a platform profile by packaged id or by a path."""
        found = locate("platform", name, at, report)
        if found is None:
            return None
        return cast("LoadedProfile | None", self._once("platform", found, report))

    def shared(
        self, profile: LoadedProfile | None, edition: Edition | None, lexicons: Sequence[Lexicon]
    ) -> SharedRules:
        """The rules of an edition and lexicons that this library has read."""
        # The parts live as long as the library does, so none takes the place of another.
        key = tuple(map(id, (profile, edition, *lexicons)))
        if key not in self._shared:
            rules = [*edition.rules] if edition else []
            rules += (rule for lexicon in lexicons for rule in lexicon.rules)
            topics = [*profile.topics] if profile else []
            topics += (topic for lexicon in lexicons for topic in lexicon.topics)
            self._shared[key] = SharedRules(
                rules,
                profile.adjust if profile else (),
                profile.own_names if profile else (),
                profile.own_domains if profile else (),
                topics,
                packaged_rules(),
            )
        return self._shared[key]

    def _once(self, kind: FileKind, found: tuple[Path, str], report: Report) -> object:
        path, label = found
        if label == packaged_label(path):
            loaded, problems = _packaged_file(kind, path)
        else:
            if (kind, path) not in self._read:
                self._read[kind, path] = self.read(kind, path, label)
            loaded, problems = self._read[kind, path]
        report.include(problems)
        return loaded

    def read(self, kind: FileKind, path: Path, label: str) -> _Read:
        """Read the profile or lexicon at `path`, which is called `label` in messages."""
        report = Report()
        document = _read(kind, path, label, report)
        if document is None:
            return None, report.problems
        convert = read_lexicon if kind == "lexicon" else self.read_profile
        return convert(document, report), report.problems

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
            editions=read_editions(model, document, report),
            screening=model.screening,
            adjust=tuple(changes(model.adjust, ("adjust",), document)),
            topics=_topics(model.topic, document, report),
            file=document.source.label,
        )


@cache
def _packaged_file(kind: FileKind, path: Path) -> _Read:
    return Library().read(kind, path, packaged_label(path))


@cache
def packaged_rules() -> CommonRules:
    """The rules of all packaged platforms and lexicons, but for files that are broken."""
    rules: list[Rule] = []
    for kind in ("platform", "lexicon"):
        for path in packaged(kind).values():
            loaded, problems = _packaged_file(kind, path)
            if any(problem.level == "error" for problem in problems):
                continue
            if isinstance(loaded, LoadedProfile):
                rules += (b.rule for edition in loaded.editions.values() for b in edition.rules)
            elif isinstance(loaded, Lexicon):
                rules += (built.rule for built in loaded.rules)
    return CommonRules(rules)


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
    return Lexicon(
        id=model.id,
        title=model.title,
        as_of=model.as_of,
        rules=tuple(rules),
        topics=_topics(model.topic, document, report),
        file=document.source.label,
    )


def _topics(
    entries: Sequence[TopicEntry], document: Document, report: Report
) -> tuple[BuiltRule, ...]:
    topics = [
        build_topic(entry, ("topic", index), document, report)
        for index, entry in enumerate(entries)
    ]
    check_ids(((built.rule.id, built.place) for built in topics), "topic", report)
    return tuple(topics)


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
