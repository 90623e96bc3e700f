"""A text that comes in pieces: what is safe goes out at once, the rest when it is."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from replygate.model import Cleared, Draft, Edit, Finding, Memory
from replygate.screening.decide import MAX_ROUNDS, winners
from replygate.screening.edits import edited
from replygate.screening.gate import Gate
from replygate.screening.rule import Rule
from replygate.screening.rulebook import Rulebook
from replygate.screening.settled import Settled, outside

# A look reads the whole text, so looks are further apart the longer it gets: all of them together
# take a time that is linear in the text.
_LOOK_CHARS = 16
_LOOK_SHARE = 4


class Closed(NamedTuple):
    """The end of a stream: what is still to go out, and the verdict on the whole text."""

    rest: str
    cleared: Cleared


class StreamScreen:
    """Judges one draft whose text comes in pieces.

    What `feed` and `close` return, put together, is the text that `gate.screen` would clear for
    the whole draft, however it was cut. Where the text is blocked the stream stops: nothing of
    what was found has gone out, but what stood before it may have.

    All of it waits for `close` where a rule speaks of the whole text: stock answers and `reply`,
    blocks by the memory, patterns, own checks, a kind that is no text.
    """

    __slots__ = (
        "_by_words_alone",
        "_draft",
        "_gate",
        "_look_at",
        "_memory",
        "_released",
        "_rounds",
        "_settled",
        "_text",
        "_waits",
        "blocked",
    )

    def __init__(self, gate: Gate, draft: Draft, memory: Memory | None = None) -> None:
        """`draft` is the message without its text."""
        assert not draft.text, "the text comes by feed"
        self.blocked = False
        self._gate = gate
        self._draft = draft
        self._memory = memory
        self._text = ""
        self._released = ""
        self._look_at = 0
        self._waits = _speaks_of_the_whole(gate, draft, memory)
        self._settled = Settled(gate.rulebook)
        rules = _active(gate.rulebook)
        self._rounds = MAX_ROUNDS if any(map(_rewrites, rules)) else 0
        self._by_words_alone = not any(map(_rewrites, gate.rulebook.detecting))

    def feed(self, chunk: str) -> str:
        """Take in a piece; what may go out now, and "" for good once the text is blocked."""
        if self.blocked:
            return ""
        self._text += chunk
        if self._gate.mode == "observe":
            self._released += chunk
            return chunk
        if len(self._text) > self._gate.rulebook.max_chars:
            self.blocked = True
        if self.blocked or self._waits or len(self._text) < self._look_at:
            return ""
        self._look_at = len(self._text) + max(_LOOK_CHARS, len(self._text) // _LOOK_SHARE)
        safe = self._safe()
        assert safe.startswith(self._released), "what went out can not change"
        more = safe[len(self._released) :]
        self._released = safe
        return more

    def close(self) -> Closed:
        """The text is complete. `rest` is empty where it is blocked."""
        cleared = self._gate.screen(replace(self._draft, text=self._text), self._memory)
        if cleared.text is None:
            self.blocked = True
            return Closed("", cleared)
        assert cleared.text.startswith(self._released), "what went out can not change"
        return Closed(cleared.text[len(self._released) :], cleared)

    def _safe(self) -> str:
        """What goes out of the text so far, whatever comes next; at least what went out already.

        The text is rewritten round by round, as the gate will do it. Each round leaves a shorter
        part of which all is known: what comes next may be rewritten in any way.
        """
        text = self._text
        safe = len(text)
        for left in range(self._rounds, -1, -1):
            found = self._find(text)
            spans = [(finding.start, finding.end) for finding in found]
            known = self._settled.all(text, spans)
            safe = outside(spans, min(safe, known))
            reach = self._settled.words(text) if self._by_words_alone else known
            edits = [
                Edit(one.start, one.end, one.replacement or "")
                for one in winners([one for one in found if one.end <= reach])
                if one.action == "rewrite"
            ]
            if any(one.action == "block" and one.end <= known for one in found) or (
                edits and not left
            ):
                self.blocked = True
                return self._released
            safe += sum(
                len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= safe
            )
            text = edited(text[:reach], edits)
        return text[:safe] if safe > len(self._released) else self._released

    def _find(self, text: str) -> list[Finding]:
        rotation = 0 if self._memory is None else len(self._memory.sent)
        draft = self._draft
        return list(self._gate.rulebook.find(text, rotation, draft.origin, draft.kind))


def _active(book: Rulebook) -> list[Rule]:
    worded = (rule for part in book.parts for rule in part.rules if rule is not None)
    return [*book.detecting, *worded]


def _rewrites(rule: Rule) -> bool:
    return "rewrite" in {rule.action, rule.on_evasion}


def _speaks_of_the_whole(gate: Gate, draft: Draft, memory: Memory | None) -> bool:
    """Whether the end of a text can decide about its beginning."""
    return (
        bool(gate.checks or gate.rulebook.patterns or gate.blocking.stock_replies)
        or draft.kind != "text"
        or gate.kinds["text"] != "screen"
        or (memory is not None and gate.memory.can_block)
        or any(rule.reply for rule in _active(gate.rulebook))
    )
