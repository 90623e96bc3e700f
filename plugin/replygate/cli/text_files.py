"""Reads the files that shops have, whatever program wrote them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from replygate.cli.exits import InputError

FILE_BYTES: Final = 64 * 1024 * 1024
"""The largest file of phrases, words or texts."""

ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read_bytes(name: str) -> bytes:
    """Read a whole file. Raises InputError where it can not be used."""
    try:
        with Path(name).open("rb") as file:
            raw = file.read(FILE_BYTES + 1)
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise InputError(f"{name}: can not be read: {reason}") from fault
    if len(raw) > FILE_BYTES:
        raise InputError(f"{name}: is larger than {FILE_BYTES} bytes")
    if raw.startswith(_COMPOUND):
        # Excel wraps a workbook with a password into the container of its old format.
        if _ENCRYPTED in raw:
            raise InputError(f"{name}: is protected by a password; save it without one")
        raise InputError(f"{name}: is an old Excel workbook (.xls); save it as .xlsx or CSV")
    return raw


def read_text(name: str) -> str:
    """Read a text file: UTF-8 if it is that, else GB18030, as Excel exports on a Chinese Windows.

    Raises InputError where it is neither.
    """
    raw = read_bytes(name)
    if raw.startswith(ZIP):
        raise InputError(f"{name}: is an Excel workbook; name it .xlsx")
    if b"\0" in raw:
        raise InputError(f"{name}: is not UTF-8 or GB18030 text; save it as CSV UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise InputError(f"{name}:{line}: is neither UTF-8 nor GB18030 text") from fault


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Give each line and its number, from 1."""
    # Not splitlines: a phrase may hold a form feed or U+2028.
    return enumerate(io.StringIO(text, newline=None).read().split("\n"), 1)
