"""Patterns of users, run by RE2: it takes time linear in the text, whatever the pattern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled expression. It runs over folded text, so it is written in lower case."""

    expression: str
    _compiled: Any

    def find(self, folded: str) -> Iterator[tuple[int, int]]:
        """The spans that match, in characters."""
        # RE2 reads UTF-8 proper; a lone surrogate becomes one other character.
        clean = folded.encode("utf-8", "replace").decode("utf-8")
        for match in self._compiled.finditer(clean):
            if match.end() > match.start():
                yield match.span()


def compile_pattern(expression: str) -> Pattern:
    """Compile `expression`.

    Raises ValueError when RE2 can not run it in linear time or it matches the empty text, and
    ImportError when the extra `patterns` is not installed.
    """
    try:
        import re2
    except ImportError as missing:
        raise ImportError("patterns need the extra: pip install 'replygate[patterns]'") from missing
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(expression, options)
    except re2.error as refused:
        reason = refused.args[0] if refused.args else "not an RE2 expression"
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"not a pattern that RE2 runs in linear time: {text}") from refused
    if compiled.search("") is not None:
        raise ValueError("it matches the empty text")
    return Pattern(expression, compiled)
