"""Where a command's result goes that is a file of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from replygate.cli.exits import InputError


def write_result(name: str, content: str) -> None:
    """Write a whole file, or standard output where the name is `-`.

    The file is there whole or not at all: somebody may be looking at yesterday's. Raises InputError
    where it can not be written.
    """
    raw = content.encode("utf-8", "backslashreplace")
    if name == "-":
        sys.stdout.buffer.write(raw)
        return
    path = Path(name)
    try:
        if path.exists() and not path.is_file():  # a device or a pipe can not be replaced
            path.write_bytes(raw)
            return
        _replace(path, raw)
    except OSError as fault:
        raise InputError(f"{name}: can not be written: {fault.strerror or fault}") from fault


def _replace(path: Path, raw: bytes) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(raw)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
