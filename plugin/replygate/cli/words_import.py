"""`replygate words import`: a word list or a bot's table as a lexicon."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

from replygate.cli.exits import OK, WRONG, InputError
from replygate.cli.output import dump_json, say
from replygate.cli.tables import Column, Place, is_table, read_table
from replygate.cli.text_files import numbered_lines, read_text
from replygate.config.word_import import Imported, Row, Wanted, import_words
from replygate.timing.calendar import PLATFORM_ZONE

WORD_COLUMNS: Final = (
    *("关键词", "关键字", "敏感词", "违禁词", "屏蔽词", "禁用词", "违规词", "原词", "词语", "词"),
    *("keyword", "word", "term", "pattern", "from", "trigger"),
)
"""Names of the column that holds the words, the likeliest first."""

REPLACEMENT_COLUMNS: Final = (
    *("替换词", "替换为", "替换成", "替换", "替换内容", "改为", "建议用语", "替代词"),
    *("replacement", "replace", "replace_with", "replace_to", "to", "substitute"),
)
"""Names of the column that holds the replacements, the likeliest first."""

_WHY: Final = "这个词不能出现在给买家的回复里。"


def run(args: Namespace) -> int:
    """Print the lexicon; WRONG when a row was refused."""
    done = import_words(
        _rows(args.file, args.column, args.replacement),
        Wanted(
            id=args.id,
            as_of=args.as_of or dt.datetime.now(PLATFORM_ZONE).date(),
            why=args.why or _WHY,
            source=args.source or PurePath(args.file).name[:200],
            action=args.action,
        ),
    )
    for refused in done.refused:
        say(f'{args.file}: {refused.row.place}: "{refused.row.word}" {refused.why}')
    if args.json:
        print(dump_json(_as_json(done)))
    elif done.text:
        print(done.text, end="")
    say(
        f"{args.file}: {len(done.words)} words, {len(done.rewrites)} rewrites, "
        f"{done.repeated} repeated, {len(done.refused)} refused"
    )
    return WRONG if done.refused else OK


def _rows(name: str, column: str | None, replacement: str | None) -> list[Row]:
    suffix = PurePath(name).suffix.lower()
    if is_table(name):
        columns = [
            Column("--column", WORD_COLUMNS, column),
            Column("--replacement", REPLACEMENT_COLUMNS, replacement, replacement is not None),
        ]
        records = read_table(name, columns)
        rows = [Row(str(place), word.strip(), text.strip()) for place, (word, text) in records]
    elif suffix != ".txt":
        raise InputError(f"{name}: expected a .txt, .csv or .xlsx file")
    elif column is not None or replacement is not None:
        raise InputError(f"{name}: --column and --replacement are for tables")
    else:
        rows = list(_lines(name))
    # A replacement without a word is a mistake and is refused; a row with neither is no row.
    rows = [row for row in rows if row.word or row.replacement]
    if not rows:
        raise InputError(f"{name}: holds no word")
    return rows


def _lines(name: str) -> Iterator[Row]:
    """What a rule's `words_file` would take: a word on each line, and remarks after a #."""
    for number, line in numbered_lines(read_text(name)):
        yield Row(str(Place(number)), line.partition("#")[0].strip())


def _as_json(done: Imported) -> dict[str, Any]:
    return {
        "toml": done.text,
        "words": len(done.words),
        "rewrites": len(done.rewrites),
        "repeated": done.repeated,
        "refused": [
            {
                "place": refused.row.place,
                "word": refused.row.word,
                "replacement": refused.row.replacement or None,
                "why": refused.why,
            }
            for refused in done.refused
        ],
    }
