"""`replygate lint`: which of a shop's quick phrases to change, and to what."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from replygate.cli.columns import visible
from replygate.cli.exits import BLOCKED, OK, REWRITTEN
from replygate.cli.output import dump_json, has_colour, paint, say, terminal_width
from replygate.cli.phrases import Phrase, read_phrases
from replygate.cli.progress import Progress
from replygate.cli.verdict import COLOURS, field, headline
from replygate.config import Store, load_store
from replygate.model import Action, Cleared, Draft
from replygate.sidecar.verdicts import findings_json

# A shop that only observes so far wants to know what enforcing would change.
_JUDGED: Final = "mode=enforce"

_STEP: Final = 256


def run(args: Namespace) -> int:
    """List the phrases with findings; the exit code is the worst verdict's."""
    store = load_store(args.store, enable=args.enable, settings=[*args.set, _JUDGED])
    phrases = read_phrases(args.file, args.column)
    count: Counter[Action] = Counter()
    warned = 0
    width, coloured = terminal_width(), has_colour()
    for phrase, cleared in _judged(store, phrases):
        count[cleared.action] += 1
        if not cleared.findings:
            continue
        warned += cleared.action == "pass"
        if args.json:
            print(dump_json(_as_json(phrase, cleared)))
        else:
            print("\n".join(_entry(phrase, cleared, width, coloured=coloured)), end="\n\n")
    say(
        f"{args.file}: {len(phrases)} phrases: {count['pass']} fine ({warned} with a warning), "
        f"{count['rewrite']} to change, {count['block']} to write anew"
    )
    return BLOCKED if count["block"] else REWRITTEN if count["rewrite"] else OK


def _judged(store: Store, phrases: Sequence[Phrase]) -> list[tuple[Phrase, Cleared]]:
    # All of them first: the bar and the list may share a terminal.
    progress = Progress("judging", len(phrases))
    judged = []
    for done, phrase in enumerate(phrases):
        draft = Draft("lint", phrase.text, store=store.id, origin="human")
        judged.append((phrase, store.gate.screen(draft)))
        if not done % _STEP:
            progress.to(done)
    progress.end()
    return judged


def _as_json(phrase: Phrase, cleared: Cleared) -> dict[str, Any]:
    return {
        "sheet": phrase.place.sheet,
        "line": phrase.place.line,
        "action": cleared.action,
        "original": phrase.text,
        "text": cleared.text,
        "findings": findings_json(cleared),
    }


def _entry(phrase: Phrase, cleared: Cleared, width: int, *, coloured: bool) -> Iterator[str]:
    verdict = headline(cleared)
    yield f"{visible(str(phrase.place))}  " + (
        paint(verdict, COLOURS[cleared.action]) if coloured else verdict
    )
    yield from field("原文 original", visible(phrase.text), width)
    if cleared.text is not None and cleared.action == "rewrite":
        yield from field("改为 change to", visible(cleared.text), width)
    for finding in cleared.findings:
        reason = f"{finding.rule}「{visible(finding.matched)}」{visible(finding.why)}"
        yield from field("原因 because", reason, width)
