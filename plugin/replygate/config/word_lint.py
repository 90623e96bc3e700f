"""What is odd in word lists: words that find nothing, too much, or what is found already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from replygate.config.library import Library
from replygate.config.load import find_store, local_today, resolve_document
from replygate.config.places import Place, Report
from replygate.config.resolve import Asked
from replygate.config.schema_holding import HoldingTable
from replygate.config.validate import shorten
from replygate.config.word_lists import ListedWord, WordLists
from replygate.errors import Level, Problem
from replygate.screening.fold import fold

RemarkKind = Literal["file", "twice", "inside", "single", "covered", "holding", "hits"]
"""`file` is what `check` says; of the others each is one thing that can be odd about a word."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd, about the file or one word of it. `hits` counts texts of a corpus."""

    kind: RemarkKind
    problem: Problem
    word: str = ""
    hits: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the words will meet in a store: its own texts, and the phrases that it allows."""

    texts: tuple[str, ...]
    allow: tuple[str, ...]


def usual_surroundings() -> Surroundings:
    """Those of a store that says nothing: the holding texts it then has."""
    holding = HoldingTable()
    return Surroundings(tuple(holding.all_texts), ())


def surroundings(store: str, enable: Sequence[str], settings: Sequence[str]) -> Surroundings:
    """Those of a store, named as in `load_store`. Raises ConfigError, UnknownStore."""
    report = Report()
    document = find_store(store, report)
    asked = Asked(tuple(enable), tuple(settings), local_today())
    resolved = resolve_document(document, Library(), asked, report) if document else None
    report.raise_errors()
    assert resolved is not None, "no error was noted, so there is a store"
    model, profile = resolved.model, resolved.profile
    platform_replies = profile.screening.stock_replies if profile else ()
    stock = model.screening.stock_replies or platform_replies
    return Surroundings(
        texts=(*model.holding.all_texts, *stock),
        allow=(*model.screening.allow, *(profile.own_names if profile else ())),
    )


def lint_words(lists: WordLists, around: Surroundings) -> Iterator[Remark]:
    """Everything odd about the words that can be said without a corpus."""
    yield from _twice(lists.words)
    yield from _inside(lists)
    yield from _single(lists.words)
    yield from _covered(lists.words, around.allow)
    yield from _holding(lists, around.texts)


class Tally:
    """Counts in how many texts each word stands."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._texts = 0
        self._hits: Counter[ListedWord] = Counter()
        self._example: dict[ListedWord, str] = {}

    def add(self, text: str) -> None:
        """Count one text."""
        self._texts += 1
        for word in dict.fromkeys(word for word, _ in self._lists.find(text)):
            self._hits[word] += 1
            self._example.setdefault(word, text)

    def remarks(self) -> Iterator[Remark]:
        """The words that stand in any text, the commonest first."""
        for word, hits in self._hits.most_common():
            what = f'"{shorten(word.text)}" stands in {hits} of {self._texts} texts'
            example = f'such as "{shorten(self._example[word])}"'
            yield _remark("hits", word, what, example, hits=hits)


def _twice(words: Sequence[ListedWord]) -> Iterator[Remark]:
    """Words that several rules look for alike. Of one rule alone, `check` speaks already."""
    first: dict[tuple[object, ...], ListedWord] = {}
    for word in words:
        rule = word.rule
        other = first.setdefault((word.folded, rule.match, rule.evasions, rule.evidence), word)
        if other.rule_index != word.rule_index:
            what = f'"{shorten(word.text)}" is a word of the rule "{other.rule.id}" too'
            yield _remark("twice", word, what, f"at {other.place}")


def _inside(lists: WordLists) -> Iterator[Remark]:
    """Entries that other words of the rule find, wherever they stand."""
    for entry in _entries(lists.words):
        first = entry[0]
        # The longest rewrite wins, so a longer word has its own effect.
        if first.rule.action == "rewrite" and not first.rule.reply:
            continue
        others = [_other(word, lists) for word in entry]
        if others[0] is not None and all(others):
            what = f'{_named(entry)} found by "{shorten(others[0].text)}" already'
            yield _remark("inside", first, what, f"see {others[0].place}")


def _other(word: ListedWord, lists: WordLists) -> ListedWord | None:
    """A word of another entry that finds `word`, in whatever text it stands."""
    for other, _ in lists.find(word.text):
        if other.rule_index != word.rule_index or other.entry == word.entry:
            continue
        if other.folded != word.folded and not _may_be_spared(other):
            return other
    return None


def _entries(words: Sequence[ListedWord]) -> Iterator[Sequence[ListedWord]]:
    """The words that one entry of a list stands for: `{a|}b` is two. An entry is judged whole."""
    for _, entry in groupby(words, lambda word: (word.rule_index, word.entry)):
        yield list(entry)


def _named(entry: Sequence[ListedWord]) -> str:
    name = f'"{shorten(entry[0].text)}"'
    return f"{name} is" if len(entry) == 1 else f"{name} and {len(entry) - 1} more are"


def _may_be_spared(word: ListedWord) -> bool:
    return any(word.folded in fold(spared.text) for spared in word.rule.exceptions)


def _single(words: Sequence[ListedWord]) -> Iterator[Remark]:
    for word in words:
        rule = word.rule
        spared = rule.exceptions or rule.evidence or rule.match != "any"
        if len(word.folded) == 1 and not spared:
            what = f'"{word.text}" is a single character; it stands in many harmless words'
            yield _remark("single", word, what, 'use longer words, or match = "lone" with except')


def _covered(words: Sequence[ListedWord], allow: Sequence[str]) -> Iterator[Remark]:
    allowed = {fold(phrase) for phrase in allow}
    for entry in _entries(words):
        first = entry[0]
        spared = {fold(one.text) for one in first.rule.exceptions if not one.unless_next}
        if all(word.folded in spared for word in entry):
            what = f"{_named(entry)} never found: an exception of the rule says the same"
            yield _remark("covered", first, what)
        elif all(word.folded in allowed | spared for word in entry):
            what = f"{_named(entry)} never found: the store allows the same everywhere"
            yield _remark("covered", first, what)


def _holding(lists: WordLists, texts: Sequence[str]) -> Iterator[Remark]:
    """Words in the store's own texts, which then could not go out as they are."""
    for text in texts:
        for word, _ in lists.find(text):
            rule = word.rule
            if rule.applies_to is not None and "hold" not in rule.applies_to:
                continue
            what = f'"{shorten(word.text)}" stands in a text of the store itself: "{shorten(text)}"'
            yield _remark("holding", word, what, level="error" if rule.action == "block" else None)


def _remark(
    kind: RemarkKind,
    word: ListedWord,
    what: str,
    hint: str = "",
    *,
    level: Level | None = None,
    hits: int = 0,
) -> Remark:
    place: Place = word.place
    problem = Problem(place.source.label, place.line, place.key, what, hint, level or "warning")
    return Remark(kind, problem, word.text, hits)
