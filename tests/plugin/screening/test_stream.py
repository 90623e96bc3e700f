from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from replygate.config import load_store
from replygate.model import Cleared, Draft, Finding, Memory
from replygate.screening.gate import Blocking, Gate
from replygate.screening.kinds import DEFAULT_KINDS
from replygate.screening.memory import MemoryRules
from replygate.screening.rule import Detector, Exempt, Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from replygate.screening.stream import StreamScreen
from strategies import TEXTS, parts

DRAFT = Draft("c-1", "")
DETECTORS: tuple[Detector, ...] = get_args(Detector)

CONTACTS = RulePart(
    (
        Rule("wechat", "block", "", words=(Word("微信"), Word("加微信")), evasions=True),
        Rule("qq", "block", "", words=(Word("qq"),), match="word", evidence=True),
        Rule("dear", "rewrite", "", words=(Word("亲", ("您", "")),), match="lone",
             exceptions=(Exempt("亲子"), Exempt("亲自", "己"))),
        Rule("sure", "rewrite", "", words=(Word("不一定", ("未必",)), Word("一定", ("会",)))),
        Rule("cash", "block", "", together=(("好评", "五星"), ("返现", "红包"))),
        Rule("soft", "rewrite", "", together=(("加急",), ("优先",)), replace=("尽快",)),
        *(Rule(name, "block", "", detector=name) for name in DETECTORS),
    ),
    (Exempt("微信小程序"),),
)  # fmt: skip
LINKS = RulePart(
    (
        Rule("url", "rewrite", "", detector="url", replace=("链接",)),
        Rule("mobile", "rewrite", "", detector="mobile", replace=("",)),
        Rule("put", "rewrite", "", words=(Word("删", ("",)),)),
        Rule("ab", "block", "", words=(Word("链接删"), Word("在店"))),
    )
)

# Pieces that only together are something, and what stands between them.
MARKS = st.sampled_from("微信加❤\u200b一三八号元点。！，\n亲子自己不删在店x:@W")
WORDS = """
微信 加我 138 0013 8000 13800138000 www .com 亲亲 一定 好评 没有 返现 红包 加急 优先
qq abc_123 艾特 163 我们在 人民路 88 到店 自提 收货 地址 小程序 链接 62 2848
您好这款有货的 今天可以发出请放心 谢谢您的支持祝您生活愉快 请问还有什么可以帮您的
"""
FRAGMENTS = MARKS | st.sampled_from(WORDS.split())
LONG = st.lists(FRAGMENTS | st.sampled_from([" ", "  ", ""]), max_size=60).map("".join)


@cache
def judge(part: str) -> Gate:
    return Gate(Rulebook.compile({"contacts": CONTACTS, "links": LINKS}[part], RulePart()))


def cut(text: str, sizes: Sequence[int]) -> list[str]:
    """The text in pieces of these sizes, over and over."""
    pieces, at, number = [], 0, 0
    while at < len(text):
        size = sizes[number % len(sizes)]
        pieces.append(text[at : at + size])
        at, number = at + size, number + 1
    return pieces


def streamed(
    gate: Gate, pieces: Sequence[str], memory: Memory | None = None
) -> tuple[str, Cleared]:
    """What went out in all, checked against the verdict on the whole at every step."""
    stream = StreamScreen(gate, DRAFT, memory)
    whole = gate.screen(replace(DRAFT, text="".join(pieces)), memory)
    out = ""
    for piece in pieces:
        out += stream.feed(piece)
        if whole.text is not None:
            assert whole.text.startswith(out)
            assert not stream.blocked
    rest, cleared = stream.close()
    if not stream.blocked:
        assert cleared == whole
    assert stream.blocked == (whole.text is None)
    return out + rest, cleared


def nothing_found_went_out(out: str, cleared: Cleared) -> bool:
    """Whether what went out of a blocked text ends before what blocked it."""
    blocks = [one.start for one in cleared.findings if one.action == "block"]
    rewrites = any(one.action == "rewrite" for one in cleared.findings)
    return rewrites or cleared.draft.text[: min(blocks)].startswith(out)


SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@given(parts(), TEXTS | st.lists(TEXTS, max_size=8).map("".join), SIZES)
def test_any_cut_of_any_text_gives_the_cleared_whole(
    part: RulePart, text: str, sizes: list[int]
) -> None:
    out, cleared = streamed(Gate(Rulebook.compile(part, RulePart())), cut(text, sizes))
    if cleared.text is not None:
        assert out == cleared.text


@settings(max_examples=400)
@pytest.mark.parametrize("part", ["contacts", "links"])
@given(LONG, SIZES)
@example("谢谢您的支持祝您生活愉快" * 20 + "138" + "0013" + "8000", [1])
def test_what_stands_in_pieces_is_found_as_in_one(part: str, text: str, sizes: list[int]) -> None:
    out, cleared = streamed(judge(part), cut(text, sizes))
    if cleared.text is None:
        assert nothing_found_went_out(out, cleared)
    else:
        assert out == cleared.text


def gate(*rules: Rule, **options: object) -> Gate:
    return Gate(Rulebook.compile(RulePart(rules), RulePart()), **options)  # type: ignore[arg-type]  # passed on


WECHAT = Rule("wechat", "block", "", words=(Word("微信"),), evasions=True)


@pytest.mark.parametrize(
    ("pieces", "released"),
    [
        (["您好，有货的，今天", "可以发出，请放心购买"], ["您好，有货的，今天"]),
        (["您好，这款有货，有微", "波炉专用的盖子"], ["您好，这款有货，有"]),
        (["您好，这款有货，有微☆ ", "波炉专用的盖子"], ["您好，这款有货，有"]),
    ],
)
def test_what_can_still_become_a_match_is_held_back_and_nothing_more(
    pieces: list[str], released: list[str]
) -> None:
    stream = StreamScreen(gate(WECHAT), DRAFT)
    assert stream.feed(pieces[0]) == released[0]
    stream.feed(pieces[1])
    assert stream.close().cleared.text == "".join(pieces)


def test_a_block_stops_the_stream_before_what_was_found() -> None:
    stream = StreamScreen(gate(WECHAT), DRAFT)
    out = "".join(
        map(stream.feed, cut("这款有货，您加我微信，" + "今天可以发出，请放心。" * 20, [8]))
    )
    assert stream.blocked
    assert "这款有货，您加我".startswith(out)
    assert out
    assert stream.feed("还有") == ""
    rest, cleared = stream.close()
    assert (rest, cleared.action) == ("", "block")
    assert [finding.rule for finding in cleared.findings] == ["wechat"]


def test_a_text_that_grows_too_long_stops_the_stream() -> None:
    book = Rulebook.compile(RulePart((WECHAT,)), RulePart(), max_chars=50)
    stream = StreamScreen(Gate(book), DRAFT)
    stream.feed("好" * 51)
    assert stream.blocked
    assert [finding.rule for finding in stream.close().cleared.findings] == ["gate.too-long"]


def test_in_observe_mode_all_goes_out_at_once_and_the_verdict_is_told() -> None:
    stream = StreamScreen(gate(WECHAT, mode="observe"), DRAFT)
    assert [stream.feed("加微"), stream.feed("信")] == ["加微", "信"]
    rest, cleared = stream.close()
    assert (rest, cleared.would) == ("", "block")


CLEAN = "这款有货的，今天可以发出，请放心购买。" * 10


def check(draft: Draft) -> list[Finding]:
    return []


@pytest.mark.parametrize(
    "whole",
    [
        gate(Rule("r", "rewrite", "", words=(Word("微信"),), reply=("请看商品页",))),
        gate(Rule("r", "block", "", patterns=("微.?信",))),
        gate(WECHAT, checks=[check]),
        gate(WECHAT, blocking=Blocking("stock", ("请看商品页",))),
        gate(WECHAT, kinds={**DEFAULT_KINDS, "text": "warn"}),
        gate(WECHAT, memory=MemoryRules(repeat="block")),
    ],
)
def test_where_a_rule_speaks_of_the_whole_all_waits_for_the_end(whole: Gate) -> None:
    stream = StreamScreen(whole, DRAFT, Memory(("在的",)))
    assert {stream.feed(piece) for piece in cut(CLEAN, [7])} == {""}
    assert stream.close().rest == CLEAN


@pytest.mark.parametrize("platform", ["pdd", "jd"])
def test_a_packaged_store_lets_out_a_long_answer_as_it_comes(platform: str) -> None:
    store = load_store(f"demo-{platform}")
    stream = StreamScreen(store.gate, Draft("c-1", "", store=store.id))
    ahead = []
    out, fed = "", ""
    for piece in cut(CLEAN * 3, [6]):
        fed += piece
        out += stream.feed(piece)
        ahead.append(len(fed) - len(out))
        assert CLEAN.startswith(out[: len(CLEAN)])
    assert ahead[len(ahead) // 2] < 250
    assert out + stream.close().rest == CLEAN * 3


def test_looks_at_a_growing_text_take_linear_time_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    find = Rulebook.find

    def counted(book: Rulebook, text: str, *rest: object) -> Sequence[Finding]:
        read.append(len(text))
        return find(book, text, *rest)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(Rulebook, "find", counted)
    sums = []
    for chars in (2_000, 8_000):
        read.clear()
        stream = StreamScreen(gate(WECHAT), DRAFT)
        for _ in range(chars):
            stream.feed("好")
        stream.close()
        sums.append(sum(read))
    assert sums[1] < 6 * sums[0]
    assert sums[1] < 10 * 8_000
