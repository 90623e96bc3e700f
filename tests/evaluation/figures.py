"""Counts of what was judged right, and their comparison with the accepted ones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from evaluation.judge import Case

ACCEPTED = Path(__file__).parent / "accepted.json"

KINDS = ("hit", "evasion", "clean", "look-alike")


class Count(NamedTuple):
    """`right` of `total` were judged as they should be."""

    right: int
    total: int

    @property
    def share(self) -> float:
        """The share that was judged right, 0 to 1."""
        return self.right / self.total

    @property
    def wrong(self) -> int:
        """How many were not judged right."""
        return self.total - self.right


Figures: TypeAlias = dict[str, Count]
"""By name: `<label>/<category>` and `<label>/all` count sentences, `<label>@<platform>` cases."""


def count(cases: Iterable[Case]) -> Figures:
    """The figures of all cases. A sentence is right where it is on every one of its platforms."""
    sentences: dict[int, list[Case]] = defaultdict(list)
    tally: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        sentences[id(case.sentence)].append(case)
        tally[f"{case.sentence.label}@{case.platform}"].append(case.right)
    for several in sentences.values():
        one = several[0].sentence
        right = all(case.right for case in several)
        tally[f"{one.label}/{one.category}"].append(right)
        tally[f"{one.label}/all"].append(right)
    return {name: Count(sum(rights), len(rights)) for name, rights in sorted(tally.items())}


def worse(now: Mapping[str, Count], accepted: Mapping[str, Count]) -> list[str]:
    """One line for each figure that is lower than the accepted one, or gone."""
    lines = []
    for name, before in sorted(accepted.items()):
        after = now.get(name)
        if after is None:
            lines.append(f"{name}: was {_shown(before)}, is no longer counted")
        elif after.right * before.total < before.right * after.total:
            lines.append(f"{name}: was {_shown(before)}, is {_shown(after)}")
    return lines


def read(path: Path = ACCEPTED) -> Figures:
    """The accepted figures; none where there is no file yet."""
    if not path.exists():
        return {}
    return {name: Count(*pair) for name, pair in json.loads(path.read_text("utf-8")).items()}


def write(figures: Mapping[str, Count], path: Path = ACCEPTED) -> None:
    """Accept these figures. The same figures give the same bytes."""
    lines = [f"  {json.dumps(name)}: {json.dumps(pair)}" for name, pair in sorted(figures.items())]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def table(figures: Mapping[str, Count]) -> str:
    """Figures for reading: a row for each category and platform, a column for each label."""
    rows: list[tuple[str, ...]] = [("", *KINDS)]
    for sign in "/@":
        names = {name.partition(sign)[2] for name in figures if sign in name} - {"all"}
        rows += [_row(name, sign, figures) for name in sorted(names)]
    rows.append(_row("all", "/", figures))
    return "\n".join(
        f"{name:<22}" + "".join(f"{cell:>19}" for cell in cells) for name, *cells in rows
    )


def _row(name: str, sign: str, figures: Mapping[str, Count]) -> tuple[str, ...]:
    counts = (figures.get(f"{kind}{sign}{name}") for kind in KINDS)
    return (name, *(_shown(count) if count else "" for count in counts))


def _shown(figure: Count) -> str:
    return f"{figure.right}/{figure.total} ({figure.share:.1%})"
