"""Which ledger a URL means."""

from __future__ import annotations

import difflib
from pathlib import Path

from replygate.errors import ConfigError, Problem

EXPECTED = "expected sqlite:///FILE (four slashes for an absolute path), or sqlite:// for memory"


def ledger_path(url: str) -> Path | None:
    """The file of a ledger URL, None for one in memory. ConfigError where it is no ledger URL."""
    scheme, separator, rest = url.partition("://")
    if scheme != "sqlite" or not separator:
        near = difflib.get_close_matches(scheme, ["sqlite"])
        raise _wrong(url, "did you mean sqlite:///…?" if near and url != "sqlite" else "")
    if not rest:
        return None
    name = rest.removeprefix("/")
    if name == rest or not name:
        raise _wrong(url, f"did you mean sqlite:///{name}?" if name else "")
    if name == ":memory:":
        raise _wrong(url, "did you mean sqlite://?")
    if "?" in name or "#" in name:
        raise _wrong(url, "options after ? or # are not taken")
    return Path(name)


def _wrong(url: str, hint: str) -> ConfigError:
    return ConfigError([Problem("ledger", 0, "", f"{url!r} is no ledger; {EXPECTED}", hint)])
