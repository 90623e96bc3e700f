"""What is known of Chinese characters: their sound, and the words that they make."""

from __future__ import annotations

from functools import cache

from replygate.screening.sound_table import SOUNDS
from replygate.screening.word_table import WORDS


@cache
def _by_sound() -> dict[str, str]:
    """Reading to its characters, each followed by two digits."""
    return dict(entry.split(":") for entry in SOUNDS.split(" "))


@cache
def _by_character() -> dict[str, tuple[str, int, int]]:
    """Character to its first reading and how often it ends and begins a word."""
    found: dict[str, tuple[str, int, int]] = {}
    for reading, entries in _by_sound().items():
        for at in range(0, len(entries), 3):
            char, ends, begins = entries[at], entries[at + 1], entries[at + 2]
            found.setdefault(char, (reading, int(ends), int(begins)))
    return found


@cache
def _by_first() -> dict[str, str]:
    return dict(entry.split(":") for entry in WORDS.split(" "))


def reading(char: str) -> str | None:
    """The toneless pinyin of a character (ü is v), None when it is not in use."""
    found = _by_character().get(char)
    return None if found is None else found[0]


def homophones(char: str) -> str:
    """Characters in use of the same reading, the most frequent first, without `char`."""
    found = reading(char)
    return "" if found is None else _by_sound()[found][::3].replace(char, "")


def is_word(pair: str) -> bool:
    """Whether two characters make a word that people use."""
    return len(pair) == 2 and pair[1] in _by_first().get(pair[0], "")  # noqa: PLR2004


def meets(first: str, second: str) -> int:
    """How likely one word ends with `first` where the next begins with `second`: 0 to 18."""
    known, unknown = _by_character(), ("", 0, 0)
    return known.get(first, unknown)[1] + known.get(second, unknown)[2]
