"""The stores of the simulation: plain ones with a deadline of their own, and the six platforms."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from replygate.config import Store, load_store

STEMS = "甲乙丙丁戊己庚辛壬癸"

PROMISES = "回复"
"""Stands in every holding text that promises something; one that takes leave does not."""

FORBIDDEN = "微信"

REWRITTEN = ("京东快递", "合作快递")

_SHOP = """
id = "shop"
{platform}
[holding]
texts = ["已收到，客服会尽快回复您", "收到您的消息了，请留意回复"]
off_duty_texts = ["已收到您的消息，客服上班后会尽快回复您"]
[hours]
open = ["00:00-24:00"]
[privacy]
log_text = "full"
[[screening.rule]]
id = "own-wechat"
action = "block"
words = ["微信"]
[[screening.rule]]
id = "own-courier"
action = "rewrite"
words = ["京东快递"]
replace = "合作快递"
[[deadline]]
id = "own"
name = "own"
due_s = 30
"""

PLATFORMS = ("", "", "", "pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")


def stems(number: int) -> str:
    """A number that no rule takes for a phone number."""
    return "".join(STEMS[int(digit)] for digit in str(number))


@cache
def _compiled(platform: str) -> Store:
    named = f'platform = "{platform}"\nedition = "sources-2023"' if platform else ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.toml"
        path.write_text(_SHOP.format(platform=named), "utf-8")
        return load_store(path)


def drawn(chance: random.Random) -> Store:
    """A store of some kind. What differs between kinds of one platform needs no compiling."""
    found = _compiled(chance.choice(PLATFORMS))
    *platforms, own = found.deadlines
    own = replace(
        own,
        due_s=chance.choice((15, 30, 60)),
        opens=chance.choice(("turn", "message")),
        counts=replace(own.counts, hold=chance.choice(("no", "yes", "unknown"))),
    )
    holding = replace(found.holding, min_gap_s=chance.choice((0, 60)))
    return replace(found, deadlines=(*platforms, own), holding=holding)


def store(number: int, kind: Store) -> Store:
    """A store of its own of this kind: its texts name it, so that they can be told apart."""
    mark = f"【{stems(number)}】"
    holding = replace(
        kind.holding,
        texts=tuple(text + mark for text in kind.holding.texts),
        off_duty_texts=tuple(text + mark for text in kind.holding.off_duty_texts),
        closers=tuple(text + mark for text in kind.holding.closers),
    )
    return replace(kind, id=f"s{number}", holding=holding)
