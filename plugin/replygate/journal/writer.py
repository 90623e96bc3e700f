"""A buffered file of lines: cheap to write to, flushed from outside, never raising."""

from __future__ import annotations

from typing import BinaryIO

BUFFER_BYTES_MAX = 1 << 20


class BufferedLines:
    """Collects lines and writes them in one go.

    A write that fails (a full disk) loses the lines at hand, counts them in `dropped`, and the
    next flush tries anew: a journal must never stop a reply.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lines: list[bytes] = []
        self._bytes = 0
        self.dropped = 0

    def msg(self, line: bytes) -> None:
        """Take one line, without its line end."""
        self._lines.append(line)
        self._bytes += len(line) + 1
        if self._bytes >= BUFFER_BYTES_MAX:
            self.flush()

    debug = info = warning = error = msg

    def flush(self) -> None:
        """Write what was collected."""
        if not self._lines:
            return
        lines, self._lines, self._bytes = self._lines, [], 0
        try:
            self._file.write(b"\n".join(lines) + b"\n")
            self._file.flush()
        except (OSError, ValueError):
            self.dropped += len(lines)

    def close(self) -> None:
        """Flush, and close the file."""
        self.flush()
        try:
            self._file.close()
        except OSError:
            self.dropped += 1
