"""`replygate try`: judges one text and explains the verdict to a person."""

from __future__ import annotations

import time
from argparse import Namespace
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import Final

from replygate.cli.columns import mark, wrap
from replygate.cli.exits import BLOCKED, OK, REWRITTEN, InputError
from replygate.cli.lines import LINE_BYTES, decode, stdin_bytes
from replygate.cli.output import Colour, dump_json, has_colour, paint, terminal_width
from replygate.cli.verdict import COLOURS, describe, headline
from replygate.config import load_store
from replygate.model import Action, Cleared, Draft
from replygate.sidecar.verdicts import verdict_json

_EXITS: Final[dict[Action, int]] = {"pass": OK, "rewrite": REWRITTEN, "block": BLOCKED}
_INDENT: Final = "  "
_TIMED_RUNS: Final = 1001
_TIMED_NS: Final = 50_000_000


def run(args: Namespace) -> int:
    """Print the verdict; the exit code says what happened to the text."""
    store = load_store(args.store, enable=args.enable, settings=args.set)
    text = _read_stdin() if args.text == "-" else args.text
    draft = Draft("try", text, store=store.id)
    cleared = store.gate.screen(draft)
    if args.json:
        print(dump_json(verdict_json(cleared)))
    else:
        runs_ns = _time(lambda: store.gate.screen(draft))
        for line in report(cleared, runs_ns, terminal_width(), coloured=has_colour()):
            print(line)
    return _EXITS[cleared.action]


def report(
    cleared: Cleared, runs_ns: list[int], width: int, *, coloured: bool = False
) -> Iterator[str]:
    """Write a verdict as lines of at most `width` columns. `runs_ns` are the times it took."""

    def tint(line: str, colour: Colour) -> str:
        return paint(line, colour) if coloured and line else line

    verdict = cleared.would or cleared.action
    yield tint(headline(cleared), COLOURS[verdict])
    if cleared.would is not None:
        yield from wrap("观察模式，原文照发 observe mode: the original goes out", width)
    yield ""
    yield tint("原文 original", "bold")
    room = width - len(_INDENT)
    spans = [(finding.start, finding.end) for finding in cleared.findings]
    for row, carets in mark(cleared.draft.text, spans, room):
        yield _INDENT + row
        if carets:
            yield _INDENT + tint(carets, COLOURS[verdict])
    yield ""
    if cleared.findings:
        yield tint("命中 findings", "bold")
        for number, finding in enumerate(cleared.findings, 1):
            yield from describe(finding, number, width)
        yield ""
    yield tint("发出 goes out", "bold")
    for row in _outgoing(cleared, room):
        yield _INDENT + row
    yield ""
    median_ns = sorted(runs_ns)[len(runs_ns) // 2]
    took = f"{median_ns / 1000:.1f} µs，加载后判断 {len(runs_ns)} 次的中位数"
    yield tint("用时 time", "bold")
    for row in wrap(f"{took} (median of that many runs)", room):
        yield _INDENT + row


def _outgoing(cleared: Cleared, room: int) -> list[str]:
    if cleared.text is None:
        return ["（不发出 nothing）"]
    if cleared.text == cleared.draft.text:
        return wrap("（原文照发 the original, unchanged）", room)
    return [row for row, _ in mark(cleared.text, (), room)]


def _time(screen: Callable[[], object]) -> list[int]:
    """Repeat `screen` for a moment, at least once; give nanoseconds per run."""
    runs_ns: list[int] = []
    began = now = time.perf_counter_ns()
    while len(runs_ns) < _TIMED_RUNS and now - began < _TIMED_NS:
        screen()
        done = time.perf_counter_ns()
        runs_ns.append(done - now)
        now = done
    return runs_ns


def _read_stdin() -> str:
    raw = stdin_bytes().read(LINE_BYTES + 1)
    if len(raw) > LINE_BYTES:
        raise InputError(f"stdin: is longer than {LINE_BYTES} bytes")
    text = decode(raw.removeprefix(BOM_UTF8), "stdin")
    return text.removesuffix("\n").removesuffix("\r")
