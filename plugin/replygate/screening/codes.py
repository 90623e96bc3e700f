"""What the QR codes in a draft's pictures say, judged like its text.

A code can not be rewritten, so what would be rewritten in a text blocks here. A code that is no
link to the platform leads a buyer somewhere else, whatever it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from replygate.model import Draft, Finding, FindingAction
from replygate.screening.decide import about_all
from replygate.screening.detectors.links import is_own, links
from replygate.screening.fold import fold

_SHOWN_CHARS = 60


def in_codes(
    draft: Draft, find: Callable[[str], Sequence[Finding]], own_domains: frozenset[str]
) -> Iterator[Finding]:
    """What is wrong with the codes of a draft. The findings speak of the whole draft."""
    for code in draft.codes or ():
        shown = code if len(code) <= _SHOWN_CHARS else f"{code[:_SHOWN_CHARS]}…"
        if not _is_own_link(code, own_domains):
            why = f"图片里的二维码「{shown}」不是本平台的链接，请去掉 (a QR code leads elsewhere)"
            yield about_all("gate.code", draft.text, "block", why)
        for finding in find(code):
            action: FindingAction = "warn" if finding.action == "warn" else "block"
            why = f"图片里的二维码「{shown}」：{finding.why}"
            yield about_all(finding.rule, draft.text, action, why, finding.source)


def _is_own_link(code: str, own_domains: frozenset[str]) -> bool:
    folded = fold(code)
    return any(
        link.start == 0 and link.end == len(folded) and is_own(link.host, own_domains)
        for link in links(folded)
    )
