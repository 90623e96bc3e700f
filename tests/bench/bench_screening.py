"""What a text costs on its way through the gate.

The yardstick is a bare pass of the store's two automata over the same bytes.
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Sequence
from dataclasses import replace

from measure import Figure, Ratio, Result, ratio
from replygate.config import load_store
from replygate.model import Draft
from replygate.screening.detectors import DETECTORS
from replygate.screening.gate import Gate
from replygate.screening.lexicon import as_bytes
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from stores import OWN_WORDS
from texts import REPLIES, words

TEXT_CHARS = 50
WORDS_PER_RULE = 100
PACKAGED = "demo-pdd"

# One rule of every sort beside the long lists.
EVERY_SORT = (
    *(Rule(name, "block", "why", detector=name) for name in DETECTORS),
    Rule("name", "rewrite", "why", words=(Word("某宝", ("别处",)),)),
    Rule("hidden", "block", "why", words=(Word("微信"), Word("支付宝")), evasions=True),
    Rule("near", "block", "why", words=(Word("微博"),), evidence=True),
    Rule("beside", "block", "why", together=(("好评", "五星"), ("返现", "红包"))),
)

# What looks like the beginning of something, over and over.
WORST = (
    *("亲", "微信", "微\u200b信", "加v", "好评返现", "用某宝", "1 3 ", "1-", "1.", "1a", "一三八"),
    *("13800138000 ", "a.", ".a", "a@", "a b ", "http://", "www", "6222 ", "路1", "面交", "加我"),
    *("\u200b", "\ud800", "\x00", "😊", "の", "é", "價", "。", "\n", "[", "-", "0", "a"),
)
SHORT_CHARS, LONG_CHARS = 10_000, 100_000


def rulebook(shared_words: int) -> Rulebook:
    """A store with a big shared lexicon, rules of every sort, and fifty words of its own."""
    made = words(shared_words + OWN_WORDS)
    chunks = [made[at : at + WORDS_PER_RULE] for at in range(0, shared_words, WORDS_PER_RULE)]
    listed = (
        Rule(f"w{number}", "block", "why", words=tuple(map(Word, chunk)))
        for number, chunk in enumerate(chunks)
    )
    own = RulePart((Rule("own", "block", "why", words=tuple(map(Word, made[shared_words:]))),))
    return Rulebook.compile(RulePart((*listed, *EVERY_SORT)), own)


def clean_drafts() -> list[Draft]:
    """Texts of exactly `TEXT_CHARS` characters, cut at different places."""
    told = "".join(itertools.islice(itertools.cycle("".join(REPLIES)), 5_000))
    starts = range(0, 4_500, 37)
    return [Draft("c", told[start : start + TEXT_CHARS]) for start in starts]


def screened(by: Gate, drafts: Sequence[Draft]) -> None:
    """Judge them all."""
    for draft in drafts:
        by.screen(draft)


def bare(by: Rulebook, data: Sequence[str]) -> None:
    """The yardstick: nothing but the automata."""
    for one in data:
        for automaton in by.automata:
            for _ in automaton.iter(one):
                pass


def against_bare(name: str, gate: Gate, drafts: list[Draft], rounds: int) -> Ratio:
    """Clean texts through the gate and through its automata alone."""
    assert all(gate.screen(draft).text is draft.text for draft in drafts), "they must be clean"
    data = [as_bytes(draft.text) for draft in drafts]
    return ratio(
        f"{name} / bare pass",
        lambda: screened(gate, drafts),
        lambda: bare(gate.rulebook, data),
        per=len(drafts),
        rounds=rounds,
        budget=2.0,
    )


def worst_cases(gate: Gate, units: Sequence[str]) -> list[Result]:
    """How the time grows with the text: ten times as long, ten times the time."""
    growth: dict[str, float] = {}
    slowest_us = 0.0
    for unit in units:
        short_s, long_s = (
            min(judged_s(gate, (unit * chars)[:chars]) for _ in range(3))
            for chars in (SHORT_CHARS, LONG_CHARS)
        )
        growth[unit] = long_s / short_s
        slowest_us = max(slowest_us, long_s / LONG_CHARS * 1e6)
    worst = max(growth.values())
    return [
        Figure("worst text, 100k / 10k characters", round(worst, 1), "times", 20),
        Figure("worst text, a character", round(slowest_us, 2), "us"),
    ]


def judged_s(gate: Gate, text: str) -> float:
    """How long one text takes; without the collector, which goes through all that lives here."""
    gc.disable()
    try:
        began = time.perf_counter()
        gate.screen(Draft("c", text))
        return time.perf_counter() - began
    finally:
        gc.enable()


def measure(*, quick: bool) -> list[Result]:
    """Ratios of `architecture` budgets for screening."""
    rounds = 30 if quick else 200
    drafts = clean_drafts()
    gate = Gate(rulebook(10_000))
    packaged = load_store(PACKAGED).gate
    results: list[Result] = [
        against_bare("clean text, 10k words", gate, drafts, rounds),
        against_bare(f"clean text, {PACKAGED}", packaged, drafts, rounds),
    ]

    def over_clean(name: str, by: Gate, texts: list[Draft], budget: float | None) -> None:
        timed = ratio(
            name,
            lambda: screened(by, texts),
            lambda: screened(gate, drafts),
            per=len(drafts),
            rounds=rounds,
            budget=budget,
        )
        results.append(timed)

    dirty = [replace(draft, text=f"某宝{draft.text[2:-2]}某宝") for draft in drafts]
    capitals = [replace(draft, text=f"{draft.text[:-4]}ＯＫ😊A") for draft in drafts]
    over_clean("two rewrites / clean text", gate, dirty, 8.0)
    over_clean("text that needs folding / clean text", gate, capitals, None)
    if not quick:
        large = Gate(rulebook(100_000))
        over_clean("clean text, 100k words / 10k words", large, drafts, 1.5)
    long = Gate(replace(packaged.rulebook, max_chars=LONG_CHARS))
    return [*results, *worst_cases(long, WORST[:8] if quick else WORST)]
