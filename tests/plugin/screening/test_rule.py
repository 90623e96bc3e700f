from typing import get_args

from replygate.screening.detectors import DETECTORS
from replygate.screening.rule import Detector, Exempt, Rule, RulePart, Word


def test_every_detector_that_a_rule_may_name_exists() -> None:
    assert DETECTORS.keys() == set(get_args(Detector))


def test_equal_rules_are_one_key_so_that_stores_can_share_what_is_compiled() -> None:
    def part() -> RulePart:
        rule = Rule("r", "block", "why", words=(Word("微信"),), exceptions=(Exempt("微信支付"),))
        return RulePart((rule,), (Exempt("小程序"),))

    assert part() == part()
    assert hash(part()) == hash(part())
