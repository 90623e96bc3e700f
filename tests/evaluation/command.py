"""Judge the gate by labelled sentences, and by real replies where there are any.

Exits 1 where a figure is worse than the accepted one, or more than 0.1 % of the real replies are
flagged; 0 otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from evaluation import corpus, figures
from evaluation.judge import Case, demo_gates, judge
from evaluation.sentences import load
from replygate import Gate


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command. Returns its exit code."""
    asked = _parser().parse_args(argv)
    gates = demo_gates()
    cases = list(judge(load(), gates))
    now = figures.count(cases)
    print(json.dumps(now, indent=2) if asked.json else figures.table(now))
    if asked.verbose:
        print(_mistakes(cases))
    if asked.accept:
        figures.write(now)
    failed = figures.worse(now, figures.read())
    failed += _real_replies(asked.corpus, gates, verbose=asked.verbose)
    for line in failed:
        print(f"worse: {line}", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests/evaluation/run.py", description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="show what was judged wrong")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--accept", action="store_true", help="accept the figures as they are now")
    parser.add_argument(
        "--corpus",
        type=Path,
        default=os.environ.get(corpus.VARIABLE),
        metavar="DIR",
        help=f"folder of {corpus.FILE} (default: ${corpus.VARIABLE})",
    )
    return parser


def _mistakes(cases: Sequence[Case]) -> str:
    """One line for each sentence that was judged wrong, with the platforms where it was."""
    lines = []
    for _, group in groupby(cases, key=lambda case: id(case.sentence)):
        wrong = [case for case in group if not case.right]
        if wrong:
            said = wrong[0].sentence
            rules = sorted({finding.rule for case in wrong for finding in case.findings})
            places = ",".join(case.platform for case in wrong)
            lines.append(
                f"{said.category} {said.label}, expected {said.expect} on {places}: {said.text!r}"
                f" found {', '.join(rules) or 'nothing'}"
            )
    return "\n".join(lines)


def _real_replies(folder: Path | None, gates: Mapping[str, Gate], *, verbose: bool) -> list[str]:
    """Print what real replies gave, to stderr; the lines that say what is wrong with it."""
    if folder is None:
        print(f"no real replies: set {corpus.VARIABLE} or give --corpus", file=sys.stderr)
        return []
    seen = corpus.examine(corpus.read(Path(folder)), gates)
    for kind, replies in sorted(seen.kinds().items()):
        print(f"{replies:>6}  {kind}", file=sys.stderr)
    if verbose:
        for reply in filter(lambda reply: reply.counts, seen.flagged):
            rules = sorted({finding.rule for finding in reply.findings})
            print(f"{reply.platform} {', '.join(rules)}: {reply.text!r}", file=sys.stderr)
    print(
        f"real replies: {seen.total}, of them {seen.breaches} breaches as a person judged;"
        f" flagged without reason {seen.share:.3%}",
        file=sys.stderr,
    )
    if seen.share <= corpus.FLAGGED_MAX:
        return []
    return [f"real replies: {seen.share:.3%} flagged, at most {corpus.FLAGGED_MAX:.1%} may be"]
