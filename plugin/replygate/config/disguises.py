"""Whether a replacement only writes in another way what must not be written: 微信 as V信."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from replygate.config.library import Library
from replygate.config.places import Place, Report, Source
from replygate.screening.rule import RulePart
from replygate.screening.rulebook import Rulebook

_CONTACT: Final = "contact"
_LEXICONS: Final = (_CONTACT, "other-platforms", "payment")

# Some spellings are suspect only beside such words.
_SENTENCES: Final = (("", ""), ("加", ""), ("", "号abc123"))


class Disguises:
    """The packaged rules on contacts, other platforms and payment, as a judge of replacements."""

    def __init__(self) -> None:
        report = Report()
        library = Library()
        nowhere = Place(Source("", Path()), 0, "")
        lexicons = [library.lexicon(name, nowhere, report) for name in _LEXICONS]
        report.raise_errors()
        self._book = Rulebook.compile(
            RulePart(
                tuple(
                    built.rule
                    for lexicon in lexicons
                    if lexicon is not None
                    for built in lexicon.rules
                    if built.enabled
                )
            ),
            RulePart(),
        )

    def rule_against(self, word: str, replacement: str) -> str | None:
        """The rule that finds the replacement as it finds the word; a contact in any case.

        The name of another platform is fine in place of an ordinary word: it may be the shop's own.
        """
        found = self._rules(replacement)
        before = self._rules(word) if found else {}
        for rule in found:
            if rule in before or rule.startswith(f"{_CONTACT}."):
                return rule
        return None

    def _rules(self, text: str) -> dict[str, None]:
        """The rules that find something of `text`, in a sentence that may give it away."""
        rules: dict[str, None] = {}
        for before, after in _SENTENCES:
            start, end = len(before), len(before) + len(text)
            for finding in self._book.find(f"{before}{text}{after}"):
                if finding.start < end and finding.end > start:
                    rules[finding.rule] = None
        return rules
