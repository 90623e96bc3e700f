"""Turns one rule entry of a file into a `screening.rule.Rule`, or says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import PurePath

from replygate.config import limits
from replygate.config.alternatives import expand, fill
from replygate.config.contradictions import check_outcome, check_targets
from replygate.config.places import KeyPath, Located, Place, Report, Source
from replygate.config.read import read_text
from replygate.config.schema_screening import RuleEntry, StoreRuleEntry, TopicEntry
from replygate.config.validate import describe, shorten
from replygate.screening.fold import fold, fold_all
from replygate.screening.patterns import compile_pattern
from replygate.screening.rule import Exempt, Rule, Word

Where = Callable[[], Place]
"""Computes a place only when it is needed: a list may hold 100,000 words."""

_LATIN = re.compile(r"[a-z0-9]")

# Words that are folded together: enough to be quick, and few beside those that a rule may have.
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class BuiltRule:
    """A rule and what its store needs to know to switch it on or off.

    `adjusted` holds what others changed of it: key to value and place.
    """

    rule: Rule
    place: Place
    enabled: bool = True
    override: tuple[str, ...] = ()
    adjusted: Mapping[str, tuple[object, Place]] = field(default_factory=dict)


def build_rule(
    entry: RuleEntry, path: KeyPath, located: Located, report: Report, *, in_store: bool = False
) -> BuiltRule:
    """Build a rule. Where `report` gets an error, the rule is not fit for use."""
    place = located.place(path)
    builder = _Builder(entry, path, located, report)
    check_targets(entry, builder.at, report)
    check_outcome(entry, builder.at, report)
    source = PurePath(place.source.label).name if in_store else ""
    rule = Rule(
        id=entry.id,
        action=entry.action,
        why=entry.why or "a rule of this store",
        source=entry.source or source,
        words=builder.words(),
        detector=entry.detector,
        patterns=builder.patterns(),
        match=entry.match,
        exceptions=builder.exceptions(),
        replace=tuple(entry.replace or ()),
        together=builder.together(),
        within=entry.within,
        evasions=entry.evasions,
        on_evasion=entry.on_evasion or ("warn" if entry.action == "warn" else "block"),
        evidence=entry.evidence,
        mask=entry.mask or "",
        reply=tuple(entry.reply or ()),
        on_block=entry.on_block,
        severity=entry.severity,
        applies_to=frozenset(entry.applies_to) if entry.applies_to else None,
        kinds=frozenset(entry.kinds) if entry.kinds else None,
        first=entry.first,
    )
    override = tuple(entry.override) if isinstance(entry, StoreRuleEntry) else ()
    return BuiltRule(rule, located.place((*path, "id")), entry.enabled, override)


def build_topic(entry: TopicEntry, path: KeyPath, located: Located, report: Report) -> BuiltRule:
    """Build a topic of inbound texts: a rule that warns, named after what it speaks of."""
    written = entry.model_dump(by_alias=True, exclude_unset=True)
    as_rule = RuleEntry.model_validate({**written, "action": "warn", "why": f"topic {entry.id}"})
    return build_rule(as_rule, path, located, report)


def written_words(
    entry: RuleEntry, path: KeyPath, located: Located, report: Report
) -> Iterator[tuple[str, Where]]:
    """Every word that a rule entry stands for, those that fold alike too, and where it stands."""
    for text, _, where in _Builder(entry, path, located, report).entries():
        yield text, where


def blank(text: str) -> bool:
    """Whether folding leaves nothing that could be found."""
    return not fold(text).strip()


def check_phrase(text: str, where: Where, report: Report) -> bool:
    """Note a phrase that can never match or is too long; tell whether it is fine."""
    return _check_folded(text, fold(text), where, report)


def _are_sound(texts: Sequence[str], folded: Iterable[str]) -> bool:
    """Whether `_check_folded` would find nothing wrong with any of them. One look at all."""
    return all(map(str.strip, folded)) and max(map(len, texts), default=0) <= limits.WORD_CHARS


def _check_folded(text: str, folded: str, where: Where, report: Report) -> bool:
    if not folded.strip():
        got = describe(text) if not text else "only blanks or invisible characters"
        report.error(where(), f"expected some text, got {got}")
        return False
    if len(text) > limits.WORD_CHARS:
        what = f"has {len(text)} characters; at most {limits.WORD_CHARS} are allowed"
        report.error(where(), what)
        return False
    return True


class _Builder:
    def __init__(self, entry: RuleEntry, path: KeyPath, located: Located, report: Report) -> None:
        self.entry = entry
        self.path = path
        self.located = located
        self.report = report

    def at(self, *keys: str | int) -> Place:
        return self.located.place((*self.path, *keys))

    def where(self, *keys: str | int) -> Where:
        return partial(self.at, *keys)

    def words(self) -> tuple[Word, ...]:
        found: dict[str, Word] = {}
        entries = self.entries()
        while batch := [*islice(entries, _BATCH)]:
            texts = [text for text, _, _ in batch]
            folded = fold_all(texts)
            sound = _are_sound(texts, folded)
            for (text, replace, where), form in zip(batch, folded, strict=True):
                if not sound and not _check_folded(text, form, where, self.report):
                    continue
                if form in found:
                    self._warn_of_twin(text, found[form].text, where)
                    continue
                if self.entry.match != "any":
                    self._check_match(text, form, where)
                found[form] = Word(text, replace)
                if len(found) > limits.RULE_WORDS:
                    # Alternatives may stand for millions: no need to see them all.
                    what = f"has more than {limits.RULE_WORDS} words"
                    self.report.error(self.where()(), what)
                    return tuple(found.values())
        return tuple(found.values())

    def _warn_of_twin(self, text: str, first: str, where: Where) -> None:
        what = "stands twice in this rule" if first == text else f'is the same as "{first}"'
        self.report.warn(where(), f'"{shorten(text)}" {what}')

    def entries(self) -> Iterator[tuple[str, tuple[str, ...], Where]]:
        """Every word as it is written, with its replacements."""
        common = tuple(self.entry.replace or ())
        for index, template in enumerate(self.entry.words):
            where = self.where("words", index)
            for text, _ in self._expanded(template, where):
                yield text, common, where
        for template, texts in self.entry.rewrites.items():
            where = self.where("rewrites", template)
            for text, chosen in self._expanded(template, where):
                yield text, self._filled(texts, chosen, where), where
        for text, where in self._file_words():
            yield text, common, where

    def _expanded(self, template: str, where: Where) -> Sequence[tuple[str, tuple[str, ...]]]:
        try:
            return expand(template)
        except ValueError as err:
            self.report.error(where(), f'"{shorten(template)}": {err}')
            return ()

    def _filled(
        self, texts: Sequence[str], chosen: tuple[str, ...], where: Where
    ) -> tuple[str, ...]:
        try:
            return tuple(fill(text, chosen) for text in texts)
        except ValueError as err:
            self.report.error(where(), str(err))
            return ()

    def _file_words(self) -> Iterator[tuple[str, Where]]:
        name = self.entry.words_file
        if name is None:
            return
        at = self.where("words_file")()
        inner = Report()
        text = read_text(at.source.folder / name, at, inner)
        for problem in inner.problems:
            self.report.error(at, f"{name}: {problem.what}", problem.hint)
        if text is None:
            return
        source = Source(at.source.beside(name), at.source.folder)
        empty = True
        for number, line in enumerate(text.split("\n"), start=1):
            word = line.partition("#")[0].strip()
            if word:
                empty = False
                yield word, partial(Place, source, number, "")
        if empty:
            self.report.error(at, f"{name} holds no word")

    def _check_match(self, text: str, folded: str, where: Where) -> None:
        if self.entry.match == "lone" and len(folded) != 1:
            what = f'match = "lone" takes single characters, got "{shorten(text)}"'
            self.report.error(where(), what)
        edges = (folded[0], folded[-1])
        if self.entry.match == "word" and not any(map(_LATIN.match, edges)):
            what = f'match = "word" needs a Latin letter or digit at an edge of "{shorten(text)}"'
            self.report.error(where(), what)

    def patterns(self) -> tuple[str, ...]:
        for index, expression in enumerate(self.entry.patterns):
            where = self.where("patterns", index)
            if len(expression) > limits.PATTERN_CHARS:
                what = (
                    f"has {len(expression)} characters; at most {limits.PATTERN_CHARS} are allowed"
                )
                self.report.error(where(), what)
                continue
            try:
                compile_pattern(expression)
            except (ValueError, ImportError) as err:
                self.report.error(where(), str(err))
        return tuple(self.entry.patterns)

    def together(self) -> tuple[tuple[str, ...], ...]:
        groups: list[tuple[str, ...]] = []
        first: dict[str, int] = {}
        for index, template in enumerate(self.entry.all_):
            where = self.where("all", index)
            texts = self._phrases(template, where)
            phrases = dict(zip(fold_all(texts), texts, strict=True))
            groups.append(tuple(phrases.values()))
            for folded, text in phrases.items():
                if first.setdefault(folded, index) != index:
                    what = f'"{shorten(text)}" stands in all[{first[folded]}], too'
                    self.report.error(where(), what, "it would count beside itself")
        return tuple(groups)

    def exceptions(self) -> tuple[Exempt, ...]:
        found: list[Exempt] = []
        for index, template in enumerate(self.entry.except_):
            where = self.where("except", index)
            found += map(Exempt, self._phrases(template, where))
        for template, unless in self.entry.except_unless.items():
            where = self.where("except_unless", template)
            if blank(unless):
                what = "expected the characters that must not follow"
                self.report.error(where(), what, "a plain exception stands in except")
            marks = fold(unless)
            found += (Exempt(text, marks) for text in self._phrases(template, where))
        return tuple(found)

    def _phrases(self, template: str, where: Where) -> list[str]:
        texts = [text for text, _ in self._expanded(template, where)]
        folded = fold_all(texts)
        if _are_sound(texts, folded):
            return texts
        return [
            text
            for text, form in zip(texts, folded, strict=True)
            if _check_folded(text, form, where, self.report)
        ]
