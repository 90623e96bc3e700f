"""`replygate words diff`: which verdicts change between two rulebooks."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from replygate.cli.columns import visible
from replygate.cli.exits import OK
from replygate.cli.output import dump_json, has_colour, paint, say, terminal_width
from replygate.cli.phrases import Phrase, read_phrases
from replygate.cli.progress import Progress
from replygate.cli.verdict import COLOURS, field, name
from replygate.config import Store
from replygate.config.rulebooks import load_rules
from replygate.model import Cleared, Draft
from replygate.sidecar.verdicts import verdict_json

_STEP: Final = 256
_WARNED: Final = "warn"


class Change(NamedTuple):
    """A text that two rulebooks judge differently."""

    phrase: Phrase
    old: Cleared
    new: Cleared


def run(args: Namespace) -> int:
    """Print the changes; OK whatever changes, for a change may be what is wanted."""
    old, new = load_rules(args.old), load_rules(args.new)
    phrases = read_phrases(args.corpus, args.column)
    changes = _changes(old, new, phrases)
    width, coloured = terminal_width(), has_colour()
    for change in changes:
        if args.json:
            print(dump_json(_as_json(change)))
        else:
            print("\n".join(_entry(change, width, coloured=coloured)), end="\n\n")
    say(f"{args.corpus}: {len(phrases)} texts: {_summary(changes)}")
    return OK


def _changes(old: Store, new: Store, phrases: Sequence[Phrase]) -> list[Change]:
    # All of them first: the bar and the list may share a terminal.
    progress = Progress("judging", len(phrases))
    changes = []
    for done, phrase in enumerate(phrases):
        draft = Draft("words", phrase.text)
        change = Change(phrase, old.gate.screen(draft), new.gate.screen(draft))
        if _outcome(change.old) != _outcome(change.new):
            changes.append(change)
        if not done % _STEP:
            progress.to(done)
    progress.end()
    return changes


def _outcome(cleared: Cleared) -> tuple[str, str | None]:
    """What a verdict comes to. Rules that say the same by another name change nothing."""
    return _level(cleared), cleared.text


def _level(cleared: Cleared) -> str:
    return _WARNED if cleared.action == "pass" and cleared.findings else cleared.action


def _summary(changes: Sequence[Change]) -> str:
    if not changes:
        return "no verdict changes"
    counted = Counter((_level(change.old), _level(change.new)) for change in changes)
    kinds = (f"{count} {old} -> {new}" for (old, new), count in sorted(counted.items()))
    return f"{len(changes)} {'changes' if len(changes) == 1 else 'change'}: {', '.join(kinds)}"


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "sheet": change.phrase.place.sheet,
        "line": change.phrase.place.line,
        "original": change.phrase.text,
        "old": verdict_json(change.old),
        "new": verdict_json(change.new),
    }


def _entry(change: Change, width: int, *, coloured: bool) -> Iterator[str]:
    before, after = (_named(cleared, coloured=coloured) for cleared in (change.old, change.new))
    yield f"{visible(str(change.phrase.place))}  {before} -> {after}"
    yield from field("原文 original", visible(change.phrase.text), width)
    for label, cleared in (("原先 old", change.old), ("现在 new", change.new)):
        if cleared.action == "rewrite" and cleared.text is not None:
            yield from field(label, visible(cleared.text), width)
        for finding in cleared.findings:
            reason = f"{finding.rule}「{visible(finding.matched)}」{visible(finding.why)}"
            yield from field(label, reason, width)


def _named(cleared: Cleared, *, coloured: bool) -> str:
    verdict = name(cleared.action) + (" (提醒 warn)" if _level(cleared) == _WARNED else "")
    return paint(verdict, COLOURS[cleared.action]) if coloured else verdict
