"""The arguments of the commands on what a store did: replay, report, evidence, forget."""

from __future__ import annotations

import argparse

from replygate.cli.arguments import (
    MAPPED,
    Commands,
    add_json,
    add_ledger,
    add_store,
    column_map,
    command,
    day,
    utf8,
)

_REPLAY = """\
Play a recorded day through the gate, on a virtual clock.

EVENTS is a file of events, one JSON object a line; - is standard input. It may
be a table of messages (.csv, .xlsx), too: with columns 时间, 发送方, 内容 and
会话ID, or others named by --map. Recorded replies count at their times. Told is
what would have been blocked or rewritten, which holding replies would have gone
out, and which deadlines were missed. Judged as in enforce mode; nothing is
printed of a file with a bad line."""
_REPORT = """\
Show where a store stands: today and its periods, and how much room is left.

Read from the ledger that `serve` or the library writes, which may be running.
Every figure with its target and gate, the sources' different readings, whose
replies count, and who says so; then points and fines, waits, holding replies
and what the gate did. --html makes one page for the shop's owner; it needs the
extra `report`: pip install 'replygate[report]'."""
_EVIDENCE = """\
Write down everything of one conversation, for an appeal.

Messages with the platform's time and ours, verdicts, deadlines and what became
of them. It says what is missing because the store's privacy setting keeps no
texts. --html needs the extra `report`: pip install 'replygate[report]'."""
_FORGET = """\
Remove everything about a buyer from the ledger.

For a gate that is stopped: one that runs is asked over its API, as it has the
conversation in memory. Gone are messages, turns, deadlines, sends, findings,
ratings, take-overs and tasks, and their places in the file are overwritten. The
journal is a file of its own, and so are backups: those are yours to clean."""


def add_replay(commands: Commands) -> None:
    """Add `replay`."""
    parser = command(
        commands, "replay", "[options] -s STORE EVENTS", _REPLAY, "play a recorded day"
    )
    parser.add_argument("file", metavar="EVENTS", help="a file of events; - is standard input")
    add_store(parser, several=True)
    parser.add_argument(
        "--since",
        metavar="DATE",
        type=day,
        help="report from this local day on (2026-11-20); what was before is context",
    )
    parser.add_argument(
        "--until", metavar="DATE", type=day, help="report up to this local day, itself included"
    )
    parser.add_argument(
        "--compare",
        metavar="FILE",
        type=utf8,
        help="set our figures beside the platform's own (a .csv, .xlsx or .json file of days, "
        "metrics and values), and say which replies it counts",
    )
    parser.add_argument(
        "--map",
        metavar="FIELD=COLUMN,...",
        type=column_map,
        action="append",
        default=[],
        help="what a table of messages calls its columns (--map text=话术,at=发出时间); fields are "
        f"{', '.join(MAPPED)}; repeatable",
    )
    add_json(parser, "print one object per store, each on a line")


def add_report(commands: Commands) -> None:
    """Add `report`."""
    parser = command(
        commands, "report", "[options] (-s STORE | --all --stores DIR)", _REPORT, "show the metrics"
    )
    add_store(parser, several=True, required=False)
    parser.add_argument("--all", action="store_true", help="one line per store, the worst first")
    parser.add_argument("--stores", metavar="DIR", help="the folder of the stores, for --all")
    add_ledger(parser)
    parser.add_argument(
        "--since",
        metavar="DATE",
        type=day,
        help="report from this local day on (default: 30 days up to the last)",
    )
    parser.add_argument(
        "--until",
        metavar="DATE",
        type=day,
        help="report up to this local day, itself included (default: today)",
    )
    parser.add_argument("--by-agent", action="store_true", help="list every agent as well")
    _add_forms(parser, "print one object per store, each on a line")


def add_evidence(commands: Commands) -> None:
    """Add `evidence`."""
    parser = command(
        commands,
        "evidence",
        "[options] -s STORE --conversation ID",
        _EVIDENCE,
        "write down one conversation, for an appeal",
    )
    add_store(parser)
    _add_conversation(parser)
    add_ledger(parser)
    _add_forms(parser, "print one object")


def add_forget(commands: Commands) -> None:
    """Add `forget`."""
    parser = command(
        commands,
        "forget",
        "[options] -s STORE --conversation ID",
        _FORGET,
        "remove everything about a buyer",
    )
    add_store(parser)
    _add_conversation(parser)
    add_ledger(parser)


def _add_conversation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--conversation",
        metavar="ID",
        type=utf8,
        required=True,
        help="the conversation's id, as the platform gave it",
    )


def _add_forms(parser: argparse.ArgumentParser, json: str) -> None:
    """Add the forms of a result; one of them may be chosen."""
    form = parser.add_mutually_exclusive_group()
    add_json(form, json)
    form.add_argument(
        "--csv", metavar="FILE", type=utf8, help="write rows for a spreadsheet; - is stdout"
    )
    form.add_argument(
        "--html", metavar="FILE", type=utf8, help="write one page for people; - is stdout"
    )
