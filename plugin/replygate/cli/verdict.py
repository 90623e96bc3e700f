"""How a verdict is written in words for people."""

from __future__ import annotations

from typing import Final

from replygate.cli.columns import shorten, visible, width_of, wrap
from replygate.cli.output import Colour
from replygate.model import Action, Cleared, Finding, FindingAction

COLOURS: Final[dict[Action, Colour]] = {"pass": "green", "rewrite": "yellow", "block": "red"}

_NAMES: Final[dict[Action, str]] = {
    "pass": "PASS 通过",
    "rewrite": "REWRITE 已改写",
    "block": "BLOCK 已拦截",
}
# The verdict is a rewrite, and no word of the draft goes out.
_STOCK: Final = "BLOCK 已拦截，改发备用话术 a stock answer goes out"
_FINDING_NAMES: Final[dict[FindingAction, str]] = {
    "block": "拦截 block",
    "rewrite": "改写 rewrite",
    "warn": "提醒 warn",
}
_LABEL_COLUMNS: Final = 16
_MATCHED_COLUMNS: Final = 200


def name(action: Action) -> str:
    """Name a verdict in both languages."""
    return _NAMES[action]


def headline(cleared: Cleared) -> str:
    """Name what happens to a text; in observe mode, what enforcing would have done."""
    verdict = cleared.would or cleared.action
    if verdict == "rewrite" and any(finding.action == "block" for finding in cleared.findings):
        return _STOCK
    return _NAMES[verdict]


def describe(finding: Finding, number: int, width: int) -> list[str]:
    """Write one finding as lines of at most `width` columns."""
    matched = shorten(visible(finding.matched), _MATCHED_COLUMNS)
    action = _FINDING_NAMES[finding.action]
    if finding.severity == "grave":
        action += "，严重 grave"
    fields = [("命中 matched", matched), ("处理 action", action)]
    if finding.replacement is not None:
        fields.append(("改为 replace", visible(finding.replacement) or "（删去 deleted）"))
    if finding.evasion:
        fields.append(("变形 evasion", "写法经过伪装 (disguised: only folding revealed it)"))
    fields.append(("原因 why", visible(finding.why)))
    if finding.source:
        fields.append(("来源 source", visible(finding.source)))
    lines = [f"{number}. {visible(finding.rule)}"]
    for label, value in fields:
        lines += field(label, value, width)
    return lines


def field(label: str, value: str, width: int) -> list[str]:
    """Write a label and its value; further lines of the value stand under its first."""
    room = max(width - 3 - _LABEL_COLUMNS, 10)
    first, *rest = wrap(value, room)
    indent = " " * (3 + _LABEL_COLUMNS)
    padding = " " * (_LABEL_COLUMNS - width_of(label))
    return [f"   {label}{padding}{first}", *(f"{indent}{row}" for row in rest)]
