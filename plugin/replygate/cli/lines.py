"""Standard input as lines of bytes: whole batches where it is piped in bulk, else at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BufferedReader
from typing import Final, cast

from replygate.cli.exits import InputError

LINE_BYTES: Final = 16 * 1024 * 1024
"""The longest line, and the longest text that `try -` reads."""

_CHUNK_BYTES: Final = 64 * 1024


def stdin_bytes() -> BufferedReader:
    """Standard input as a binary stream."""
    if sys.stdin is None:
        raise InputError("stdin: is closed; pipe the texts in")
    return cast("BufferedReader", sys.stdin.buffer)


def read_lines(
    stream: BufferedReader, limit_bytes: int = LINE_BYTES
) -> Iterator[list[bytes | None]]:
    """Give the lines that each piece of input completes, without their ends.

    A line longer than `limit_bytes` is None. Somebody who writes one line and waits for its answer
    gets a list of one.
    """
    held: list[bytes] = []
    held_bytes = 0
    # `read1` waits for the first byte only.
    while chunk := stream.read1(_CHUNK_BYTES):
        *ends, rest = chunk.split(b"\n")
        lines: list[bytes | None] = []
        for end in ends:
            lines.append(_join([*held, end], held_bytes + len(end), limit_bytes))
            held, held_bytes = [], 0
        held_bytes += len(rest)
        # What is too long already is counted, not kept.
        held = [*held, rest] if held_bytes <= limit_bytes else []
        if lines:
            yield lines
    if held_bytes:
        yield [_join(held, held_bytes, limit_bytes)]


def _join(parts: list[bytes], size_bytes: int, limit_bytes: int) -> bytes | None:
    return None if size_bytes > limit_bytes else b"".join(parts).removesuffix(b"\r")


def decode(raw: bytes, place: str) -> str:
    """Read UTF-8. Raises InputError that begins with `place`."""
    try:
        return raw.decode()
    except UnicodeDecodeError as fault:
        # Judging a text in the wrong encoding would find nothing, and let everything through.
        raise InputError(
            f"{place}: is not UTF-8 (byte 0x{raw[fault.start]:02x} at {fault.start + 1}); "
            "convert it, for example with iconv -f gb18030 -t utf-8"
        ) from fault
