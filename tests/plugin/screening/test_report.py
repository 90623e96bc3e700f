from replygate.model import Draft, Edit
from replygate.screening.gate import Blocking, Gate
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook

PLAIN = Blocking()


def gate(*rules: Rule, blocking: Blocking = PLAIN) -> Gate:
    return Gate(Rulebook.compile(RulePart(rules), RulePart()), blocking=blocking)


def test_a_mask_stands_for_each_character() -> None:
    rule = Rule("r", "rewrite", "why", words=(Word("赠品"),), mask="＊")
    assert gate(rule).screen(Draft("c", "有赠品")).text == "有＊＊"


def test_a_reply_takes_the_place_of_the_whole_text() -> None:
    rule = Rule("r", "rewrite", "why", words=(Word("滚"),), reply=("请稍等",))
    cleared = gate(rule).screen(Draft("c", "你滚吧"))
    assert (cleared.text, cleared.edits) == ("请稍等", (Edit(0, 3, "请稍等"),))


def test_a_stock_answer_goes_out_in_place_of_a_blocked_text() -> None:
    rule = Rule("r", "block", "why", words=(Word("微信"),), on_block="stock")
    cleared = gate(rule, blocking=Blocking("ask", ("在这里聊哦",))).screen(Draft("c", "加微信"))
    assert (cleared.action, cleared.text) == ("rewrite", "在这里聊哦")
    assert cleared.findings[0].action == "block"


def test_a_rewrite_that_would_change_a_price_blocks() -> None:
    rule = Rule("r", "rewrite", "why", together=(("到手",), ("元",)), replace=("有优惠",))
    cleared = gate(rule).screen(Draft("c", "到手99元"))
    assert cleared.action == "block"
    assert "figure" in cleared.findings[0].why


def test_what_becomes_of_a_blocked_text_is_said() -> None:
    silent = Rule("r", "block", "why", words=(Word("微信"),), on_block="silent")
    assert gate(silent).screen(Draft("c", "微信")).on_block == "silent"
    other = Rule("o", "block", "why", words=(Word("淘宝"),))
    assert gate(silent, other).screen(Draft("c", "微信淘宝")).on_block == "ask"
    assert gate(silent).screen(Draft("c", "好")).on_block is None
