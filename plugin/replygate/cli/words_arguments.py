"""The arguments of `replygate words`. It loads nothing of the product."""

from __future__ import annotations

import argparse
import re
from typing import Final

from replygate.cli.arguments import Commands, Parser, add_json, add_store, command, day, utf8

_WORDS = """\
Look after word lists: what is odd in one, one made of a table, two compared."""
_LINT = """\
Say what is odd in word lists.

Words that stand twice, that another word of the rule finds already, that no
text can hold, that holding replies hold, or that exceptions always cover. FILE
is a lexicon, a store, a group or a platform profile in TOML, or a .txt list
with a word on each line. The exit code is 1 for errors, with --strict for
warnings too."""
_IMPORT = """\
Turn a word list or a table into a lexicon, printed as TOML.

FILE is a .txt list with a word on each line, or a .csv or .xlsx table with a
column of words and perhaps one of replacements: words with a replacement are
rewritten, the others blocked. What can not be taken is told on standard error,
the rest is printed, and the exit code is 1."""
_DIFF = """\
Say which verdicts change between two rulebooks, over a corpus of texts.

OLD and NEW are a store, or a lexicon, which is applied alone to a store without
a platform. The corpus is a .txt, .csv, .xlsx or .jsonl file as in lint. Judged
as in enforce mode. The exit code is 0, whatever changes."""

NAME_CHARS: Final = 200

# As `config` wants it: it stands in file names and rule ids.
ID: Final = re.compile(r"\w[\w.\-]{0,99}")


def add_words(commands: Commands) -> None:
    """Add `words` and its commands."""
    parser = command(commands, "words", "COMMAND ...", _WORDS, "look after word lists")
    inner = parser.add_subparsers(
        prog="replygate words",
        dest="words_command",
        metavar="COMMAND",
        title="commands",
        parser_class=Parser,
        required=True,
    )
    _add_lint(inner)
    _add_import(inner)
    _add_diff(inner)


def _add_lint(commands: Commands) -> None:
    parser = command(commands, "words lint", "[options] FILE...", _LINT, "say what is odd in them")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a .toml file or a .txt list")
    add_store(parser, required=False)
    _add_corpus(parser, "texts to count each word in, such as everyday replies", required=False)
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 for warnings as well as for errors"
    )
    add_json(parser, "print one object per remark")


def _add_import(commands: Commands) -> None:
    parser = command(
        commands, "words import", "[options] --id NAME FILE", _IMPORT, "turn a table into a lexicon"
    )
    parser.add_argument("file", metavar="FILE", help="a .txt list, or a .csv or .xlsx table")
    parser.add_argument(
        "--id", metavar="NAME", required=True, type=_id, help="the id of the lexicon"
    )
    parser.add_argument(
        "--action",
        choices=("block", "rewrite", "warn"),
        help="what every word becomes (default: rewrite where there is a replacement, else block)",
    )
    parser.add_argument("--why", metavar="TEXT", type=_name, help="why the words are not wanted")
    parser.add_argument("--source", metavar="TEXT", type=_name, help="who says so")
    parser.add_argument(
        "--as-of", metavar="DATE", type=day, help="the day of the list (default: today)"
    )
    parser.add_argument(
        "--column",
        metavar="NAME",
        type=utf8,
        help="the column of words (default: 关键词, keyword, word ...)",
    )
    parser.add_argument(
        "--replacement",
        metavar="NAME",
        type=utf8,
        help="the column of replacements (default: 替换词, replacement ...; or none)",
    )
    add_json(parser, "print one object: the TOML, counts, and what was refused")


def _add_diff(commands: Commands) -> None:
    parser = command(
        commands,
        "words diff",
        "[options] --corpus FILE OLD NEW",
        _DIFF,
        "say which verdicts change",
    )
    for name in ("old", "new"):
        parser.add_argument(
            name, metavar=name.upper(), help="a store's or lexicon's TOML file, or a packaged id"
        )
    _add_corpus(parser, "the texts to judge by both", required=True)
    add_json(parser, "print one object per changed text")


def _add_corpus(parser: argparse.ArgumentParser, what: str, *, required: bool) -> None:
    parser.add_argument("--corpus", metavar="FILE", required=required, help=what)
    parser.add_argument(
        "--column", metavar="NAME", type=utf8, help="the column that holds the corpus's texts"
    )


def _id(argument: str) -> str:
    text = utf8(argument)
    if not ID.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"expected up to 100 letters, digits, points and dashes, got {text!r}"
        )
    return text


def _name(argument: str) -> str:
    text = utf8(argument)
    if not text.strip() or len(text) > NAME_CHARS:
        raise argparse.ArgumentTypeError(f"expected some text of at most {NAME_CHARS} characters")
    return text
