import pytest

from replygate.model import Draft, Kind
from replygate.screening.gate import Gate
from replygate.screening.kinds import DEFAULT_KINDS, KindAction
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook

BOOK = Rulebook.compile(RulePart((Rule("r", "block", "why", words=(Word("微信"),)),)), RulePart())


@pytest.mark.parametrize(
    ("kind", "action", "text", "rules", "verdict"),
    [
        ("image", "pass", "微信", [], "pass"),
        ("image", "screen", "好", ["gate.unscanned"], "pass"),
        ("image", "screen", "微信", ["r", "gate.unscanned"], "block"),
        ("card", "screen", "微信", ["r"], "block"),
        ("card", "block", "", ["gate.kind"], "block"),
        ("voice", "warn", "", ["gate.kind"], "pass"),
    ],
)
def test_a_kind_decides(
    kind: Kind, action: KindAction, text: str, rules: list[str], verdict: str
) -> None:
    gate = Gate(BOOK, kinds={**DEFAULT_KINDS, kind: action})
    cleared = gate.screen(Draft("c", text, kind=kind))
    assert [finding.rule for finding in cleared.findings] == rules
    assert cleared.action == verdict
