"""The processes start, say where they are, and are ended; what does not start is told."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest

from replygate.demo import processes
from replygate.errors import ReplygateError


async def test_the_gate_serves_the_store_and_is_gone_afterwards(tmp_path: Path) -> None:
    async with processes.gate(tmp_path, 9) as gate, aiohttp.ClientSession() as client:
        headers = {"Authorization": f"Bearer {gate.token}"}
        async with client.get(f"{gate.url}/conversations", headers=headers) as answer:
            assert await answer.json() == {"conversations": []}
        async with client.get(f"{gate.url}/conversations") as answer:
            assert answer.status == 401
    with pytest.raises(OSError, match="Connect"):
        await asyncio.open_connection("127.0.0.1", gate.port)


async def test_a_gate_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    with pytest.raises(ReplygateError, match="the gate did not start: replygate: Is a directory"):
        async with processes.gate(tmp_path, 9):
            pytest.fail("it started")


async def test_a_bot_that_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ExceptionGroup) as failed:
        async with processes.bot(processes.free_port(), lambda _line: None):
            pytest.fail("it started")
    assert "exit code 1" in str(failed.value.exceptions[0])


def test_a_free_port_can_be_had() -> None:
    assert 1024 <= processes.free_port() <= 65535
