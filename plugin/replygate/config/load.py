"""The way in: from a path or a packaged id to a store that is ready for use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from replygate.config.build import build_store
from replygate.config.kinds import kind_of
from replygate.config.library import Library, packaged, packaged_label
from replygate.config.places import KeyPath, Place, Report, Source, did_you_mean
from replygate.config.read import Document, read_toml, reason
from replygate.config.resolve import Asked, Resolved, read_layers, resolve
from replygate.config.store import OneBotAdapter, Store
from replygate.errors import UnknownStore
from replygate.screening.gate import Check
from replygate.timing.calendar import PLATFORM_ZONE

_ACCOUNT: KeyPath = ("adapter", "self_id")


def load_store(
    source: str | Path,
    *,
    enable: Sequence[str] = (),
    settings: Sequence[str] = (),
    checks: Sequence[Check] = (),
    today: dt.date | None = None,
) -> Store:
    """Load a store from a TOML file, or a packaged one by its id (`demo-pdd`).

    `enable` switches on lexicons, or rules that are off by default. `settings` are
    `dotted.key=value` and win over the files. `checks` are the caller's own functions. `today` is
    the platform's local day unless given.

    Raises ConfigError with every problem at once, UnknownStore where nothing has this name.
    """
    report = Report()
    document = find_store(source, report)
    library = Library()
    store = None
    if document:
        asked = Asked(tuple(enable), tuple(settings), today or local_today())
        store = load_document(document, library, asked, checks, report)
    report.raise_errors()
    assert store is not None, "no error was noted, so there is a store"
    return store


def load_stores(folder: str | Path, *, today: dt.date | None = None) -> dict[str, Store]:
    """Load every store of a folder by id; a file without an id is a group and skipped.

    Raises ConfigError with every problem of every file, two stores of one id included.
    """
    report = Report()
    library = Library()
    asked = Asked((), (), today or local_today())
    stores: dict[str, Store] = {}
    labels: dict[str, str] = {}
    accounts: dict[str, str] = {}
    for document in _store_documents(Path(folder), report):
        name = document.data["id"]
        place = document.place(("id",))
        if isinstance(name, str) and name in labels:
            report.error(place, f'the store "{name}" is defined twice', f"see {labels[name]}")
            continue
        if isinstance(name, str):
            labels[name] = str(place)
        # Each has a report of its own: one broken store must not stop the judging of the next.
        inner = Report()
        store = load_document(document, library, asked, (), inner)
        report.include(inner.problems)
        if store:
            stores[store.id] = store
            _require_own_account(store, document.place(_ACCOUNT), accounts, report)
    report.raise_errors()
    return stores


def _require_own_account(
    store: Store, place: Place, accounts: dict[str, str], report: Report
) -> None:
    """Note an account that speaks for another store: nobody could say whose a message is."""
    if isinstance(store.adapter, OneBotAdapter) and store.adapter.self_id is not None:
        account = store.adapter.self_id
        first = accounts.setdefault(account, str(place))
        if first != str(place):
            report.error(place, f'the account "{account}" is that of another store', f"see {first}")


def _store_documents(folder: Path, report: Report) -> list[Document]:
    whole = Place(_source(folder), 0, "")
    if not folder.is_dir():
        report.error(whole, "expected a folder of store files")
        return []
    documents = [read_toml(path, str(path), report) for path in sorted(folder.glob("*.toml"))]
    stores = [document for document in documents if document and kind_of(document.data) == "store"]
    if not stores and not report.failed():
        report.error(whole, "holds no store file")
    return stores


def _source(folder: Path) -> Source:
    return Source(str(folder), folder)


def find_store(source: str | Path, report: Report) -> Document | None:
    """Read the file behind a path or packaged id; raises UnknownStore where there is none."""
    path = Path(source)
    if not str(source):
        raise UnknownStore("expected a store's file or id, got an empty name")
    try:
        there = path.is_file() or (path.exists() and str(source) not in packaged("store"))
    except OSError as err:
        raise UnknownStore(f"{source} can not be read: {reason(err)}") from err
    if there:
        return read_toml(path, str(source), report)
    known = packaged("store")
    found = known.get(str(source))
    if found:
        return read_toml(found, packaged_label(found), report)
    if path.suffix == ".toml" or len(path.parts) > 1:
        near = did_you_mean(path.stem, [file.stem for file in path.parent.glob("*.toml")])
        raise UnknownStore(_with_hint(f"there is no file {source}", near))
    hint = did_you_mean(str(source), known) or f"packaged are {', '.join(known)}"
    raise UnknownStore(_with_hint(f'there is no file and no packaged store "{source}"', hint))


def _with_hint(what: str, hint: str) -> str:
    return f"{what}; {hint}" if hint else what


def load_document(
    document: Document, library: Library, asked: Asked, checks: Sequence[Check], report: Report
) -> Store | None:
    """Load a store that was read; None when `report` got an error."""
    resolved = resolve_document(document, library, asked, report)
    return build_store(resolved, checks, report) if resolved else None


def resolve_document(
    document: Document, library: Library, asked: Asked, report: Report
) -> Resolved | None:
    """Put a store's parts together; None when a layer does not fit the schema."""
    kind = kind_of(document.data)
    if kind == "group":
        report.error(document.place(("id",)), "is missing", "a file without an id is a group")
        return None
    if kind != "store":
        report.error(document.place(()), f"is a {kind} file, expected a store")
        return None
    return resolve(read_layers(document, asked.settings, report), library, asked, report)


def local_today() -> dt.date:
    """The day where the platforms are."""
    return dt.datetime.now(PLATFORM_ZONE).date()
