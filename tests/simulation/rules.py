"""The invariants. Each looks at what really happened and says what is wrong."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from replygate.events import Inbound
from replygate.screening.closing import is_closing

from .shops import FORBIDDEN, REWRITTEN, stems
from .truth import Question, Request, Said, Talk, Truth

MARK = re.compile("【([^】·]*)(·[^】]*)?】")


def check_request(truth: Truth, request: Request, dedupes: bool) -> None:
    """A text is given to the network: may it?"""
    talk = truth.talk(request.store, request.conversation)
    truth.counts["requests"] += 1
    _check_text(truth, request)
    before = [other for other in talk.requests if other is not request]
    same = [other for other in before if other.client_id == request.client_id]
    if not dedupes and any(other.fate != "no" for other in same):
        truth.broken(f"sent again although it may be out: {_named(request)}")
    if request.hold:
        if not same:
            truth.counts["holds"] += 1
        _check_hold(truth, talk, request, [other for other in before if other not in same])
    elif not same:
        truth.counts["answers"] += 1
        _check_answer(truth, talk, request, before)


def check_delivery(truth: Truth, request: Request) -> None:
    """A buyer sees a text."""
    talk = truth.talk(request.store, request.conversation)
    truth.counts["delivered"] += 1
    seen = [each for each in talk.requests if each.delivered_us is not None]
    if sum(each.client_id == request.client_id for each in seen) > 1:
        truth.broken(f"one send, seen twice: {_named(request)}")
    if request.hold:
        return
    said = said_of(truth, request.text)
    if said is None or said.blocked:
        truth.broken(f"nobody said this, or it was blocked: {_named(request)}")
    elif sum(each.text == request.text for each in seen) > said.times:
        truth.broken(f"one answer, seen twice: {_named(request)}")


def _check_text(truth: Truth, request: Request) -> None:
    mark = MARK.search(request.text)
    if mark is None or mark[1] != stems(int(request.store[1:])):
        truth.broken(f"another store's text: {_named(request)}")
    if FORBIDDEN in request.text or REWRITTEN[0] in request.text:
        truth.broken(f"what the gate must not let out: {_named(request)}")


def _check_hold(truth: Truth, talk: Talk, hold: Request, before: list[Request]) -> None:
    """Somebody waits, nobody has answered, and the gate had every means to know it."""
    waiting = [question for question in talk.questions if _opens(question)]
    for question in waiting:
        if _still_waits(question, talk, hold, before):
            return
    truth.broken(f"a hold for nobody: {_named(hold)}")


def _opens(question: Question) -> bool:
    return bool(question.told_us) and question.excused_us is None


def _still_waits(question: Question, talk: Talk, hold: Request, before: list[Request]) -> bool:
    """Whether the store has said nothing since, as far as the gate could know."""
    for other in talk.elsewhere:
        if other.known_us is None or other.own or other.origin == "platform" or other.lost:
            continue
        if question.at_ms < other.at_ms:
            return False
    for request in before:
        if request.fate == "no" or request.at_us >= hold.at_us:
            continue
        if request.unrecorded and request.process != hold.process:
            # Sent while the disk was broken, by a process that died: nobody could know.
            continue
        if max(question.told_us) <= _given_us(request, before):
            return False
        if request.fate == "taken" and question.at_ms < request.at_ms:
            return False
    return True


def _given_us(request: Request, before: list[Request]) -> int:
    """When it was first tried: what is tried again still answers what was asked by then."""
    return min(each.at_us for each in before if each.client_id == request.client_id)


def _check_answer(truth: Truth, talk: Talk, request: Request, before: list[Request]) -> None:
    """Two answers go out in the order in which they were given."""
    said = said_of(truth, request.text)
    if said is None:
        truth.broken(f"nobody said this: {_named(request)}")
        return
    if said.process != request.process and said.send_id is None and said.times == 1:
        truth.broken(f"sent by another process than it was given to: {_named(request)}")
    if any(other.text == request.text for other in before):
        return
    for other in before:
        earlier = None if other.hold else said_of(truth, other.text)
        if earlier is None or {earlier.process, said.process} != {request.process}:
            continue
        if (earlier.given_us or 0) > (said.given_us or 0) and not other.client_id.startswith("now"):
            truth.broken(f"out of order: {_named(request)} after {_named(other)}")


def said_of(truth: Truth, text: str) -> Said | None:
    """Who gave the gate this text. Its mark is its name."""
    mark = MARK.search(text)
    return None if mark is None else truth.said.get(mark[0])


def _named(request: Request) -> str:
    return f"{request.store}/{request.conversation} {request.text!r} {request.client_id[:6]}"


def check_ledger(truth: Truth, path: Path) -> None:
    """What the file says, with nobody at work, against what happened."""
    connection = sqlite3.connect(path)
    try:
        for problem in _ledger_problems(truth, connection):
            truth.broken(problem)
    finally:
        connection.close()


def _ledger_problems(truth: Truth, connection: sqlite3.Connection) -> Iterator[str]:
    known = set(connection.execute("SELECT store, conversation, id FROM message"))
    for talk in truth.talks.values():
        for question in talk.questions:
            named = (talk.store, talk.name, _row_id(question))
            if question.recorded and named not in known:
                yield f"a question that was recorded is not in the ledger: {named}"
    yield from _sends(truth, connection)
    yield from _origins(truth, connection)
    yield from _legs(connection)


def _row_id(question: Question) -> str:
    return f"transfer:{question.id}" if question.transfer else question.id


def _sends(truth: Truth, connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute("SELECT client_id, send_id, state, origin FROM outbox").fetchall()
    asked = {send_id for (send_id,) in connection.execute("SELECT send_id FROM task")}
    states = {client_id: (send_id, state) for client_id, send_id, state, _ in rows}
    for _, send_id, state, _ in rows:
        if state in {"sending", "armed", "cancelled"}:
            yield f"{send_id} never ended: {state}"
        if state == "unknown" and send_id not in asked:
            yield f"{send_id} may be out, and is on nobody's list"
        if state == "unknown" and send_id not in truth.unknown_told and not truth.counts["kills"]:
            # Who dies between the two has told nobody aloud, and has left it on the list.
            yield f"{send_id} may be out, and nobody was told"
    for talk in truth.talks.values():
        yield from _sends_of(truth, talk, states)


def _sends_of(truth: Truth, talk: Talk, states: dict[str, tuple[str, str]]) -> Iterator[str]:
    """By text: of two equal ones nobody can say which of them was the one that arrived."""
    by_text: dict[str, dict[str, bool]] = {}
    for request in talk.requests:
        if not request.client_id.startswith("now"):
            seen = by_text.setdefault(request.text, {})
            seen.setdefault(request.client_id, False)
            seen[request.client_id] |= request.delivered_us is not None
    for text, seen in by_text.items():
        known = [states.get(client_id, ("", "nothing"))[1] for client_id in seen]
        said = said_of(truth, text)
        in_fault = any(each.unrecorded for each in talk.requests if each.text == text)
        if "nothing" in known and not in_fault:
            yield f"went to the network, and the ledger knows nothing: {text}"
            continue
        sent, unknown = known.count("sent"), known.count("unknown")
        # Given twice on purpose: the echo of the one may stand for the other's.
        least = sent if said is None or said.times == 1 else min(sent, 1)
        if not least <= sum(seen.values()) <= sent + unknown + known.count("nothing"):
            yield f"{text}: the buyer saw {sum(seen.values())}, the ledger says {known}"


def _origins(truth: Truth, connection: sqlite3.Connection) -> Iterator[str]:
    """Whatever no person wrote is no person's."""
    rows = connection.execute(
        "SELECT store, conversation, id, text FROM message"
        " WHERE direction = 'out' AND origin = 'human'"
    ).fetchall()
    wrote = {
        (talk.store, talk.name, told.text)
        for talk in truth.talks.values()
        for told in talk.elsewhere
        if not told.own
    }
    # Of these the disk has not heard, and after a kill nobody else has.
    unwritten = {
        (talk.store, talk.name, request.text)
        for talk in truth.talks.values()
        for request in talk.requests
        if request.unrecorded
    }
    for store, conversation, message_id, text in rows:
        said = said_of(truth, text)
        is_ours = said is None or said.origin != "human"
        if is_ours and (store, conversation, text) not in wrote | unwritten:
            yield f"{store}/{conversation} {message_id}: no person wrote {text!r}"


def _legs(connection: sqlite3.Connection) -> Iterator[str]:
    """While a clock of an open turn runs, a breach is armed, or this one's has been told of."""
    rows = connection.execute(
        "SELECT turn_id, rule_id FROM turn JOIN clock USING (store, conversation)"
        " WHERE closed_ms IS NULL AND stopped_ms IS NULL AND opened_ms >= asked_ms"
        " AND NOT EXISTS (SELECT 1 FROM leg WHERE leg.kind = 'breach' AND leg.state = 'fired'"
        "  AND leg.opened_by = clock.opened_by AND leg.rule_id = clock.rule_id"
        "  AND leg.turn_id IN (SELECT turn_id FROM turn AS t WHERE t.store = clock.store"
        "   AND t.conversation = clock.conversation))"
        " AND NOT EXISTS (SELECT 1 FROM leg JOIN turn AS t USING (turn_id)"
        "  WHERE t.store = clock.store AND t.conversation = clock.conversation"
        "  AND leg.kind = 'breach' AND leg.state = 'armed')"
    )
    for turn_id, rule_id in rows:
        yield f"{turn_id} is open without a timer for {rule_id}"


PATIENCE_US = 64_000_000
"""The longest deadline of our own, and some seconds for the disk."""

PROMISE_US = 310_000_000


def check_waits(truth: Truth, end_us: int) -> None:
    """Whoever waited longer than the store's own deadline: people heard of it, or a hold went."""
    for talk in truth.talks.values():
        # The gate may know what became of a doubtful one, or not: wrong is what is so both ways.
        missed = [_unheard(truth, talk, end_us, doubtful=doubtful) for doubtful in (True, False)]
        if all(missed):
            truth.broken(f"{talk.store}/{talk.name} {missed[0]}, and nobody was told")
        for at_us in talk.holds_sent_us:
            if end_us - at_us < PROMISE_US or _thanked(talk):
                continue
            if not any(over_us >= at_us for over_us in talk.promises_us):
                truth.broken(
                    f"{talk.store}/{talk.name}: a promise of {at_us / 1e6:.3f} s that nobody kept"
                    " or broke"
                )


def _unheard(truth: Truth, talk: Talk, end_us: int, *, doubtful: bool) -> str | None:
    for question, end in _waits(talk, end_us, doubtful=doubtful):
        if question.lost:
            # Never written, and perhaps gone with its process.
            continue
        begin_us = question.told_us[0]
        known_us = question.known_us or begin_us
        heard = any(begin_us <= at_us <= end + 2_000_000 for at_us in talk.told_people_us)
        awake_us = end - known_us - truth.disturbed_within(known_us, end)
        if awake_us > PATIENCE_US and not heard:
            return f"{question.id} waits from {begin_us / 1e6:.3f} s to {end / 1e6:.3f} s"
    return None


def _thanked(talk: Talk) -> bool:
    """Whether all that is left of a question may be thanks, to which nothing is promised.

    The rest was taken back, or answered elsewhere, and the gate heard of it after the hold.
    """
    thanks = any(
        isinstance(question.event, Inbound) and is_closing(question.event.text)
        for question in talk.questions
    )
    taken_back = any(question.excused_us is not None for question in talk.questions)
    return thanks and (taken_back or any(not told.own for told in talk.elsewhere))


def _waits(talk: Talk, end_us: int, *, doubtful: bool) -> Iterator[tuple[Question, int]]:
    """The turns as they really were: a question, and when the store next said something."""
    said: list[tuple[int, int, Question | None]] = [
        (question.at_ms, question.told_us[0], question)
        for question in talk.questions
        if _opens(question)
        and question.known_us is not None
        # What a transfer starts is up to the platform's rules; some have none.
        and not question.transfer
    ]
    said += [
        (told.at_ms, told.told_us[0], None)
        for told in talk.elsewhere
        if told.told_us and not told.own and told.origin != "platform"
    ]
    said += [
        (request.at_ms, request.delivered_us, None)
        for request in talk.requests
        if request.delivered_us is not None and (doubtful or request.fate == "taken")
    ]
    opened: Question | None = None
    for _, at_us, question in sorted(said, key=lambda each: each[:2]):
        if question is not None:
            opened = opened or question
        elif opened is not None:
            yield opened, at_us
            opened = None
    if opened is not None:
        yield opened, end_us
