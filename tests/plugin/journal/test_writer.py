import io

from replygate.journal.writer import BUFFER_BYTES_MAX, BufferedLines


class Full(io.BytesIO):
    """A disk that is full for a while."""

    full = True

    def write(self, data: object) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(data)  # type: ignore[arg-type]  # BytesIO takes any buffer


def test_lines_wait_for_a_flush() -> None:
    file = io.BytesIO()
    lines = BufferedLines(file)
    lines.msg(b"one")
    lines.msg(b"two")
    assert file.getvalue() == b""
    lines.flush()
    assert file.getvalue() == b"one\ntwo\n"
    lines.flush()
    assert file.getvalue() == b"one\ntwo\n"


def test_the_buffer_is_bounded() -> None:
    file = io.BytesIO()
    lines = BufferedLines(file)
    lines.msg(b"x" * BUFFER_BYTES_MAX)
    assert len(file.getvalue()) == BUFFER_BYTES_MAX + 1


def test_a_full_disk_loses_lines_counts_them_and_passes() -> None:
    file = Full()
    lines = BufferedLines(file)
    lines.msg(b"lost")
    lines.msg(b"lost too")
    lines.flush()
    assert lines.dropped == 2
    file.full = False
    lines.msg(b"kept")
    lines.flush()
    assert file.getvalue() == b"kept\n"


def test_closing_writes_what_is_left() -> None:
    file = io.BytesIO()
    seen: list[bytes] = []
    file.close = lambda: seen.append(file.getvalue())  # type: ignore[method-assign]  # keep the bytes
    lines = BufferedLines(file)
    lines.msg(b"last")
    lines.close()
    assert seen == [b"last\n"]
