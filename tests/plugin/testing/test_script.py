from __future__ import annotations

import re

import pytest

from replygate.config import load_store
from replygate.errors import PlatformBusy, PlatformRefused, SendUncertain
from replygate.model import Receipt
from replygate.screening.gate import Gate
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook
from replygate.testing import Script


def failure(check: object, *arguments: object, **named: object) -> str:
    assert callable(check)
    with pytest.raises(AssertionError) as caught:
        check(*arguments, **named)
    return str(caught.value)


def test_a_conversation_with_a_packaged_store() -> None:
    script = Script(load_store("demo-pdd"))
    script.buyer("多久发货")
    script.wait(12)
    blocked = script.bot("加微信 wx_8866").is_blocked()
    script.wait(8)
    script.human("今天发").goes_out("今天发")
    assert script.platform.delivered == ("今天发",)
    assert blocked.cleared.draft.store == "demo-pdd"
    assert script.clock.monotonic_s() == 20


def test_a_text_goes_out_as_written_or_as_told(gate: Gate) -> None:
    script = Script(gate)
    script.bot("今天发货").goes_out().goes_out("今天发货")
    script.bot("马上发").goes_out("尽快发").finds("softer")
    script.bot("赠品已放").goes_out().finds("watch")
    assert script.platform.delivered == ("今天发货", "尽快发", "赠品已放")


def test_the_draft_names_who_wrote_it(gate: Gate) -> None:
    script = Script(gate, conversation="c-7")
    script.bot("一", agent="robot-1")
    script.human("二", agent="小王")
    drafts = [sent.cleared.draft for sent in script.platform.sent]
    assert [(d.conversation, d.text, d.store, d.origin, d.agent) for d in drafts] == [
        ("c-7", "一", None, "bot", "robot-1"),
        ("c-7", "二", None, "human", "小王"),
    ]


def test_a_blocked_text_never_reaches_the_platform(gate: Gate) -> None:
    script = Script(gate)
    said = script.bot("加微信").is_blocked().is_blocked(by="no-wechat").finds("no-wechat")
    assert said.outcome is None
    assert script.platform.sent == []


def test_the_platforms_answers_become_outcomes(gate: Gate) -> None:
    script = Script(gate)
    receipt = Receipt("m-1", at_ms=7)
    script.platform.answer(PlatformRefused("closed"))
    script.platform.answer(PlatformBusy(retry_after_s=3))
    script.platform.answer(SendUncertain("timeout"), delivered=True)
    script.platform.answer(receipt)
    script.bot("一").fails_with(PlatformRefused)
    script.bot("二").fails_with(PlatformBusy)
    script.bot("三").fails_with(SendUncertain)
    assert script.bot("四").goes_out().outcome is receipt
    assert script.platform.delivered == ("三", "四")


def test_the_gate_is_told_what_the_buyer_has_read() -> None:
    words = (Word("在的", ("您好", "请讲")),)
    rules = RulePart(rules=(Rule("rotates", "rewrite", "换着说", words=words),))
    script = Script(Gate(Rulebook.compile(RulePart(), rules)))
    script.platform.answer(PlatformRefused())
    script.bot("在的").fails_with(PlatformRefused)
    script.bot("在的").goes_out("您好")
    script.bot("在的").goes_out("请讲")
    script.bot("在的").goes_out("您好")


def test_observe_mode_lets_the_original_out(observing_gate: Gate) -> None:
    said = Script(observing_gate).bot("加微信").goes_out().finds("no-wechat")
    assert said.cleared.would == "block"


def test_transcript_tells_who_said_what_when_and_what_became_of_it(gate: Gate) -> None:
    script = Script(gate)
    script.buyer("多久发货")
    script.wait(12)
    script.bot("加微信")
    script.bot("马上发")
    script.platform.answer(PlatformRefused("closed"))
    script.human("今天发")
    script.wait(24 * 3600)
    script.human("发了")
    assert script.transcript().splitlines() == [
        "11-20 10:15:00  buyer  多久发货",
        "11-20 10:15:12  bot    加微信  (blocked by no-wechat)",
        "11-20 10:15:12  bot    马上发  (went out as '尽快发')",
        "11-20 10:15:12  human  今天发  (PlatformRefused: closed)",
        "11-21 10:15:12  human  发了  (went out)",
    ]


def test_a_failed_check_shows_findings_and_transcript(gate: Gate) -> None:
    script = Script(gate)
    script.buyer("多久发货")
    message = failure(script.bot("加微信").goes_out)
    assert message.splitlines() == [
        "expected the bot's '加微信' to go out as '加微信', but: blocked by no-wechat",
        "",
        "findings:",
        "  no-wechat: block '微信' at 1-3: 联系方式不能发",
        "",
        "transcript:",
        "  11-20 10:15:00  buyer  多久发货",
        "  11-20 10:15:00  bot    加微信  (blocked by no-wechat)",
    ]


def test_each_check_fails_where_it_should(gate: Gate) -> None:
    script = Script(gate)
    out, rewritten, blocked = script.bot("今天发"), script.bot("马上发"), script.bot("加微信")
    script.platform.answer(PlatformRefused("closed"))
    unsent = script.human("明天发")
    for message, expected in [
        (failure(out.is_blocked), "to be blocked, but: went out"),
        (failure(out.goes_out, "今天"), "to go out as '今天', but: went out"),
        (failure(out.finds, "watch"), "to be found by watch"),
        (failure(out.fails_with, SendUncertain), "to fail with SendUncertain, but: went out"),
        (failure(rewritten.goes_out), "to go out as '马上发', but: went out as '尽快发'"),
        (failure(blocked.is_blocked, by="watch"), "to be blocked by watch, but: blocked by no-w"),
        (failure(blocked.fails_with, PlatformRefused), "but: blocked by no-wechat"),
        (failure(unsent.goes_out), "but: PlatformRefused: closed"),
        (failure(unsent.fails_with, SendUncertain), "but: PlatformRefused: closed"),
    ]:
        assert re.search(re.escape(expected), message)
    assert "findings:\n  none\n" in failure(out.is_blocked)


async def test_works_inside_a_running_event_loop(gate: Gate) -> None:
    Script(gate).bot("今天发").goes_out()
