"""`replygate words lint`: what is odd in word lists."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from replygate.cli.columns import visible
from replygate.cli.exits import OK, USAGE, WRONG
from replygate.cli.output import dump_json, say
from replygate.cli.phrases import read_phrases
from replygate.cli.progress import Progress
from replygate.config.places import Report
from replygate.config.word_lint import (
    Remark,
    Tally,
    lint_words,
    surroundings,
    usual_surroundings,
)
from replygate.config.word_lists import WordLists, read_word_lists

_STEP: Final = 256


def run(args: Namespace) -> int:
    """Print the remarks; WRONG when one is an error, or a warning and `--strict`."""
    wrong = _misfit(args)
    if wrong:
        say(f"replygate words lint: {wrong}; see 'replygate words lint --help'")
        return USAGE
    report = Report()
    lists = read_word_lists(args.files, report)
    remarks = [Remark("file", problem) for problem in report.problems]
    remarks += _remarks(lists, args)
    for remark in remarks:
        print(dump_json(_as_json(remark)) if args.json else visible(str(remark.problem)))
    errors = sum(remark.problem.level == "error" for remark in remarks)
    warnings = len(remarks) - errors
    say(f"{_count(len(lists.words), 'word')}: {_tally(errors, warnings)}")
    return WRONG if errors or (warnings and args.strict) else OK


def _misfit(args: Namespace) -> str:
    if args.store is None and (args.enable or args.set):
        return "--enable and --set change a store; name it with -s"
    if args.corpus is None and args.column is not None:
        return "--column is for the corpus; name it with --corpus"
    return ""


def _remarks(lists: WordLists, args: Namespace) -> Iterator[Remark]:
    if args.store is None:
        around = usual_surroundings()
    else:
        around = surroundings(args.store, args.enable, args.set)
    yield from lint_words(lists, around)
    if args.corpus is not None:
        yield from _counted(lists, args.corpus, args.column)


def _counted(lists: WordLists, corpus: str, column: str | None) -> Iterator[Remark]:
    phrases = read_phrases(corpus, column)
    tally = Tally(lists)
    progress = Progress("counting", len(phrases))
    for done, phrase in enumerate(phrases):
        tally.add(phrase.text)
        if not done % _STEP:
            progress.to(done)
    progress.end()
    yield from tally.remarks()


def _as_json(remark: Remark) -> dict[str, Any]:
    about: dict[str, Any] = {"kind": remark.kind, "word": remark.word or None}
    return about | asdict(remark.problem) | {"hits": remark.hits or None}


def _tally(errors: int, warnings: int) -> str:
    parts = [_count(errors, "error")] if errors else []
    parts += [_count(warnings, "warning")] if warnings else []
    return ", ".join(parts) or "fine"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
