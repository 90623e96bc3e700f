"""Kill -9 with armed timers: each due hold goes out once, or people are told; never twice."""

from __future__ import annotations

import asyncio
import collections
import json
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

BUYERS = 80
ROUNDS = 10
SEED = 20261120

CHILD = '''
import asyncio, json, os, sys
from replygate import Inbound, Receipt, ReplyGate
from replygate.clock import SystemClock

folder, buyers = sys.argv[1], int(sys.argv[2])

class Platform:
    """Its memory is a file: what the buyers saw survives this process."""

    def __init__(self):
        self.log = os.open(folder + "/delivered", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def send(self, cleared):
        await asyncio.sleep(0.05)
        line = cleared.draft.conversation + " " + cleared.draft.origin + "\\n"
        os.write(self.log, line.encode())
        await asyncio.sleep(0.05)
        return Receipt(None, SystemClock().wall_ms())

async def main():
    async with ReplyGate.open(
        stores=folder + "/shop.toml", ledger=f"sqlite:///{folder}/ledger.db",
        journal=folder + "/journal", drain_s=0,
    ) as gate:
        gate.connect("shop", Platform())
        for number in range(buyers):
            await gate.received(Inbound("shop", f"c-{number}", "m-1", "在吗"))
        print("ready", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
'''

SHOP = """
id = "shop"
[hours]
open = ["00:00-24:00"]
[holding]
lead_s = 6
[[deadline]]
id = "soft"
name = "soft"
due_s = 8
counts = { human = "yes", bot = "yes", hold = "no", platform = "no" }
"""


def start(folder: Path, buyers: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(buyers)], stdout=subprocess.PIPE, text=True
    )


def kill(child: subprocess.Popen[str]) -> None:
    child.send_signal(signal.SIGKILL)
    child.communicate()


def delivered(folder: Path) -> collections.Counter[str]:
    path = folder / "delivered"
    text = path.read_text("utf-8") if path.exists() else ""
    return collections.Counter(line.split()[0] for line in text.splitlines())


def states(folder: Path) -> dict[str, str]:
    with sqlite3.connect(folder / "ledger.db") as connection:
        rows = connection.execute("SELECT conversation, state FROM outbox").fetchall()
    assert len(rows) == len({conversation for conversation, _ in rows}), "one send a buyer"
    return dict(rows)


async def wait_for_holds(folder: Path, child: subprocess.Popen[str]) -> None:
    for _ in range(400):
        with sqlite3.connect(folder / "ledger.db") as connection:
            [[armed]] = connection.execute(
                "SELECT count(*) FROM leg WHERE kind = 'hold' AND state = 'armed'"
            ).fetchall()
            [[sending]] = connection.execute(
                "SELECT count(*) FROM outbox WHERE state = 'sending'"
            ).fetchall()
        if not armed and not sending:
            return
        assert child.poll() is None, "the last process carries on"
        await asyncio.sleep(0.05)
    raise AssertionError("the holds did not end")


async def test_no_hold_is_doubled_or_lost_over_ten_kills(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(SHOP, "utf-8")
    chance = random.Random(SEED)  # noqa: S311 - the same kills in every run
    child = start(tmp_path, BUYERS)
    assert child.stdout is not None
    child.stdout.readline()
    for _ in range(ROUNDS):
        await asyncio.sleep(chance.uniform(0.05, 0.5))
        kill(child)
        child = start(tmp_path, 0)
        assert child.stdout is not None
        child.stdout.readline()
    try:
        await wait_for_holds(tmp_path, child)
    finally:
        kill(child)
    seen, known = delivered(tmp_path), states(tmp_path)
    assert max(seen.values()) == 1
    told = [json.loads(line) for line in (tmp_path / "journal").read_text("utf-8").splitlines()]
    unknown = {buyer for buyer, state in known.items() if state == "unknown"}
    sent = {buyer for buyer, state in known.items() if state == "sent"}
    assert sent <= set(seen)
    assert set(seen) <= sent | unknown
    assert sent | unknown == {f"c-{number}" for number in range(BUYERS)}
    reported = {event["send"] for event in told if event["event"] == "reply.unknown"}
    assert len(reported) == len(unknown)
