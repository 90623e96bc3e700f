from pathlib import Path

from replygate.config.adjust import Change
from replygate.config.places import Place, Report, Source
from replygate.config.rules import BuiltRule
from replygate.config.schema_screening import AdjustEntry
from replygate.config.shared import CommonRules, SharedRules
from replygate.model import FindingAction
from replygate.screening.rule import Rule, RulePart, Word
from replygate.screening.rulebook import Rulebook

PLACE = Place(Source("p.toml", Path()), 1, "rule[0].id")
GIFT = Rule("gift", "warn", "why", words=(Word("赠品"),))
PROMISE = Rule("promise", "block", "why", words=(Word("保证"),))
FOREIGN = Rule("foreign", "block", "why", words=(Word("赠品"), Word("今天")))


class Somewhere:
    def place(self, _path: tuple[str | int, ...]) -> Place:
        return PLACE


def change(name: str, action: FindingAction) -> Change:
    return Change(name, AdjustEntry(action=action), ("adjust", name), Somewhere())


def shared(rules: list[Rule], common: list[Rule], *wanted: Change) -> SharedRules:
    built = [BuiltRule(rule, PLACE) for rule in rules]
    return SharedRules(built, wanted, ["平台"], [], [], CommonRules(common))


def found(of: SharedRules, text: str) -> list[tuple[str, FindingAction]]:
    book = Rulebook.compile(of.compiled, RulePart())
    return [(finding.rule, finding.action) for finding in book.find(text)]


def test_a_platform_picks_its_rules_from_the_common_ones() -> None:
    assert found(shared([GIFT], [GIFT, FOREIGN]), "今天有赠品") == [("gift", "warn")]


def test_platforms_that_share_nothing_but_the_automaton_share_that() -> None:
    common = CommonRules([GIFT, FOREIGN])
    books = [
        SharedRules([BuiltRule(rule, PLACE)], [], [], [], [], common).compiled
        for rule in (GIFT, FOREIGN)
    ]
    assert books[0][0].words is books[1][0].words
    assert books[0][0].rules == (GIFT, None)


def test_rules_from_elsewhere_are_compiled_beside_the_common_ones() -> None:
    of = shared([GIFT, PROMISE], [GIFT, FOREIGN])
    assert len(of.compiled) == 2
    assert found(of, "保证有赠品") == [("promise", "block"), ("gift", "warn")]


def test_where_nothing_is_common_nothing_of_it_is_compiled() -> None:
    of = shared([PROMISE], [GIFT, FOREIGN])
    assert [part.rules for part in of.compiled] == [(PROMISE,)]


def test_an_adjusted_rule_takes_the_place_of_the_one_that_was_written() -> None:
    wanted = (change("gift", "block"), change("promise", "warn"))
    of = shared([GIFT, PROMISE], [GIFT], *wanted)
    assert found(of, "保证有赠品") == [("promise", "warn"), ("gift", "block")]


def test_what_is_wrong_with_an_adjustment_is_noted() -> None:
    report: Report = shared([GIFT], [], change("gifts", "block")).report
    assert ["there is no rule" in problem.what for problem in report.problems] == [True]


def test_replacements_that_the_rules_catch_are_told_from_the_others() -> None:
    rewrite = Rule(
        "r", "rewrite", "why", words=(Word("大促", ("保证便宜",)), Word("好价", ("平台价",)))
    )
    doubtful, others = shared([rewrite, PROMISE], []).doubtful
    assert [one.text for one in doubtful] == ["保证便宜"]
    assert [one.text for one in others] == ["平台价"]


def test_equal_topics_are_compiled_once() -> None:
    of = SharedRules([], [], [], [], [BuiltRule(GIFT, PLACE)], CommonRules([]))
    assert of.compiled_topics is of.compiled_topics
    assert of.compiled_topics.of("有赠品吗") == {"gift"}
