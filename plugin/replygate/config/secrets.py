"""Secrets: never in a TOML file, never in a repr, never in an error."""

from __future__ import annotations

import os
import re

from replygate.config.limits import SECRET_BYTES
from replygate.config.places import Place, Report
from replygate.config.read import read_text
from replygate.config.schema_secrets import SecretRef

_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Secret:
    """A value that shows itself only to `reveal()`. `origin` says where it is kept.

    No dataclass: `dataclasses.asdict` of whatever holds one would lay the value open.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str) -> None:
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """Give the value itself."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"Secret({self.origin})"

    __str__ = __repr__

    @property
    def _key(self) -> tuple[str, str]:
        return self._value, self.origin


def read_secret(ref: SecretRef, at: Place, report: Report) -> Secret | None:
    """Fetch a secret from the environment or a file; None when that failed, with the reason."""
    if (ref.env is None) == (ref.file is None):
        report.error(at, 'expected either { env = "NAME" } or { file = "path" }')
        return None
    return _from_env(ref.env, at, report) if ref.env else _from_file(ref.file or "", at, report)


def _from_env(name: str, at: Place, report: Report) -> Secret | None:
    if not _ENV_NAME.fullmatch(name):
        # Not shown: somebody may have put the secret itself here.
        report.error(at, "env is not the name of an environment variable")
        return None
    value = os.environ.get(name)
    if not value:
        state = "is not set" if value is None else "is empty"
        report.error(at, f"the environment variable {name} {state}")
        return None
    return Secret(value, f"env {name}")


def _from_file(name: str, at: Place, report: Report) -> Secret | None:
    inner = Report()
    text = read_text(at.source.folder / name, at, inner, SECRET_BYTES)
    for problem in inner.problems:
        report.error(at, f"the secret's file {name}: {problem.what}", problem.hint)
    if text is None:
        return None
    value = text.strip()
    if not value:
        report.error(at, f"the secret's file {name} is empty")
        return None
    return Secret(value, f"file {name}")
