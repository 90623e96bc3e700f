"""A process under load is killed, ten times, and its ledger opened again each time."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

from replygate.ledger import SqliteLedger

from .ledger_load import STORE, asked, hold

LOAD = Path(__file__).with_name("ledger_load.py")
ROUNDS = 10


def run_and_kill(path: Path, run: int, lines: int) -> list[tuple[str, str]]:
    """What a process said before it was killed, somewhere after that many lines."""
    with subprocess.Popen(
        [sys.executable, str(LOAD), f"sqlite:///{path}", str(run)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.readlines()
    words = [line.decode().split() for line in said if line.endswith(b"\n")]
    return [(word, name) for word, name in words]


def check_nothing_is_half_there(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = {
            table: {row[0] for row in connection.execute(statement)}
            for table, statement in {
                "asked": "SELECT conversation FROM message WHERE direction = 'in'",
                "turn": "SELECT conversation FROM turn",
                "leg": "SELECT conversation FROM leg JOIN turn USING (turn_id)",
                "begun": "SELECT conversation FROM outbox",
                "fired": """SELECT conversation FROM leg JOIN turn USING (turn_id)
                    WHERE leg.state = 'fired'""",
                "sent": "SELECT conversation FROM outbox WHERE state = 'sent'",
                "said": "SELECT conversation FROM message WHERE direction = 'out'",
                "closed": "SELECT conversation FROM turn WHERE closed_ms IS NOT NULL",
            }.items()
        }
    assert tables["asked"] == tables["turn"] == tables["leg"]
    assert tables["begun"] == tables["fired"]
    assert tables["sent"] == tables["said"] == tables["closed"]


async def test_kill_9_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    chance = random.Random(7)  # noqa: S311 - a seed that replays
    told: defaultdict[str, list[str]] = defaultdict(list)
    for run in range(ROUNDS):
        for word, name in run_and_kill(path, run, chance.randint(1, 400)):
            told[word].append(name)
        check_nothing_is_half_there(path)
    assert told["net"]
    assert max(Counter(told["net"]).values()) == 1

    ledger = await SqliteLedger.open(f"sqlite:///{path}")
    await ledger.restore(0)
    unknown = {row.conversation for row in await ledger.unknown_sends(0)}
    messages = {(one.conversation, one.id) async for one in ledger.messages(STORE, 0, 10_000)}
    assert {(name, "m") for name in told["asked"]} <= messages
    assert {(name, "h") for name in told["sent"]} <= messages
    for name in told["asked"]:
        assert not await ledger.record_inbound(*asked(name))
    for name in told["net"]:
        assert not await ledger.begin(hold(name))
        row = await ledger.send(f"send {name}")
        assert row is not None
        assert row.state == ("unknown" if name in unknown else "sent")
    assert not unknown & set(told["sent"])
    await ledger.close()
