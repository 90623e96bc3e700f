"""`replygate replay`: a recorded day through the gate on a virtual clock."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any, Final

from replygate.cli.compare import Fit, compare
from replygate.cli.compare_file import read_stated
from replygate.cli.compare_text import comparison, comparison_json
from replygate.cli.event_table import TableRecording, column_names
from replygate.cli.exits import OK, USAGE, InputError
from replygate.cli.output import dump_json, say, terminal_width
from replygate.cli.recording import Recording, open_recording
from replygate.cli.replay_text import measured, summary
from replygate.config import Store, load_store
from replygate.report.law import measurable
from replygate.report.replay_metrics import metrics_json, replay_figures
from replygate.runtime.replay import Report, Span, replay
from replygate.runtime.track import PlayedTurn
from replygate.timing.calendar import PLATFORM_ZONE
from replygate.timing.metrics.figure import Figure

# Who only observes so far wants to know what enforcing would do.
_JUDGED: Final = "mode=enforce"


def run(args: Namespace) -> int:
    """Replay each store in the order given; nothing is printed of a file with a bad line."""
    span = Span(args.since, args.until)
    if span.since and span.until and span.since > span.until:
        say(f"replygate replay: --since {span.since} is after --until {span.until}")
        return USAGE
    stores = _stores(args)
    names = {store.id: store.name for store in stores}
    with open_recording(args.file, names, column_names(args.map)) as recording:
        compared = {store.id: _compared(args.compare, store, recording) for store in stores}
        for store in stores:
            _warn_of_nothing(store, recording)
            report = replay(store, recording.events(store.id), span)
            figures = replay_figures(store, recording.events(store.id), span)
            fits = compared[store.id]
            if args.json:
                told = as_json(store, report, span, figures)
                if fits is not None:
                    told["compare"] = comparison_json(fits)
                print(dump_json(told))
            else:
                width = terminal_width()
                lines = [*summary(store, report, span, width), *measured(figures, width)]
                lines += comparison(store.id, fits or (), width)
                print("\n".join(lines), end="\n\n")
    return OK


def _compared(
    file: str | None, store: Store, recording: Recording | TableRecording
) -> list[Fit] | None:
    """Our figures beside the platform's, where it has stated any."""
    if file is None:
        return None
    rules = {rule.id: rule for rule in measurable(store).values()}
    return compare(store, rules, recording.events(store.id), read_stated(file, rules))


def as_json(
    store: Store, report: Report, span: Span, figures: Mapping[str, list[Figure]]
) -> dict[str, Any]:
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
        "metrics": metrics_json(figures),
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


def _warn_of_nothing(store: Store, recording: Recording | TableRecording) -> None:
    if recording.count(store.id):
        return
    others = ", ".join(recording.others)
    say(
        f'there is no event of the store "{store.id}"'
        + (f"; there are events of {others}" if others else "")
    )
