"""From a match in the folded text to a finding in the original."""

from __future__ import annotations

from collections.abc import Sequence

from replygate.model import Finding, FindingAction
from replygate.screening.figures import changes_figure, cuts_figure
from replygate.screening.fold import disguised
from replygate.screening.matches import Matched

_FIGURE_WHY = "这里有数字、日期或承诺，不能自动改写，请人工修改 (a figure is never rewritten)"


def finding(
    text: str, folded: str, index: Sequence[int] | None, match: Matched, rotation: int
) -> Finding:
    """Tell a match in terms of `text`. `rotation` chooses among several replacements."""
    rule, start, end = match.rule, match.start, match.end
    at, to = (start, end) if index is None else (index[start], index[end - 1] + 1)
    matched = text[at:to]
    written = folded[start:end]
    evasion = match.evasion or (matched != written and disguised(matched, written))
    action: FindingAction = rule.action
    # Somebody disguised the word: a rewrite would only teach them which disguise works.
    if evasion and rule.on_evasion != "rewrite":
        action = rule.on_evasion
    replacement = None
    why = rule.why
    if action == "rewrite":
        replacement = _replacement(match, to - at, rotation)
        if not rule.reply and _harms_figure(text, at, to, match, replacement):
            action, replacement, why = "block", None, f"{why} {_FIGURE_WHY}"
    return Finding(
        rule=rule.id,
        matched=matched,
        start=at,
        end=to,
        action=action,
        replacement=replacement,
        why=why,
        source=rule.source,
        evasion=evasion,
        severity=rule.severity,
        whole=bool(rule.reply) and action == "rewrite",
    )


def _replacement(match: Matched, chars: int, rotation: int) -> str:
    rule = match.rule
    if rule.mask:
        return rule.mask * chars
    texts = rule.reply or match.replace or rule.replace
    assert texts, f"the rule {rule.id} rewrites, and has nothing to put in place"
    return texts[rotation % len(texts)]


def _harms_figure(text: str, at: int, to: int, match: Matched, replacement: str) -> bool:
    if match.rule.detector is not None or match.rule.mask:
        return False
    if cuts_figure(text, at, to):
        return True
    return not match.free and changes_figure(text[at:to], replacement)
