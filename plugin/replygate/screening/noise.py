"""What a disguise puts between the letters of a word: left out for matching, and judged.

Nearly anything can stand there: blanks, dots, hearts, strokes of Chinese characters. What ends a
sentence or parts its clauses is never left out, so 价格很微，信不信由你 holds no 微信.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from replygate.screening import evidence
from replygate.screening.wording import is_word, meets

# More than anybody puts between two letters that are to be read as one word.
GAP_CHARS_MAX = 8

CLAUSE_MARKS = "，。！？；：,!?;:\n\r"
# Strokes, sounds and repetition marks, which spell nothing here; 〇 is a digit among digits only.
STROKES = "丨丶丷丿乀乁乚乛亅〆々〇゛゜ゝゞーヽヾㄅ-ㄯㄱ-ㆎ"
# One kana can be put between two letters; more of them are Japanese.
_KANA = "ぁ-ゖァ-ヺ"

# One class, so that the look is quick; letters of other scripts are sorted out later.
_MAYBE = f"[^{CLAUSE_MARKS}0-9a-z一-丧丩-丵丸-举乂-乙乜-亄了-鿿]"
_LOOK = re.compile(_MAYBE)
_RUN = re.compile(f"{_MAYBE}+")
_NOISE = re.compile(rf"(?:[\W_{STROKES}]|(?<![{_KANA}])[{_KANA}](?![{_KANA}]))+")

# What parts two clauses where people save the comma.
_BLANKS = re.compile(r"\s+")
# Colours are listed like this as well, but they make no word that is looked for.
_SPACED_OUT = re.compile(r"[一-鿿](?:\s{1,3}[一-鿿]){3,}")
_SPACED_SEEN = 8
# X/宝马, 1TB]宝: ordinary between Latin letters and Chinese characters.
_BETWEEN_SCRIPTS = re.compile(r"[\s/\[\]()（）【】]+")
# What a clause goes on with behind a verb of one character: 信我, 信不信.
_GOES_ON = frozenset("我你您他她它得了过")

# Two characters that seldom meet by accident: the one hardly ends, the other hardly begins words.
_SELDOM_MEET = 11


def without_noise(
    folded: str, pairs: Sequence[Container[str]] | None = None
) -> tuple[str, Sequence[int]] | None:
    """The text without what may be noise, and where each character of it stood.

    With `pairs` only between two letters that are in one of them: neighbours in words that are
    looked for. None when there is none: the usual case, which costs one look. Linear in the
    text's length.
    """
    first = _LOOK.search(folded)
    if first is None:
        return None
    pieces: list[str] = []
    index: list[int] = []
    at = 0
    for start, end in _gaps(folded, first.start(), len(folded)):
        pair = folded[start - 1] + folded[end]
        if pairs is not None and not any(pair in known for known in pairs):
            continue
        pieces.append(folded[at:start])
        index += range(at, start)
        at = end
    if not pieces:
        return None
    pieces.append(folded[at:])
    index += range(at, len(folded))
    return "".join(pieces), index


def may_be_noise(char: str) -> bool:
    """Whether a folded character can stand between the letters of a word and be none of it."""
    return _LOOK.match(char) is not None


def is_disguise(folded: str, start: int, end: int, chars: int) -> bool:
    """Whether the noise inside `folded[start:end]` hides a word of `chars` letters.

    It does not where it parts words (轻微 信号): then only a contact nearby makes it one, and only
    if no word ends there. Blanks are ordinary typography, too (加 V 领).
    """
    assert 0 <= start < end <= len(folded)
    if end - start <= chars:
        return False
    hidden = False
    gaps = [*_gaps(folded, start, end)]
    for left, right in gaps:
        # A pair inside the word itself is a part of it: 支付.宝.
        if left - 2 < start and _is_pair(folded, left - 2):
            return False
        if right + 2 > end and _begins_more(folded, right):
            return evidence.near(folded, start, end)
        hidden = hidden or not _is_typography(folded, left, right)
    # 公 众 号: a blank at every joint of a longer word is no accident.
    hidden = hidden or (len(gaps) == chars - 1 > 1 and not folded[start:end].isascii())
    hidden = hidden or _is_spaced_out(folded, start, end)
    return hidden or _is_spelled(folded, start, end) or evidence.near(folded, start, end)


def has_marks(folded: str, start: int, end: int) -> bool:
    """Whether more than blanks stands between the letters of `folded[start:end]`."""
    return any(
        _BLANKS.fullmatch(folded, left, right) is None for left, right in _gaps(folded, start, end)
    )


def _gaps(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where noise stands between two letters."""
    last = len(folded) - 1
    for run in _RUN.finditer(folded, start, end):
        left, right = run.span()
        if (
            right - left <= GAP_CHARS_MAX
            and 0 < left <= right <= last
            and folded[left - 1].isalnum()
            and folded[right].isalnum()
            and _NOISE.fullmatch(folded, left, right) is not None
        ):
            yield left, right


def _is_pair(folded: str, at: int) -> bool:
    return at >= 0 and is_word(folded[at : at + 2])


def _begins_more(folded: str, right: int) -> bool:
    """Whether behind the noise another word begins (微 信任) or a clause (微 信我)."""
    if folded[right + 1 : right + 2] == "不":
        # 信不信, 信不过: a verb; 票不提供 is none.
        return folded[right + 2 : right + 3] in (folded[right], "过", "得", "了", "起")
    return is_word(folded[right : right + 2]) or folded[right + 1 : right + 2] in _GOES_ON


def _is_typography(folded: str, left: int, right: int) -> bool:
    """Whether people put such blanks who hide nothing, and such marks between two scripts."""
    before, after = folded[left - 1], folded[right]
    if _BLANKS.fullmatch(folded, left, right) is None:
        mixed = before.isascii() != after.isascii()
        return mixed and _BETWEEN_SCRIPTS.fullmatch(folded, left, right) is not None
    foreign = before.isascii() or after.isascii()
    return foreign or meets(before, after) > _SELDOM_MEET


def _is_spaced_out(folded: str, start: int, end: int) -> bool:
    """Whether every Chinese character there stands alone, between blanks: 平 台 官 方."""
    return any(
        run.start() < end and start < run.end()
        for run in _SPACED_OUT.finditer(folded, max(0, start - _SPACED_SEEN), end + _SPACED_SEEN)
    )


def _is_spelled(folded: str, start: int, end: int) -> bool:
    """Whether a Latin word is parted for its own sake (`v x`), not as a part of a Latin text."""
    word = folded[start:end]
    if not word.isascii() or any(char.isdigit() for char in word):
        return False
    return not _is_foreign(folded[max(0, start - 2) : start]) and not _is_foreign(
        folded[end : end + 2]
    )


def _is_foreign(beside: str) -> bool:
    return any(char.isascii() and char.isalnum() for char in beside)
