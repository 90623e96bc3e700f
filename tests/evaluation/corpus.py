"""Real replies, read from a folder outside the repository: what is flagged there, and how often.

They went out without known sanction, so that a finding is a false positive, unless it is one of
the words that the platform itself looks for, whatever they mean, or a person read the reply and
judged it a breach. Of those only a hash is kept, never a text.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.judge import found
from replygate import Finding, Gate

VARIABLE = "REPLYGATE_CORPUS"
FILE = "merchant-replies.tsv"
FLAGGED_MAX = 0.001
CLEAR_RULES = ("JD-F-01", "JD-F-03", "PDD-F-06", "other-platforms.")
"""Rules of 亲, 一定 and platform names, by how their ids begin."""

BREACHES = Path(__file__).parent / "breaches.json"
"""Hash of a real reply to why it is a breach."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """One real reply in which the gate of its platform found something."""

    platform: str
    text: str
    findings: tuple[Finding, ...]
    breach: str | None = None

    @property
    def counts(self) -> bool:
        """Whether something other than the platform's clear words was found, and without reason."""
        return self.breach is None and not all(is_clear(one.rule) for one in self.findings)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What became of the real replies."""

    total: int
    flagged: tuple[Flagged, ...]

    @property
    def share(self) -> float:
        """The share of replies that were flagged without reason, 0 to 1."""
        return sum(reply.counts for reply in self.flagged) / self.total

    @property
    def breaches(self) -> int:
        """How many flagged replies a person judged a breach."""
        return sum(reply.breach is not None for reply in self.flagged)

    def kinds(self) -> Counter[str]:
        """Replies by platform, rule and action, each marked with what speaks for it."""
        return Counter(
            f"{reply.platform} {rule} {action}{_mark(rule, reply)}"
            for reply in self.flagged
            for rule, action in {(finding.rule, finding.action) for finding in reply.findings}
        )


def is_clear(rule: str) -> bool:
    """Whether a rule looks for a word whatever it means."""
    return rule.startswith(CLEAR_RULES)


def _mark(rule: str, reply: Flagged) -> str:
    if is_clear(rule):
        return " (clear word)"
    return f" ({reply.breach})" if reply.breach else ""


def digest(platform: str, text: str) -> str:
    """What is kept of a reply in the repository: half of its SHA-256."""
    return hashlib.sha256(f"{platform}\t{text}".encode()).hexdigest()[:32]


def read(folder: Path) -> list[tuple[str, str]]:
    """Platform and text of each reply. Raises ValueError for a line that is not both."""
    replies = []
    lines = (folder / FILE).read_text("utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if line:
            platform, tab, text = line.partition("\t")
            if not tab:
                raise ValueError(f"{FILE}:{number}: expected a platform, a tab and a text")
            replies.append((platform, text))
    return replies


def examine(
    replies: Sequence[tuple[str, str]], gates: Mapping[str, Gate], breaches: Path = BREACHES
) -> Corpus:
    """Put every reply through the gate of its own platform."""
    if not replies:
        raise ValueError(f"{FILE}: there are no replies")
    judged: dict[str, str] = json.loads(breaches.read_text("utf-8"))
    flagged = []
    for platform, text in replies:
        findings = found(gates[platform], text)
        if findings:
            flagged.append(Flagged(platform, text, findings, judged.get(digest(platform, text))))
    return Corpus(len(replies), tuple(flagged))
