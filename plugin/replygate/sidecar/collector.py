"""Python's garbage collector in a process that is ours alone.

Rules, words and the facts of those who wait are many objects that live long. Left alone, the
collector goes through all of them again and again, which took a third of the CPU time of a message
and stopped everything for a tenth of a second at a time.
"""

from __future__ import annotations

import gc

YOUNG = 10_000
"""New objects between two looks at the youngest. Little of what a message makes is a cycle."""

OLDER = 20
"""Looks at the younger ones for each look at the older."""


def settle() -> None:
    """What is there now stays: leave it alone from now on. Called when the stores are loaded."""
    gc.set_threshold(YOUNG, OLDER, OLDER)
    gc.collect()
    gc.freeze()


def unsettle() -> None:
    """What was there may go: stores were replaced."""
    gc.unfreeze()
