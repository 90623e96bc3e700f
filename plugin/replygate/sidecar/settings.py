"""What one configuration of the sidecar comes to: stores, tokens, and the ways to platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from replygate.config import Secret, Store, load_stores
from replygate.errors import ConfigError, Problem
from replygate.runtime import Platform
from replygate.screening.gate import Gate
from replygate.sidecar.access import Access
from replygate.sidecar.adapters import Maker, makers_of
from replygate.sidecar.addresses import Address
from replygate.sidecar.hosted import Hosted
from replygate.sidecar.limits import TOKEN_CHARS_MIN
from replygate.sidecar.operators import load_operators


@dataclass(frozen=True, slots=True)
class Settings:
    """How the command line wants the sidecar."""

    stores: Path
    listen: Address
    admin: Address
    ledger: str
    journal: str
    operators: Path | None = None
    admin_token: Secret | None = None
    observes: bool = False
    is_open: bool = False

    def require_safe(self) -> None:
        """Raise ConfigError where anybody on the network could do what only some may."""
        problems: list[Problem] = []
        if self.is_open and not self.listen.is_loopback:
            what = f"--no-auth is for this machine only, and {self.listen} is not"
            problems.append(Problem("--listen", 0, "", what, "listen on 127.0.0.1, or use tokens"))
        if self.admin_token is None and not self.admin.is_loopback:
            what = f"{self.admin} can be reached from elsewhere, so it needs a token"
            problems.append(Problem("--admin", 0, "", what, "set REPLYGATE_ADMIN_TOKEN"))
        if self.admin_token is not None and len(self.admin_token.reveal()) < TOKEN_CHARS_MIN:
            what = f"has fewer than {TOKEN_CHARS_MIN} characters"
            problems.append(Problem("REPLYGATE_ADMIN_TOKEN", 0, "", what))
        if problems:
            raise ConfigError(problems)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read from files: replaced as a whole."""

    stores: Mapping[str, Store]
    access: Access
    makers: Mapping[str, Maker]

    def platforms(self, current: Mapping[str, Platform]) -> dict[str, Platform]:
        """The ways to the platforms, for the running loop; what can go on as it is, goes on."""
        found: dict[str, Platform] = {}
        for name, make in self.makers.items():
            old, store = current.get(name), self.stores[name]
            keeps = isinstance(old, Hosted) and old.keeps(store)
            found[name] = old if old is not None and keeps else make(store)
        return found


def load(settings: Settings) -> Loaded:
    """Read every file. Slow: for a thread. Raises ConfigError with every problem."""
    stores = load_stores(settings.stores)
    if settings.observes:
        stores = {name: observing(store) for name, store in stores.items()}
    operators = load_operators(settings.operators, stores) if settings.operators else ()
    access = Access(stores, operators, is_open=settings.is_open)
    _require_closed(stores, settings.listen)
    return Loaded(stores, access, makers_of(stores.values()))


def _require_closed(stores: Mapping[str, Store], listen: Address) -> None:
    """Raise ConfigError where strangers could come in by an adapter."""
    what = f"is missing, and {listen} can be reached from elsewhere"
    hint = 'write token = { env = "NAME" } in [adapter]'
    problems = [
        Problem(f"store {name}", 0, "adapter.token", what, hint)
        for name, store in stores.items()
        if store.adapter is not None and store.adapter.is_open and not listen.is_loopback
    ]
    if problems:
        raise ConfigError(problems)


def observing(store: Store) -> Store:
    """The store in observe mode: everything goes out as it was written."""
    gate = store.gate
    watching = Gate(gate.rulebook, mode="observe", on_fault=store.on_fault, checks=gate.checks)
    return replace(store, mode="observe", gate=watching)
