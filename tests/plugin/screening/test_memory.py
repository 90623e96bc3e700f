from dataclasses import replace

import pytest

from replygate.model import Draft, Memory, Origin
from replygate.screening.gate import Blocking, Gate
from replygate.screening.memory import MemoryRules, remembered
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook

WARN = MemoryRules(repeat="warn", perfunctory="warn", in_a_row="warn", in_a_row_max=3)
NO_RULES = RulePart()
REWRITE = RulePart((Rule("dear", "rewrite", "why", words=(Word("亲，", ("",)),)),))


def found(
    text: str, *sent: str, in_a_row: int = 0, rules: MemoryRules = WARN, origin: Origin = "bot"
) -> list[str]:
    draft = Draft("c-1", text, origin=origin)
    memory = Memory(sent, in_a_row)
    return [finding.rule for finding in remembered(rules, draft, text, memory)]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("这款今天能发货", "这款今天能发货"),
        ("这款今天能发货！", "这款，今天能发货～"),
        ("有ＸＬ码", "有xl 码"),
        ("這款今天能發貨😊", "这款今天能发货"),
    ],
)
def test_the_same_wording_again_is_a_repeat(text: str, sent: str) -> None:
    assert found(text, sent, "别的") == ["memory.repeat"]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("这款今天能发货", "这款明天能发货"),
        ("不客气", "不客气"),
        ("不客气哦亲，祝您生活愉快～", "不客气哦亲，祝您生活愉快～"),
        ("请问还有其他可以帮您的吗？", "请问还有其他可以帮您的吗？"),
        ("😊", "😊"),
        ("", ""),
        ("……", "！"),
    ],
)
def test_another_wording_a_closer_and_marks_alone_are_none(text: str, sent: str) -> None:
    assert found(text, sent) == []


def test_how_often_is_a_setting() -> None:
    rules = replace(WARN, repeat_max=2)
    assert found("今天发", "今天发", rules=rules) == []
    assert found("今天发", "今天发", "好看", "今天发", rules=rules) == ["memory.repeat"]


@pytest.mark.parametrize("text", ["嗯", "嗯嗯", "哦。", "不知道", "不知道呢亲", "嗯，不清楚"])
def test_one_perfunctory_answer_behind_another(text: str) -> None:
    assert found(text, "有货的", "哦") == ["memory.perfunctory"]
    assert found(text, "哦", "有货的") == []
    assert found(text) == []


@pytest.mark.parametrize("text", ["嗯，今天发", "这个不知道能不能退", "的", "亲", "好的"])
def test_what_says_something_more_is_not_perfunctory(text: str) -> None:
    assert found(text, "嗯") == []


def test_how_many_perfunctory_answers_is_a_setting() -> None:
    rules = replace(WARN, perfunctory_max=2)
    assert found("嗯", "哦", rules=rules) == []
    assert found("嗯", "哦", "额", rules=rules) == ["memory.perfunctory"]


def test_too_many_in_a_row() -> None:
    assert found("还在吗", in_a_row=2) == []
    assert found("还在吗", in_a_row=3) == ["memory.in-a-row"]


@pytest.mark.parametrize("origin", ["hold", "platform"])
def test_what_nobody_chose_to_send_is_not_judged(origin: Origin) -> None:
    assert found("请稍候再看", "请稍候再看", in_a_row=9, origin=origin) == []


def test_nothing_is_minded_unless_told() -> None:
    assert found("今天发", "今天发", in_a_row=99, rules=MemoryRules()) == []
    assert not MemoryRules().can_block
    assert replace(WARN, repeat="block").can_block


def gate(rules: MemoryRules, *stock: str, part: RulePart = NO_RULES) -> Gate:
    blocking = Blocking("stock" if stock else "ask", stock)
    return Gate(Rulebook.compile(part, RulePart()), memory=rules, blocking=blocking)


def test_a_warning_changes_nothing_and_a_block_blocks() -> None:
    memory = Memory(("今天发",))
    draft = Draft("c-1", "今天发")
    warned = gate(WARN).screen(draft, memory)
    assert (warned.action, warned.text) == ("pass", "今天发")
    assert [finding.action for finding in warned.findings] == ["warn"]
    blocked = gate(replace(WARN, repeat="block")).screen(draft, memory)
    assert (blocked.action, blocked.text, blocked.on_block) == ("block", None, "ask")
    finding = blocked.findings[0]
    assert (finding.matched, finding.start, finding.end) == ("今天发", 0, 3)
    assert "1 次" in finding.why


def test_without_a_memory_nothing_is_remembered() -> None:
    assert gate(replace(WARN, repeat="block")).screen(Draft("c-1", "今天发")).findings == ()


def test_what_goes_out_is_compared_and_not_what_was_written() -> None:
    judge = gate(WARN, part=REWRITE)
    again = judge.screen(Draft("c-1", "亲，今天发"), Memory(("今天发",)))
    assert again.text == "今天发"
    assert [finding.rule for finding in again.findings] == ["dear", "memory.repeat"]


def test_a_stock_answer_that_would_be_a_repeat_itself_does_not_go_out() -> None:
    judge = gate(replace(WARN, repeat="block"), "请看商品页")
    draft = Draft("c-1", "今天发")
    assert judge.screen(draft, Memory(("今天发",))).text == "请看商品页"
    assert judge.screen(draft, Memory(("今天发", "请看商品页"))).action == "block"
