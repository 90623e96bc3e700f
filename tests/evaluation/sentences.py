"""The labelled sentences: what each one is, how they are read, what makes a set sound."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, get_args

Label = Literal["clean", "hit", "evasion", "look-alike"]
Expect = Literal["pass", "warn", "rewrite", "block"]

FOLDER = Path(__file__).parent / "sentences"
PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")
ANY = "any"
EVERYDAY = "everyday"
LEXICONS = (
    "absolute-claims",
    "contact",
    "defamation",
    "illicit",
    "impersonation",
    "insult",
    "invoice-refusal",
    "other-platforms",
    "payment",
    "personal-data-leak",
    "private-data-request",
    "review-for-cash",
    "threats",
    "tone",
)
PLATFORM_WORDS = "platform-words"
"""What one platform alone looks for, whatever it means: 亲 and 一定 on JD."""

CATEGORIES = (EVERYDAY, *LEXICONS, PLATFORM_WORDS)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One reply as a shop would send it, and what a gate should make of it.

    `expect` is the least that must become of it: a finding of that action or of a stricter one.
    `platform` is one of `PLATFORMS`, or `any`: then it holds on each of them.
    """

    text: str
    platform: str
    category: str
    label: Label
    expect: Expect
    why: str

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that the sentence is tried on."""
        return PLATFORMS if self.platform == ANY else (self.platform,)

    @property
    def must_pass(self) -> bool:
        """Whether any finding in it is a false positive."""
        return self.expect == "pass"


def load(folder: Path = FOLDER) -> tuple[Sentence, ...]:
    """All sentences of a folder. Raises ValueError that names file and line."""
    found: list[Sentence] = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").split("\n"), start=1):
            if line:
                found.append(_sentence(line, file.stem, f"{file.name}:{number}"))
    if not found:
        raise ValueError(f"{folder}: there are no sentences (*.jsonl)")
    return tuple(found)


def _sentence(line: str, category: str, place: str) -> Sentence:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"{place}: not JSON: {error}") from error
    names = {field.name for field in fields(Sentence)}
    if not isinstance(row, dict) or row.keys() != names:
        raise ValueError(f"{place}: expected an object with exactly {', '.join(sorted(names))}")
    if not all(isinstance(value, str) and value for value in row.values()):
        raise ValueError(f"{place}: every value must be a text, and none empty")
    sentence = Sentence(**row)
    for name, value, known in (
        ("platform", sentence.platform, (*PLATFORMS, ANY)),
        ("category", sentence.category, (category,) if category in CATEGORIES else CATEGORIES),
        ("label", sentence.label, get_args(Label)),
        ("expect", sentence.expect, get_args(Expect)),
    ):
        if value not in known:
            raise ValueError(f"{place}: {name} is {value!r}, expected one of {', '.join(known)}")
    if sentence.must_pass != (sentence.label in ("clean", "look-alike")):
        raise ValueError(f"{place}: `{sentence.label}` can not expect `{sentence.expect}`")
    return sentence


def near_duplicates(sentences: Sequence[Sentence], *, likeness: float) -> Iterator[tuple[str, str]]:
    """Pairs of texts whose letters agree: shared pairs of neighbours over all, 0 to 1."""
    pairs = [_neighbours(sentence.text) for sentence in sentences]
    for at, one in enumerate(pairs):
        for before in range(at):
            other = pairs[before]
            small, large = sorted((len(one), len(other)))
            if small >= likeness * large and len(one & other) >= likeness * len(one | other):
                yield sentences[before].text, sentences[at].text


def _neighbours(text: str) -> frozenset[str]:
    folded = unicodedata.normalize("NFKC", text).lower()
    letters = "".join(char for char in folded if unicodedata.category(char)[0] in "LN")
    return frozenset(letters[at : at + 2] for at in range(max(1, len(letters) - 1)))
