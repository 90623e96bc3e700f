"""Alternatives within a word: `{给|帮}亲` stands for 给亲 and 帮亲.

In a replacement `{1}` is what the first group stood for, so that one line of `rewrites` says
`"{给|帮}亲" = "{1}您"`. An empty alternative (`{亲|}`) makes a part optional.
"""

from __future__ import annotations

import itertools
import math
import re

EXPANSIONS_MAX = 2_000

_GROUP = re.compile(r"\{([^{}]*)\}")


def expand(template: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every word that `template` stands for, with the alternative chosen for each group.

    Raises ValueError for braces that do not pair, a group without `|`, and too many words.
    """
    parts = _GROUP.split(template)
    if any(brace in part for part in parts[::2] for brace in "{}"):
        raise ValueError("braces must pair and can not nest: {a|b}")
    groups = [part.split("|") for part in parts[1::2]]
    if any(len(group) == 1 for group in groups):
        raise ValueError("a group in braces needs alternatives: {a|b}")
    count = math.prod(len(group) for group in groups)
    if count > EXPANSIONS_MAX:
        raise ValueError(f"stands for {count} words; at most {EXPANSIONS_MAX}")
    words = [parts[0]]
    for group, behind in zip(groups, parts[2::2], strict=True):
        ends = [alternative + behind for alternative in group]
        words = [word + end for word in words for end in ends]
    return list(zip(words, itertools.product(*groups), strict=True))


def fill(replacement: str, chosen: tuple[str, ...]) -> str:
    """`replacement` with each `{N}` put as the alternative chosen for group N.

    Raises ValueError for a group that the word does not have.
    """

    def one(match: re.Match[str]) -> str:
        number = match[1]
        if not number.isdecimal() or not 1 <= int(number) <= len(chosen):
            raise ValueError(f"{match[0]} names no group; the word has {len(chosen)}")
        return chosen[int(number) - 1]

    return _GROUP.sub(one, replacement)
