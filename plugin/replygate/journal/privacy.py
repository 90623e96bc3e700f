"""What the journal may say of buyers and texts, by the store's `privacy.log_text`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Literal

from replygate.journal.events import Sensitivity
from replygate.model import Finding

LogText = Literal["none", "hash", "findings", "full"]

HASH_BYTES = 8

# Mailboxes, five or more digits in any grouping, and words of letters with digits: what may lead
# to a person.
_CONTACT = re.compile(
    r"(?<![A-Za-z0-9_.%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"
    r"|[0-9](?:[ -]?[0-9]){4,}"
    r"|(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{5,}"
)
_SHOWN_CHARS = 2


def masked(text: str) -> str:
    """`text` with numbers, ids and mailboxes cut to their first two characters."""
    return _CONTACT.sub(lambda match: match[0][:_SHOWN_CHARS] + "***", text)


class Privacy:
    """Lets a value into the journal whole, masked, hashed or not at all.

    | `log_text` | buyer ids | texts | matched words |
    |---|---|---|---|
    | none | hashed | left out | rule ids only |
    | hash | hashed | hashed | rule ids only |
    | findings | hashed | left out | masked |
    | full | whole | masked | masked |

    Hashes are keyed with `key`, so that nobody without it can try ids one by one.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        assert key, "an empty key hides nothing"
        self._key = key

    def hashed(self, value: str) -> str:
        """A short hash: equal values can be recognised, not read."""
        data = value.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=HASH_BYTES, key=self._key).hexdigest()

    def shown(self, value: object, sensitivity: Sensitivity, log_text: LogText) -> object:
        """What may be written of `value`; None where nothing may."""
        if value is None or sensitivity == "plain":
            return value
        if sensitivity == "buyer":
            return value if log_text == "full" else self.hashed(str(value))
        if sensitivity == "text":
            return self._text(str(value), log_text)
        assert isinstance(value, Iterable), f"{sensitivity} come as a sequence"
        if sensitivity == "buyers":
            return [self.shown(each, "buyer", log_text) for each in value]
        return [_finding(finding, log_text) for finding in value]

    def _text(self, text: str, log_text: LogText) -> str | None:
        if log_text == "full":
            return masked(text)
        return self.hashed(text) if log_text == "hash" else None


def _finding(finding: Finding, log_text: LogText) -> dict[str, object]:
    told: dict[str, object] = {
        "rule": finding.rule,
        "action": finding.action,
        "start": finding.start,
        "end": finding.end,
        "evasion": finding.evasion,
    }
    if log_text in {"findings", "full"}:
        told["matched"] = masked(finding.matched)
    return told
