"""The sidecar as a process of its own, with 300 stores: start, memory, requests a second.

The yardstick is a bare aiohttp server that gives back the JSON it reads. Client and servers share
the machine, so the CPU time that a server spends on one request says more than requests a second.
Needs /proc, so Linux.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from measure import Figure, Result, compared
from stores import TOKEN, rss_mb, write_stores

STORES = 300
CONNECTIONS = 32
WARM_UP = 500
HERE = Path(__file__).parent

TEXT = "您好，您的订单已经打包好了，今天下午快递员会来取件，预计后天可以送到，请您留意物流信息哦～"


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under load: requests a second, and its CPU time for one."""

    per_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Running:
    """A server in a process of its own."""

    pid: int
    address: str
    start_s: float


@contextmanager
def process(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A server; it is told to end when we are through with it."""
    with subprocess.Popen([sys.executable, *command], text=True, **options) as running:
        try:
            yield running
        finally:
            running.send_signal(signal.SIGTERM)


@contextmanager
def sidecar(folder: Path, stores: int) -> Iterator[Running]:
    """`replygate serve` with so many stores, once it says that it serves."""
    files = write_stores(folder / f"stores-{stores}", stores)
    command = [
        *("-m", "replygate", "serve", "--stores", str(files)),
        *("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"),
        *("--ledger", f"sqlite:///{folder}/{stores}.db"),
        *("--journal", str(folder / f"{stores}.jsonl")),
    ]
    began = time.perf_counter()
    with process(command, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None, "it is a pipe"
        line = running.stderr.readline()
        assert "http://" in line, f"replygate serve did not start: {line}{running.stderr.read()}"
        address = line.partition("http://")[2].partition(",")[0]
        yield Running(running.pid, f"http://{address}", time.perf_counter() - began)


@contextmanager
def echo() -> Iterator[Running]:
    """The yardstick."""
    began = time.perf_counter()
    with process([str(HERE / "echo_server.py")], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None, "it is a pipe"
        port = running.stdout.readline().strip()
        yield Running(running.pid, f"http://127.0.0.1:{port}", time.perf_counter() - began)


def cpu_s(pid: int) -> float:
    """The CPU time that the process has had, by Linux's clock of that process.

    /proc counts in hundredths of a second, in which a relay has passed hundreds of messages on.
    """
    return time.clock_gettime((~pid << 3) | 2)


async def post_all(
    client: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str], requests: int
) -> None:
    """So many requests over `CONNECTIONS` connections."""
    left = iter(range(requests))

    async def worker() -> None:
        for _ in left:
            async with client.post(url, data=body, headers=headers) as response:
                answer = await response.read()
                assert response.status == 200, answer.decode()

    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(worker())


async def loads(targets: Mapping[str, tuple[Running, str]], requests: int) -> dict[str, Load]:
    """The best of three goes at each server, by turns."""
    body = f'{{"conversation":"buyer-1","text":"{TEXT}","origin":"bot"}}'.encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN.format(0)}"}
    found: dict[str, Load] = {}
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as client:
        for server, path in targets.values():
            await post_all(client, server.address + path, body, headers, WARM_UP)
        for _ in range(3):
            for name, (server, path) in targets.items():
                before_s, began = cpu_s(server.pid), time.perf_counter()
                await post_all(client, server.address + path, body, headers, requests)
                took_s = time.perf_counter() - began
                load = Load(requests / took_s, (cpu_s(server.pid) - before_s) / requests)
                known = found.get(name, load)
                found[name] = Load(max(load.per_s, known.per_s), min(load.cpu_s, known.cpu_s))
    return found


def measure(*, quick: bool) -> list[Result]:
    """The sidecar against `architecture` budgets and a bare server."""
    requests = 1_000 if quick else 5_000
    with tempfile.TemporaryDirectory(prefix="replygate-bench-") as name:
        folder = Path(name)
        with sidecar(folder, 1) as small:
            small_mb = rss_mb(small.pid)
        with sidecar(folder, STORES) as large, echo() as bare:
            idle_mb = rss_mb(large.pid)
            targets = {"screen": (large, "/v1/stores/shop-0/screen"), "echo": (bare, "/")}
            found = asyncio.run(loads(targets, requests))
            worked_mb = rss_mb(large.pid)
    screen, yardstick = found["screen"], found["echo"]
    store_kb = (idle_mb - small_mb) / (STORES - 1) * 1024
    return [
        compared("screen / echo, CPU of the server", screen.cpu_s, yardstick.cpu_s),
        compared("screen / echo, time for a request", 1 / screen.per_s, 1 / yardstick.per_s),
        Figure(f"screen, {CONNECTIONS} connections", round(screen.per_s), "/s"),
        Figure(f"bare aiohttp echo, {CONNECTIONS} connections", round(yardstick.per_s), "/s"),
        Figure("start with 1 store", round(small.start_s, 2), "s"),
        Figure(f"start with {STORES} stores", round(large.start_s, 2), "s"),
        Figure("memory with 1 store, idle", round(small_mb, 1), "MiB"),
        Figure(f"memory with {STORES} stores, idle", round(idle_mb, 1), "MiB", 150),
        Figure(f"memory with {STORES} stores, after work", round(worked_mb, 1), "MiB"),
        Figure("memory of a store", round(store_kb), "KiB"),
    ]
