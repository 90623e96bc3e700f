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

    def platforms(self) -> dict[str, Platform]:
        """New ways to the platforms, for the running loop."""
        return {name: make(self.stores[name]) for name, make in self.makers.items()}


def load(settings: Settings) -> Loaded:
    """Read every file. Slow: for a thread. Raises ConfigError with every problem."""
    stores = load_stores(settings.stores)
    if settings.observes:
        stores = {name: observing(store) for name, store in stores.items()}
    operators = load_operators(settings.operators, stores) if settings.operators else ()
    access = Access(stores, operators, is_open=settings.is_open)
    return Loaded(stores, access, makers_of(stores.values()))


def observing(store: Store) -> Store:
    """The store in observe mode: everything goes out as it was written."""
    gate = store.gate
    watching = Gate(gate.rulebook, mode="observe", on_fault=store.on_fault, checks=gate.checks)
    return replace(store, mode="observe", gate=watching)
