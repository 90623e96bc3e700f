"""`replygate replay`: a recorded day through the gate on a virtual clock."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Sequence
from typing import Any, Final

from replygate.cli.exits import OK, USAGE, InputError
from replygate.cli.output import dump_json, say, terminal_width
from replygate.cli.recording import Recording, open_recording
from replygate.cli.replay_text import summary
from replygate.config import Store, load_store
from replygate.runtime.replay import Report, Span, replay
from replygate.runtime.track import PlayedTurn
from replygate.timing.calendar import PLATFORM_ZONE

# Who only observes so far wants to know what enforcing would do.
_JUDGED: Final = "mode=enforce"


def run(args: Namespace) -> int:
    """Replay each store in the order given; nothing is printed of a file with a bad line."""
    span = Span(args.since, args.until)
    if span.since and span.until and span.since > span.until:
        say(f"replygate replay: --since {span.since} is after --until {span.until}")
        return USAGE
    stores = _stores(args)
    with open_recording(args.file, [store.id for store in stores]) as recording:
        for store in stores:
            _warn_of_nothing(store, recording)
            report = replay(store, recording.events(store.id), span)
            if args.json:
                print(dump_json(as_json(store, report, span)))
            else:
                print("\n".join(summary(store, report, span, terminal_width())), end="\n\n")
    return OK


def as_json(store: Store, report: Report, span: Span) -> dict[str, Any]:
    """The object of one store. Times carry the platform's offset."""
    return {
        "store": store.id,
        "from": _day(span.since or report.first_day),
        "to": _day(span.until or report.last_day),
        "verdicts": {action: report.verdicts[action] for action in ("pass", "rewrite", "block")},
        "holds": [
            {
                "conversation": hold.conversation,
                "due_at": _time(hold.due_ms),
                "sent_at": _time(hold.sent_ms),
                "rule": hold.rule,
                "text": hold.text,
            }
            for hold in report.holds
        ],
        "follow_ups": [
            {"conversation": one.conversation, "due_at": _time(one.due_ms), "outcome": one.outcome}
            for one in report.follow_ups
        ],
        "turns": [_turn(played) for played in report.turns],
        "metrics": {},
    }


def _turn(played: PlayedTurn) -> dict[str, Any]:
    turn = played.turn
    return {
        "conversation": played.conversation,
        "asked_at": _time(turn.asked_ms),
        "deadlines": [
            {
                "rule": clock.rule.id,
                "due_at": _time(clock.due_ms),
                "hard": clock.rule.severity == "hard",
            }
            for clock in played.clocks
        ],
        "first_any_at": _time(turn.closed_ms),
        "first_counted_at": _time(played.first_counted_ms),
        "first_human_at": _time(played.first_human_ms),
        "first_origin": turn.closed_origin,
    }


def _time(at_ms: int | None) -> str | None:
    if at_ms is None:
        return None
    seconds, milliseconds = divmod(at_ms, 1000)
    at = dt.datetime.fromtimestamp(seconds, PLATFORM_ZONE).replace(microsecond=milliseconds * 1000)
    return at.isoformat(timespec="milliseconds")


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _stores(args: Namespace) -> Sequence[Store]:
    stores: dict[str, Store] = {}
    for source in args.store:
        store = load_store(source, enable=args.enable, settings=[*args.set, _JUDGED])
        if store.id in stores:
            raise InputError(f'the store "{store.id}" is given twice')
        stores[store.id] = store
    return list(stores.values())


def _warn_of_nothing(store: Store, recording: Recording) -> None:
    if recording.count(store.id):
        return
    others = ", ".join(recording.others)
    say(
        f'there is no event of the store "{store.id}"'
        + (f"; there are events of {others}" if others else "")
    )
