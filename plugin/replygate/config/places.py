"""Where a value of a configuration came from, and the list of what is wrong with it."""

from __future__ import annotations

import difflib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol

from replygate.errors import ConfigError, Level, Problem

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top of a document: `("screening", "rule", 0, "words", 2)`."""

_BARE_KEY = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as people know it (`label`), and the folder that its relative paths start from."""

    label: str
    folder: Path

    def beside(self, name: str) -> str:
        """How a file is called that this one names by a relative path."""
        return posixpath.normpath(PurePath(self.label).parent.joinpath(name).as_posix())


@dataclass(frozen=True, slots=True)
class Place:
    """One key of one file. `line` counts from 1; 0 means that there is no line."""

    source: Source
    line: int
    key: str

    def __str__(self) -> str:
        return f"{self.source.label}:{self.line}" if self.line else self.source.label


class Located(Protocol):
    """Anything that knows where each of its keys was written."""

    def place(self, path: KeyPath) -> Place:
        """Where `path` stands, or the nearest table around it."""


def dotted(path: KeyPath) -> str:
    """Write a path as people write it: `screening.rule[0].words[2]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            # As TOML writes it: a line break in a key must not break the line of an error.
            key = part if _BARE_KEY.fullmatch(part) else json.dumps(part, ensure_ascii=False)
            text += f".{key}" if text else key
    return text


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Give the hint that names the likeliest known word, or nothing."""
    near = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""


class Report:
    """Collects problems, each once, so that a person sees all of them together."""

    __slots__ = ("_problems",)

    def __init__(self) -> None:
        # A dict keeps the order and finds what it holds at once.
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Errors and warnings in reading order: file by file, line by line."""
        files = {name: order for order, name in enumerate(dict.fromkeys(p.file for p in self))}
        return tuple(sorted(self, key=lambda problem: (files[problem.file], problem.line)))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._problems)

    def error(self, place: Place, what: str, hint: str = "") -> None:
        """Note something that makes the configuration unusable."""
        self._add(place, what, hint, "error")

    def warn(self, place: Place, what: str, hint: str = "") -> None:
        """Note something that works, but is probably not meant."""
        self._add(place, what, hint, "warning")

    def include(self, problems: Iterable[Problem]) -> None:
        """Note what was found elsewhere."""
        self._problems.update(dict.fromkeys(problems))

    def _add(self, place: Place, what: str, hint: str, level: Level) -> None:
        self.include([Problem(place.source.label, place.line, place.key, what, hint, level)])

    def failed(self) -> bool:
        """Whether any error was noted; warnings do not count."""
        return any(problem.level == "error" for problem in self)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings alone."""
        return tuple(problem for problem in self.problems if problem.level == "warning")

    def raise_errors(self) -> None:
        """Raise ConfigError with every error, if there is one."""
        if self.failed():
            raise ConfigError([p for p in self.problems if p.level == "error"])


def check_ids(found: Iterable[tuple[str, Place]], kind: str, report: Report) -> None:
    """Note every id that was there before."""
    seen: dict[str, Place] = {}
    for name, place in found:
        if name in seen:
            report.error(place, f'the {kind} "{name}" is defined twice', f"first at {seen[name]}")
        seen.setdefault(name, place)
