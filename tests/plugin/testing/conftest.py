from __future__ import annotations

import pytest

from replygate.model import Mode
from replygate.screening.gate import Gate
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook

RULES = RulePart(
    rules=(
        Rule("no-wechat", "block", "联系方式不能发", words=(Word("微信"),)),
        Rule("softer", "rewrite", "换个说法", words=(Word("马上", ("尽快",)), Word("哦", ("",)))),
        Rule("watch", "warn", "留意", words=(Word("赠品"),)),
    )
)


def gate_with(mode: Mode) -> Gate:
    return Gate(Rulebook.compile(RulePart(), RULES), mode=mode)


@pytest.fixture
def gate() -> Gate:
    return gate_with("enforce")


@pytest.fixture
def observing_gate() -> Gate:
    return gate_with("observe")
