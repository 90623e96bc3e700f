"""The words of lexicons, stores, profiles and plain lists, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from replygate.config.kinds import kind_of
from replygate.config.library import packaged, packaged_label
from replygate.config.load import find_store
from replygate.config.places import KeyPath, Place, Report, Source
from replygate.config.read import Document, is_there, read_toml
from replygate.config.rules import build_rule, check_phrase, written_words
from replygate.config.schema import GroupFile, LexiconFile, ProfileFile, StoreFile
from replygate.config.schema_screening import RuleEntry
from replygate.config.validate import salvage
from replygate.model import Finding
from replygate.screening.fold import fold
from replygate.screening.rule import Rule, RulePart
from replygate.screening.rulebook import Rulebook


# Compared by identity: a rule may have 100,000 words.
@dataclass(frozen=True, slots=True, eq=False)
class ListedWord:
    """One word of a rule.

    `rule_index` tells rules of several files apart, `entry` the entries of one rule: `{a|}b` is
    one entry and two words.
    """

    text: str
    folded: str
    rule: Rule
    rule_index: int
    entry: tuple[int, str]
    place: Place


class WordLists:
    """Every word of some files, and one rulebook that finds exactly these."""

    def __init__(self, rules: Sequence[Rule], words: Sequence[ListedWord]) -> None:
        self.words = tuple(words)
        self._by_spelling = {(word.rule_index, word.folded): word for word in reversed(words)}
        alone = tuple(_words_alone(rule, index) for index, rule in enumerate(rules))
        self._book = Rulebook.compile(RulePart(alone), RulePart())

    def find(self, text: str) -> Iterator[tuple[ListedWord, Finding]]:
        """The words that stand in `text` where no exception of their rule covers them."""
        for finding in self._book.find(text):
            index, folded = int(finding.rule), fold(finding.matched)
            # A lone character counts once for a run of it.
            word = self._by_spelling.get((index, folded)) or self._by_spelling.get(
                (index, folded[:1])
            )
            assert word is not None, "the rulebook holds these words alone"
            yield word, finding


def _words_alone(rule: Rule, index: int) -> Rule:
    """The rule without whatever else it looks for or asks."""
    return replace(
        rule,
        id=str(index),
        detector=None,
        patterns=(),
        together=(),
        evasions=False,
        evidence=False,
        applies_to=None,
        kinds=None,
        first=False,
    )


def read_word_lists(sources: Sequence[str], report: Report) -> WordLists:
    """Read .toml files, packaged stores and lexicons by their id, and .txt lists.

    What `check` says of their rules is noted in `report`. Raises UnknownStore where a name is
    neither a file nor packaged.
    """
    rules: list[Rule] = []
    words: list[ListedWord] = []
    for source in sources:
        for entry, path, document in _entries(source, report):
            rule = build_rule(entry, path, document, report).rule
            for text, where in written_words(entry, path, document, report):
                if check_phrase(text, where, report):
                    at = where()
                    words.append(
                        ListedWord(text, fold(text), rule, len(rules), (at.line, at.key), at)
                    )
            rules.append(rule)
    return WordLists(rules, words)


def find_rules(source: str, report: Report) -> Document | None:
    """Read a file of rules: by its path, or a packaged store or lexicon by its id.

    Raises UnknownStore where there is none.
    """
    lexicon = packaged("lexicon").get(source)
    if lexicon is not None and not Path(source).is_file():
        return read_toml(lexicon, packaged_label(lexicon), report)
    return find_store(source, report)


def _entries(source: str, report: Report) -> Iterator[tuple[RuleEntry, KeyPath, Document]]:
    if source.endswith(".txt"):
        yield from _plain_list(source, report)
        return
    document = find_rules(source, report)
    if document is None:
        return
    path: KeyPath = ("rule",)
    entries: Sequence[RuleEntry] = ()
    kind = kind_of(document.data)
    if kind == "lexicon":
        lexicon = salvage(LexiconFile, document, report)
        entries = lexicon.rule if lexicon else ()
    elif kind == "platform":
        profile = salvage(ProfileFile, document, report)
        entries = profile.rule if profile else ()
    else:
        store = salvage(StoreFile if kind == "store" else GroupFile, document, report)
        entries, path = store.screening.rule if store else (), ("screening", "rule")
    for index, entry in enumerate(entries):
        yield entry, (*path, index), document


def _plain_list(source: str, report: Report) -> Iterator[tuple[RuleEntry, KeyPath, Document]]:
    """A list is what a rule's `words_file` may name."""
    file = Path(source)
    document = Document(Source(source, file.parent), {}, {})
    if is_there(file, source, document.place(()), report):
        yield RuleEntry(id="list", action="block", words_file=file.name), (), document
