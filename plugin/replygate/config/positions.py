"""Line numbers for the keys of a TOML document; `tomllib` gives none.

One small tokenizer for documents that `tomllib` has already accepted: it needs to find where things
start and end, never to judge or convert them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from replygate.config.limits import KEY_PARTS
from replygate.config.places import KeyPath

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_NAMED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_STRINGS = (
    # Up to two quotes may stand before the closing three.
    (re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL), '"""'),
    (re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL), "'''"),
    (re.compile(r'"(?:[^"\\]|\\.)*"'), '"'),
    (re.compile(r"'[^']*'"), "'"),
)


def positions(text: str) -> dict[KeyPath, int]:
    """Map every table, key and list element of a VALID TOML document to its line, from 1.

    Raises RecursionError where tables or keys are nested too deeply.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._line = 1
        self._counted_to = 0
        self._last: dict[KeyPath, int] = {}  # array of tables -> index of its newest element

    def document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                table = self._array_header()
            elif self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        line = self._here()
        self.at += 1
        path = self._through_arrays(tuple(self._key()), line)
        self._expect("]")
        # A header names its table more exactly than a sub-table that came before it.
        self.lines[path] = line
        return path

    def _array_header(self) -> KeyPath:
        line = self._here()
        self.at += 2
        *outer, name = self._key()
        self._expect("]")
        self._expect("]")
        array = (*self._through_arrays(tuple(outer), line), name)
        self.lines.setdefault(array, line)
        index = self._last.get(array, -1) + 1
        self._last[array] = index
        element = (*array, index)
        self.lines[element] = line
        return element

    def _through_arrays(self, keys: tuple[str, ...], line: int) -> KeyPath:
        """Follow a header's keys; an array of tables on the way stands for its newest element."""
        path: KeyPath = ()
        for key in keys:
            path = (*path, key)
            self.lines.setdefault(path, line)
            if path in self._last:
                path = (*path, self._last[path])
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._here()
        path = table
        for key in self._key():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._expect("=")
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self._here())
        first = self.text[self.at]
        if first == "[":
            for index in self._items("]"):
                self._value((*path, index))
        elif first == "{":
            for _ in self._items("}"):
                self._pair(path)
        elif first in "\"'":
            self._string()
        else:
            self._skip(_SCALAR)

    def _items(self, close: str) -> Iterator[int]:
        self.at += 1
        index = 0
        self._skip(_BLANK)
        while self.text[self.at] != close:
            yield index
            index += 1
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _key(self) -> Iterator[str]:
        for _ in range(KEY_PARTS):
            self._skip(_SPACE)
            bare = _BARE.match(self.text, self.at)
            if bare:
                self.at = bare.end()
                yield bare.group()
            else:
                yield _unquote(self._string())
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return
            self.at += 1
        raise RecursionError(f"a key of more than {KEY_PARTS} parts")

    def _string(self) -> str:
        for pattern, quote in _STRINGS:
            if self.text.startswith(quote, self.at):
                found = pattern.match(self.text, self.at)
                assert found, "the document was accepted, so its strings are closed"
                self.at = found.end()
                return found.group()
        raise AssertionError("the document was accepted, so a key or value starts here")

    def _expect(self, mark: str) -> None:
        self._skip(_SPACE)
        assert self.text[self.at] == mark, "positions() is for documents that tomllib accepts"
        self.at += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        assert found, "these patterns match the empty text"
        self.at = found.end()

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line


def _unquote(quoted: str) -> str:
    inner = quoted[1:-1]
    return inner if quoted[0] == "'" else _ESCAPES.sub(_unescape, inner)


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _NAMED.get(found[3], found[3])
