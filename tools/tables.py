#!/usr/bin/env python3
"""Write the generated tables of the screening room from the data of four packages.

`python tools/tables.py` rewrites the three modules; `sources()` gives their text, for the test
that holds them to this script. Development only: nothing here runs with the product.

- opencc-python-reimplemented (Apache-2.0): TSCharacters.txt, traditional to simplified characters
- confusable-homoglyphs (MIT): confusables.json, the look-alikes of the Unicode consortium
- pypinyin (MIT): the reading of each character
- jieba (MIT): dict.txt, words and how often they are used
"""

from __future__ import annotations

import json
import math
import re
import string
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("opencc-python-reimplemented", "confusable-homoglyphs", "pypinyin", "jieba")
ROOM = Path(__file__).parents[1] / "plugin/replygate/screening"

LINE_WIDTH = 92
BMP_LAST = 0xFFFF
CHARACTERS_MAX = 3_600
WORD_COUNT_MIN = 300
GRADES = string.digits

# Scripts in which people write whole texts, and whose letters only happen to look like ours.
SCRIPTS_KEPT = ("MALAYALAM", "MYANMAR", "ETHIOPIC", "ORIYA", "GEORGIAN", "AHOM", "OSAGE")
# В is b in capitals only; as it stands, it would make the Russian ТВ a name of a platform.
LOOKALIKES_KEPT = "ВЬ"
# Drawn like a letter, or like one once they are small; × is a sign of its own.
LOOKALIKE_SYMBOLS = {"∨": "v", "⋁": "v", "к": "k", "т": "t", "м": "m", "℮": "e"}

DIGIT_FORMS = ("DIGIT ", "PARENTHESIZED ", "NEGATIVE CIRCLED ", "DOUBLE CIRCLED ", "DINGBAT ")

# 徵 is written for 微, whose look-alike 征 is not.
TRADITIONAL_KEPT = "徵"
# Told apart by the dictionary, written for each other by people.
TRADITIONAL_TOO = {"著": "着", "妳": "你", "牠": "它", "瞭": "了"}

# Characters whose other reading is as common as the first.
SECOND_READINGS = {
    "行": "hang", "长": "zhang", "重": "chong", "乐": "yue", "调": "diao", "还": "huan",
    "得": "dei", "都": "du", "了": "liao", "着": "zhao", "好": "hao", "号": "hao", "会": "kuai",
    "传": "zhuan", "弹": "tan", "降": "xiang", "角": "jue", "曾": "zeng", "朝": "chao",
}  # fmt: skip


def _data_file(package: str, name: str) -> str:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package, name=package)
    return (Path(spec.origin).parent / name).read_text("utf-8")


def _traditional() -> dict[str, str]:
    """Each traditional character with the one simplified character that people write for it."""
    pairs = dict(TRADITIONAL_TOO)
    for line in _data_file("opencc", "dictionary/TSCharacters.txt").splitlines():
        key, _, values = line.partition("\t")
        value = values.split(" ")[0].strip()
        small = all(len(c) == 1 and ord(c) <= BMP_LAST for c in (key, value))
        if small and key != value and key not in TRADITIONAL_KEPT:
            pairs.setdefault(key, value)
    for key, value in pairs.items():
        pairs[key] = pairs.get(value, value)
    assert not set(pairs.values()) & set(pairs)
    return dict(sorted(pairs.items()))


def _lookalikes() -> dict[str, str]:
    """Letter or digit to the characters that are drawn like it and that NFKC leaves alone."""
    found = {c: letter for c, letter in _confusable() if c not in LOOKALIKES_KEPT}
    found |= dict(_named()) | LOOKALIKE_SYMBOLS
    grouped: dict[str, list[str]] = defaultdict(list)
    for char, letter in sorted(found.items()):
        # NFKC does the rest, but it spreads ⒲ over three characters.
        compatible = unicodedata.normalize("NFKC", char)
        if compatible == char or len(compatible) > 1:
            grouped[letter].append(char)
    return {letter: "".join(chars) for letter, chars in sorted(grouped.items())}


def _confusable() -> Iterator[tuple[str, str]]:
    for char, alike in json.loads(_data_file("confusable_homoglyphs", "confusables.json")).items():
        letters = {a["c"] for a in alike if a["c"] in tuple(string.ascii_letters)}
        if len(char) == 1 and not char.isascii() and letters and _is_letter(char):
            yield char, min(letters).lower()


def _is_letter(char: str) -> bool:
    script = unicodedata.name(char, "").split(" ")[0]
    return unicodedata.category(char) in {"Ll", "Lu", "Lo"} and script not in SCRIPTS_KEPT


def _named() -> Iterator[tuple[str, str]]:
    """Small capitals, crossed and hooked letters, letters and digits in boxes, by their names."""
    forms = (
        r"LATIN LETTER SMALL CAPITAL ([A-Z])",
        r"LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH [A-Z ]+",
        r"(?:PARENTHESIZED|NEGATIVE (?:CIRCLED|SQUARED)) LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])",
        r"REGIONAL INDICATOR SYMBOL LETTER ([A-Z])",
    )
    shape = re.compile("|".join(forms))
    for char in map(chr, range(0x80, sys.maxunicode + 1)):
        match = shape.fullmatch(unicodedata.name(char, ""))
        if match is not None and len(unicodedata.normalize("NFD", char)) == 1:
            yield char, next(filter(None, match.groups())).lower()
        elif unicodedata.name(char, "").startswith(DIGIT_FORMS):
            digit = unicodedata.digit(char, None)
            if digit is not None:
                yield char, str(digit)


def _words() -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in _data_file("jieba", "dict.txt").splitlines():
        word, count, *_ = line.split(" ")
        counts[word] += int(count)
    return counts


def _in_use(counts: Counter[str]) -> list[str]:
    """The characters that people write, the most frequent first."""
    uses: Counter[str] = Counter()
    for word, count in counts.items():
        for char in word:
            if "一" <= char <= "鿿" and _is_simplified(char):
                uses[char] += count
    return [char for char, _ in uses.most_common(CHARACTERS_MAX)]


def _is_simplified(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _sounds(counts: Counter[str]) -> dict[str, str]:
    """Reading without tone to its characters, each with two digits: see `sound_table`."""
    from pypinyin.constants import PINYIN_DICT

    ends, starts = Counter[str](), Counter[str]()
    for word, count in counts.items():
        ends[word[-1]] += count
        starts[word[0]] += count
    grouped: dict[str, list[str]] = defaultdict(list)
    for char in _in_use(counts):
        entry = f"{char}{_grade(ends[char])}{_grade(starts[char])}"
        first = _toneless(PINYIN_DICT[ord(char)].split(",")[0])
        for reading in dict.fromkeys((first, SECOND_READINGS.get(char, first))):
            grouped[reading].append(entry)
    return {reading: "".join(chars) for reading, chars in sorted(grouped.items())}


def _grade(count: int) -> str:
    """0 to 9: twice the logarithm to the base 10, less 3 (about 30 uses in 60 million)."""
    return GRADES[max(0, min(9, round(2 * math.log10(count + 1)) - 3))]


def _toneless(reading: str) -> str:
    plain = "".join(
        c for c in unicodedata.normalize("NFD", reading) if c.isascii() or c == "\u0308"
    )
    return plain.replace("u\u0308", "v").replace("\u0308", "")


def _common_words(counts: Counter[str]) -> dict[str, str]:
    """First character to the second ones of all two-character words in use."""
    known = set(_in_use(counts))
    grouped: dict[str, list[str]] = defaultdict(list)
    for word in sorted(counts):
        if len(word) == 2 and counts[word] >= WORD_COUNT_MIN and known.issuperset(word):  # noqa: PLR2004
            grouped[word[0]].append(word[1])
    return {first: "".join(seconds) for first, seconds in sorted(grouped.items())}


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(text: str) -> list[str]:
    lines, line, room = [], "", LINE_WIDTH
    for char in text:
        if room < _width(char):
            lines.append(line)
            line, room = "", LINE_WIDTH
        line += char
        room -= _width(char)
    return [*lines, line]


def _literal(name: str, text: str, doc: str) -> list[str]:
    lines = (f'    "{line}"' for line in _wrapped(text))
    return [f"{name} = (", *lines, ")", f'"""{doc}"""', ""]


def _joined(table: dict[str, str]) -> str:
    return " ".join(f"{key}:{value}" for key, value in table.items())


def _module(title: str, packages: Iterable[str], body: list[str]) -> str:
    made_from = ", ".join(f"{name} {version(name)}" for name in packages)
    unicode = unicodedata.unidata_version
    head = [
        f'"""{title}',
        "",
        "Generated by tools/tables.py; do not edit.",
        f"Made from {made_from}, Unicode {unicode}.",
        '"""',
        "",
    ]
    return "\n".join([*head, *body]).rstrip("\n") + "\n"


def sources() -> dict[str, str]:
    """File name to the text that it must have."""
    counts = _words()
    pairs = "".join(key + value for key, value in _traditional().items())
    fold = [
        *_literal("TRADITIONAL", pairs, "Pairs: a traditional character, its simplified one."),
        *_literal(
            "LOOKALIKES", _joined(_lookalikes()), "`letter:what looks like it`, parted by blanks."
        ),
    ]
    sound = _literal(
        "SOUNDS",
        _joined(_sounds(counts)),
        "`reading:characters`, parted by blanks. After each character two digits say how often it\n"
        "ends and how often it begins a word: 0 hardly ever, 9 all the time.",
    )
    known = _literal(
        "WORDS",
        _joined(_common_words(counts)),
        "`first:seconds`, parted by blanks: the words of two characters that people use.",
    )
    return {
        "fold_table.py": _module("Characters and what they fold to.", PACKAGES[:2], fold),
        "sound_table.py": _module("Characters by their sound.", PACKAGES[2:], sound),
        "word_table.py": _module("Words of two characters.", PACKAGES[2:], known),
    }


def main() -> None:
    """Write the tables."""
    for name, text in sources().items():
        (ROOM / name).write_text(text, "utf-8")
        print(f"{name}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
