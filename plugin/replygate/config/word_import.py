"""From the rows of somebody's word list to a lexicon that can be used."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from replygate.config import limits
from replygate.config.check import check_lexicon
from replygate.config.disguises import Disguises
from replygate.config.judge import replacements, would_block
from replygate.config.lexicon_text import LexiconDraft, write_lexicon
from replygate.config.library import read_lexicon
from replygate.config.places import Report, Source
from replygate.config.read import Document, parse_toml
from replygate.config.rules import blank
from replygate.model import FindingAction
from replygate.screening.fold import fold
from replygate.screening.gate import Gate
from replygate.screening.rule import RulePart
from replygate.screening.rulebook import Rulebook

_BRACES = frozenset("{}")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list. `place` is for messages; `replacement` is empty where there is none."""

    place: str
    word: str
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that can not be taken as it is."""

    row: Row
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the lexicon is to be called and to say. `action` None: what each row allows."""

    id: str
    as_of: dt.date
    why: str
    source: str
    action: FindingAction | None


@dataclass(slots=True)
class Imported:
    """The outcome. `repeated` counts rows that say again what a row before them said."""

    words: dict[str, Row] = field(default_factory=dict)
    rewrites: dict[str, Row] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    repeated: int = 0
    text: str = ""


def import_words(rows: Iterable[Row], wanted: Wanted) -> Imported:
    """Sort the rows into words and rewrites, refuse what can not be taken, and write the lexicon.

    The text passes `check`; it is empty where nothing is left.
    """
    done = Imported()
    disguises = Disguises()
    for row in rows:
        why = _misfit(row)
        if not why and row.replacement and wanted.action in (None, "rewrite"):
            why = _bad_rewrite(row, disguises)
        elif not why and wanted.action == "rewrite":
            why = "has no replacement"
        if why:
            done.refused.append(Refused(row, why))
        else:
            _take(row, wanted, done)
    _refuse_caught(done, wanted)
    if done.words or done.rewrites:
        done.text = _written(done, wanted)
        _assert_sound(done.text)
    return done


def _misfit(row: Row) -> str:
    if blank(row.word):
        return "is blank, or only invisible characters"
    if len(row.word) > limits.WORD_CHARS:
        return f"has {len(row.word)} characters; at most {limits.WORD_CHARS} are allowed"
    if _BRACES & set(row.word):
        return "has braces, which mean alternatives in a lexicon"
    if _UNPRINTABLE.search(row.word):
        return "has a line break or a control character"
    return ""


def _bad_rewrite(row: Row, disguises: Disguises) -> str:
    text = row.replacement
    if len(text) > limits.TEXT_CHARS:
        return (
            f"its replacement has {len(text)} characters; at most {limits.TEXT_CHARS} are allowed"
        )
    if _BRACES & set(text):
        return "its replacement has braces, which mean alternatives in a lexicon"
    if fold(text) == fold(row.word):
        return "its replacement reads the same"
    rule = disguises.rule_against(row.word, text)
    if rule is not None:
        return (
            f'its replacement "{text}" is caught by the rule "{rule}": it says the same, disguised'
        )
    return ""


def _take(row: Row, wanted: Wanted, done: Imported) -> None:
    folded = fold(row.word)
    rewritten = done.rewrites.get(folded)
    if wanted.action in ("block", "warn") or not row.replacement:
        if rewritten is not None or folded in done.words:
            done.repeated += 1
        elif len(done.words) == limits.RULE_WORDS:
            done.refused.append(Refused(row, f"is one too many: {limits.RULE_WORDS} are allowed"))
        else:
            done.words[folded] = row
    elif rewritten is None:
        if done.words.pop(folded, None) is not None:
            done.repeated += 1
        if len(done.rewrites) == limits.RULE_WORDS:
            done.refused.append(Refused(row, f"is one too many: {limits.RULE_WORDS} are allowed"))
        else:
            done.rewrites[folded] = row
    elif rewritten.replacement == row.replacement:
        done.repeated += 1
    else:
        why = f'is replaced by "{rewritten.replacement}" already, at {rewritten.place}'
        done.refused.append(Refused(row, why))


def _refuse_caught(done: Imported, wanted: Wanted) -> None:
    """Take out rewrites whose replacement the list itself blocks."""
    if not done.rewrites:
        return
    lexicon = read_lexicon(_parsed(_written(done, wanted)), Report())
    assert lexicon is not None, "the rows were checked one by one"
    gate = Gate(Rulebook.compile(RulePart(tuple(one.rule for one in lexicon.rules)), RulePart()))
    bad = {one.text for one in replacements(lexicon.rules) if would_block(gate, one.text)}
    for folded, row in list(done.rewrites.items()):
        if row.replacement in bad:
            del done.rewrites[folded]
            why = f'its replacement "{row.replacement}" is caught by this list itself'
            done.refused.append(Refused(row, why))


def _written(done: Imported, wanted: Wanted) -> str:
    return write_lexicon(
        LexiconDraft(
            id=wanted.id,
            as_of=wanted.as_of,
            why=wanted.why,
            source=wanted.source,
            action=wanted.action if wanted.action in ("block", "warn") else "block",
            words=[row.word for row in _sorted(done.words)],
            rewrites={row.word: row.replacement for row in _sorted(done.rewrites)},
        )
    )


def _sorted(rows: dict[str, Row]) -> Iterator[Row]:
    return (rows[folded] for folded in sorted(rows))


def _parsed(text: str) -> Document:
    document = parse_toml(text, Source("lexicon", Path()), Report())
    assert document is not None, "what we write is TOML"
    return document


def _assert_sound(text: str) -> None:
    report = Report()
    check_lexicon(_parsed(text), report)
    assert not report.problems, str(report.problems[0])
