"""What can be said of a store only once its rules run: do its own texts pass them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from replygate.config.places import Located, Place, Report
from replygate.config.rules import BuiltRule, blank
from replygate.config.schema_holding import HoldingTable
from replygate.config.template import variables_in
from replygate.config.validate import shorten
from replygate.model import Cleared, Draft
from replygate.screening.gate import Gate
from replygate.timing.deadline import DeadlineRule

VARIABLES = {"buyer": "小明", "order": "订单", "wait": "3分钟"}
"""What a holding text may name, each with a harmless value to judge the text by."""

_OFF_DUTY = {**VARIABLES, "wait": "明天09:00"}

_VARIABLES_HINT = "the variables are " + ", ".join(f"{{{name}}}" for name in VARIABLES)
_NEVER_OFF_DUTY = ("正在", "马上", "人工")
_CLAIMS_A_TYPIST = ("人工正在", "客服正在", "对方正在输入", "正在输入", "正在打字")
_ASKS_TO_WAIT = ("稍等", "等一下", "等一会", "稍候", "稍后", "马上", "尽快", "正在", "请等")


def check_claims(holding: HoldingTable, located: Located, report: Report) -> None:
    """Note holding texts that claim what is not so, or name an unknown variable."""
    for written in _texts(holding, located):
        if blank(written.text):
            what = "expected some text, got only blanks or invisible characters"
            report.error(written.place, what)
        _check_claims(written, report)
        try:
            _filled(written)
        except ValueError as err:
            report.error(written.place, str(err), _VARIABLES_HINT)


def check_texts(gate: Gate, holding: HoldingTable, located: Located, report: Report) -> None:
    """Note holding texts that the store's own rules would change. Their variables are fine."""
    for written in _texts(holding, located):
        try:
            filled = _filled(written)
        except ValueError:  # `check_claims` says so
            continue
        cleared = gate.screen(Draft("check", filled, origin="hold"))
        if cleared.action == "pass":
            continue
        rule, matched = _cause(cleared)
        verb = "blocks" if cleared.action == "block" else "changes"
        what = f'the rule "{rule}" {verb} this text at "{matched}": "{shorten(written.text)}"'
        report.error(written.place, what)


def check_stock(gate: Gate, texts: Iterable[tuple[str, Place]], report: Report) -> None:
    """Note stock answers that the store's own rules would change or block."""
    for text, place in texts:
        cleared = gate.screen(Draft("check", text, origin="bot"))
        if cleared.action != "pass":
            rule, matched = _cause(cleared)
            what = f'the rule "{rule}" catches this text at "{matched}": "{shorten(text)}"'
            report.error(place, what)


class _Written(NamedTuple):
    """A holding text where it stands, and when it is sent."""

    text: str
    place: Place
    when: Literal["on duty", "off duty", "closing"]


def _texts(holding: HoldingTable, located: Located) -> Iterator[_Written]:
    for index, text in enumerate(holding.texts):
        yield _Written(text, located.place(("holding", "texts", index)), "on duty")
    for index, text in enumerate(holding.off_duty_texts):
        yield _Written(text, located.place(("holding", "off_duty_texts", index)), "off duty")
    for index, text in enumerate(holding.closers):
        yield _Written(text, located.place(("holding", "closers", index)), "closing")
    for entry_index, entry in enumerate(holding.text):
        for index, text in enumerate(entry.texts):
            place = located.place(("holding", "text", entry_index, "texts", index))
            yield _Written(text, place, "off duty" if entry.off_duty else "on duty")


def _check_claims(written: _Written, report: Report) -> None:
    text, place, when = written
    for claim in _CLAIMS_A_TYPIST:
        if claim in text:
            report.error(place, f'"{claim}" claims that a human is typing; a holding text is not')
            return
    for claim in _NEVER_OFF_DUTY if when == "off duty" else ():
        if claim in text:
            what = f'"{claim}" is not true off duty'
            report.error(place, what, "say when somebody will answer")
    for claim in _ASKS_TO_WAIT if when == "closing" else ():
        if claim in text:
            what = f'"{claim}" asks somebody to wait who only said thanks'
            report.error(place, what, "a closer says good-bye")


def _filled(written: _Written) -> str:
    """Put harmless values for the variables. Raises ValueError where the braces are wrong."""
    variables_in(written.text, VARIABLES)
    return written.text.format_map(VARIABLES if written.when == "on duty" else _OFF_DUTY)


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
