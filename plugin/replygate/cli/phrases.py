"""Reads texts from the files that consoles, Excel and programs export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final, NamedTuple

from replygate.cli.exits import InputError
from replygate.cli.tables import Column, Place, is_table, read_table
from replygate.cli.text_files import numbered_lines, read_text

COLUMNS: Final = (
    *("内容", "话术", "话术内容", "回复", "回复内容", "快捷回复", "快捷短语", "短语内容", "短语"),
    *("文本", "答案", "text", "content", "reply", "phrase", "message", "answer"),
)
"""Names of the column that holds the phrases, the likeliest first."""

_LINED: Final = (".txt", ".jsonl")


class Phrase(NamedTuple):
    """One text, and where it begins in its file."""

    place: Place
    text: str


def read_phrases(name: str, column: str | None = None) -> list[Phrase]:
    """Read the texts of a .txt, .csv, .xlsx or .jsonl file; empty ones are left out.

    Raises InputError where the file, its encoding or its columns can not be used.
    """
    suffix = PurePath(name).suffix.lower()
    if not (suffix in _LINED or is_table(name)):
        raise InputError(f"{name}: expected a .txt, .csv, .xlsx or .jsonl file")
    if column is not None and suffix in _LINED:
        raise InputError(f"{name}: --column is for tables; a {suffix} file has no columns")
    if is_table(name):
        records = read_table(name, [Column("--column", COLUMNS, column)])
        found = [Phrase(place, text) for place, (text,) in records]
    else:
        lines = numbered_lines(read_text(name))
        pairs = lines if suffix == ".txt" else _objects(lines, name)
        found = [Phrase(Place(line), text) for line, text in pairs]
    phrases = [phrase for phrase in found if phrase.text.strip()]
    if not phrases:
        raise InputError(f"{name}: holds no phrase")
    return phrases


def _objects(lines: Iterator[tuple[int, str]], name: str) -> Iterator[tuple[int, str]]:
    """Give the `text` of each object. Events that have none, and those from buyers, are no replies.

    Blank lines are left out.
    """
    for number, line in lines:
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as fault:
            raise InputError(f"{name}:{number}: is not usable JSON: {fault}") from fault
        if not isinstance(fields, dict):
            raise InputError(f'{name}:{number}: expected an object such as {{"text": "..."}}')
        text = fields.get("text")
        if text is None or fields.get("direction") == "in":
            continue
        if not isinstance(text, str):
            raise InputError(f"{name}:{number}: text: expected a string")
        yield number, text
