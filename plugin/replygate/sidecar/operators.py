"""The operators file: tokens that open several stores, for people and for the machines they run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from replygate.config import Secret
from replygate.config import limits as config_limits
from replygate.config.places import Report, did_you_mean
from replygate.config.read import Document, read_toml
from replygate.config.schema_base import Name, Table
from replygate.config.schema_secrets import Secret as SecretEntry
from replygate.config.secrets import read_secret
from replygate.config.validate import validate
from replygate.sidecar.limits import OPERATORS

Right = Literal["read", "act"]


class OperatorEntry(Table):
    """One operator."""

    name: Name
    token: SecretEntry
    stores: list[str] | None = Field(None, min_length=1, max_length=config_limits.STORE_WORDS)
    can: Right = "read"


class OperatorsFile(Table):
    """All operators."""

    operator: list[OperatorEntry] = Field(min_length=1, max_length=OPERATORS)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who looks after several stores; `stores` None means every one."""

    name: str
    token: Secret
    stores: frozenset[str] | None
    can_act: bool


def load_operators(path: str | Path, stores: Collection[str]) -> tuple[Operator, ...]:
    """Read an operators file. Raises ConfigError with every problem at once."""
    report = Report()
    document = read_toml(Path(path), str(path), report)
    found: list[Operator] = []
    if document is not None:
        file = validate(OperatorsFile, document.data, document, report)
        for number, entry in enumerate(file.operator if file else ()):
            operator = _operator(entry, number, document, stores, report)
            if operator:
                found.append(operator)
    report.raise_errors()
    return tuple(found)


def _operator(
    entry: OperatorEntry, number: int, document: Document, stores: Collection[str], report: Report
) -> Operator | None:
    for index, name in enumerate(entry.stores or ()):
        if name not in stores:
            place = document.place(("operator", number, "stores", index))
            report.error(place, f'there is no store "{name}"', did_you_mean(name, stores))
    token = read_secret(entry.token, document.place(("operator", number, "token")), report)
    if token is None:
        return None
    named = None if entry.stores is None else frozenset(entry.stores)
    return Operator(entry.name, token, named, entry.can == "act")
