"""Loads whatever holds rules as a store: a store itself, or a lexicon by itself."""

from __future__ import annotations

from pathlib import Path

from replygate.config.kinds import kind_of
from replygate.config.library import Library
from replygate.config.load import load_document, local_today
from replygate.config.places import Report, Source
from replygate.config.read import Document, parse_toml
from replygate.config.resolve import Asked
from replygate.config.store import Store
from replygate.config.word_lists import find_rules

_BARE_STORE = 'id = "lexicon"\nplatform = "general"\n'


def load_rules(source: str) -> Store:
    """Load a store in enforce mode, or a lexicon applied alone to a store without a platform.

    `source` is a path, or the id of a packaged store or lexicon. Raises ConfigError, UnknownStore.
    """
    report = Report()
    document = find_rules(source, report)
    store = _load(document, source, report) if document is not None else None
    report.raise_errors()
    assert store is not None, "no error was noted, so there is a store"
    return store


def _load(document: Document, source: str, report: Report) -> Store | None:
    kind = kind_of(document.data)
    if kind == "platform":
        report.error(document.place(()), "is a platform file, expected a store or a lexicon")
        return None
    if kind != "lexicon":
        asked = Asked((), ("mode=enforce",), local_today())
        return load_document(document, Library(), asked, (), report)
    if Path(source).is_file() and not source.endswith(".toml"):
        # Its name would be taken for the id of a packaged one.
        report.error(document.place(()), "expected a lexicon whose name ends in .toml")
        return None
    bare = parse_toml(_BARE_STORE, Source("lexicon", Path()), report)
    assert bare is not None, "what we write is TOML"
    return load_document(bare, Library(), Asked((source,), (), local_today()), (), report)
