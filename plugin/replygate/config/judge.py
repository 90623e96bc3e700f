"""What can be said of a store only once its rules run: do its own texts pass them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from replygate.config.places import Located, Place, Report
from replygate.config.rules import BuiltRule, blank
from replygate.config.schema import HoldingTable
from replygate.config.template import variables_in
from replygate.config.validate import shorten
from replygate.model import Cleared, Draft
from replygate.screening.gate import Gate
from replygate.timing.deadline import DeadlineRule

VARIABLES = {"buyer": "小明", "order": "订单", "wait": "3分钟"}
"""What a holding text may name, each with a harmless value to judge the text by."""

_VARIABLES_HINT = "the variables are " + ", ".join(f"{{{name}}}" for name in VARIABLES)
_NEVER_OFF_DUTY = ("正在", "马上", "人工")
_CLAIMS_A_TYPIST = ("人工正在", "对方正在输入", "正在输入")


def check_claims(holding: HoldingTable, located: Located, report: Report) -> None:
    """Note holding texts that claim what is not so, or name an unknown variable."""
    for place, text, key in _texts(holding, located):
        if blank(text):
            report.error(place, "expected some text, got only blanks or invisible characters")
        _check_claims(text, place, report, off_duty=key == "off_duty_texts")
        try:
            _filled(text)
        except ValueError as err:
            report.error(place, str(err), _VARIABLES_HINT)


def check_texts(gate: Gate, holding: HoldingTable, located: Located, report: Report) -> None:
    """Note holding texts that the store's own rules would change. Their variables are fine."""
    for place, text, _ in _texts(holding, located):
        try:
            filled = _filled(text)
        except ValueError:  # `check_claims` says so
            continue
        cleared = gate.screen(Draft("check", filled, origin="hold"))
        if cleared.action == "pass":
            continue
        rule, matched = _cause(cleared)
        verb = "blocks" if cleared.action == "block" else "changes"
        report.error(place, f'the rule "{rule}" {verb} this text at "{matched}": "{shorten(text)}"')


def check_stock(gate: Gate, texts: Iterable[tuple[str, Place]], report: Report) -> None:
    """Note stock answers that the store's own rules would change or block."""
    for text, place in texts:
        cleared = gate.screen(Draft("check", text, origin="bot"))
        if cleared.action != "pass":
            rule, matched = _cause(cleared)
            what = f'the rule "{rule}" catches this text at "{matched}": "{shorten(text)}"'
            report.error(place, what)


def _texts(holding: HoldingTable, located: Located) -> Iterator[tuple[Place, str, str]]:
    for key, texts in (("texts", holding.texts), ("off_duty_texts", holding.off_duty_texts)):
        for index, text in enumerate(texts):
            yield located.place(("holding", key, index)), text, key


def _check_claims(text: str, place: Place, report: Report, *, off_duty: bool) -> None:
    for claim in _CLAIMS_A_TYPIST:
        if claim in text:
            report.error(place, f'"{claim}" claims that a human is typing; a holding text is not')
            return
    for claim in _NEVER_OFF_DUTY if off_duty else ():
        if claim in text:
            what = f'"{claim}" is not true off duty'
            report.error(place, what, "say when somebody will answer")


def _filled(text: str) -> str:
    """Put harmless values for the variables. Raises ValueError where the braces are wrong."""
    variables_in(text, VARIABLES)
    return text.format_map(VARIABLES)


def _cause(cleared: Cleared) -> tuple[str, str]:
    """The finding that decided: the strictest, then the first."""
    order = {"block": 0, "rewrite": 1, "warn": 2}
    first = min(cleared.findings, key=lambda finding: order[finding.action])
    return first.rule, first.matched


class Replacement(NamedTuple):
    """A text that a rule puts in place of what it finds, or of the whole text."""

    built: BuiltRule
    text: str


def replacements(rules: Iterable[BuiltRule]) -> Iterator[Replacement]:
    """Every text that the rules put in place, each once for its rule."""
    for built in rules:
        rule = built.rule
        if rule.action == "rewrite":
            texts = (text for word in rule.words for text in word.replace)
            for text in dict.fromkeys((*rule.replace, *rule.reply, *texts)):
                if text:
                    yield Replacement(built, text)


def would_block(gate: Gate, text: str) -> Cleared | None:
    """The verdict on a text that does not go out."""
    # A rewrite that another rule rewrites once more still goes out.
    cleared = gate.screen(Draft("check", text))
    return cleared if cleared.action == "block" else None


def check_replacements(gate: Gate, found: Iterable[Replacement], report: Report) -> None:
    """Note replacements that the rules catch in turn: such a rewrite would block every time."""
    for built, text in found:
        cleared = would_block(gate, text)
        if cleared is not None:
            rule, matched = _cause(cleared)
            what = f'its replacement "{shorten(text)}" is caught by the rule "{rule}"'
            report.error(built.place, f'{what} at "{matched}", so it would block every time')


def check_lead(
    lead_s: float, deadlines: Iterable[DeadlineRule], place: Place, report: Report
) -> None:
    """Note a lead that is not shorter than some deadline: its hold would be due in the past."""
    for rule in deadlines:
        if rule.due_s is not None and rule.due_s <= lead_s:
            what = f'{lead_s:g} s is not shorter than the deadline "{rule.id}" ({rule.due_s} s)'
            report.error(place, what)
