"""Writes a lexicon as TOML."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from replygate.model import FindingAction


@dataclass(frozen=True, slots=True)
class LexiconDraft:
    """A lexicon of up to two rules: `words` become `action`, keys of `rewrites` their values."""

    id: str
    as_of: dt.date
    why: str
    source: str
    action: FindingAction
    words: Sequence[str]
    rewrites: Mapping[str, str]


def write_lexicon(draft: LexiconDraft) -> str:
    """The TOML text; the same draft always gives the same text."""
    lines = [
        f"id = {quote(draft.id)}",
        f"title = {quote(draft.id)}",
        f"as_of = {draft.as_of.isoformat()}",
    ]
    if draft.words:
        lines += _rule(draft, "words", draft.action)
        lines += ["words = [", *(f"    {quote(word)}," for word in draft.words), "]"]
    if draft.rewrites:
        lines += _rule(draft, "rewrites", "rewrite")
        lines += ["", "[rule.rewrites]"]
        lines += (f"{quote(word)} = {quote(text)}" for word, text in draft.rewrites.items())
    return "\n".join(lines) + "\n"


def quote(text: str) -> str:
    """A TOML string."""
    # JSON's escapes are TOML's too; DEL alone TOML wants escaped, and JSON does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _rule(draft: LexiconDraft, name: str, action: FindingAction) -> Iterator[str]:
    yield ""
    yield "[[rule]]"
    yield f"id = {quote(f'{draft.id}.{name}')}"
    yield f'action = "{action}"'
    yield f"why = {quote(draft.why)}"
    yield f"source = {quote(draft.source)}"
