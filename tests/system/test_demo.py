"""The demonstration as a program: the real sidecar, the real NoneBot2, the proxy between them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from typing import Any

import pytest

from command_line import run
from replygate.demo.script import DEADLINE_S

pytest.importorskip("nonebot", reason="needs NoneBot2: the extra `demo`")

FORBIDDEN = ("淘宝", "微信", "加微", "13812345678", "有病")

ENDS_S = 60
"""On a busy machine; where nothing else runs it takes under twenty seconds."""


def test_once_as_json_gives_counters_and_the_wire() -> None:
    done = run("demo", "--json")
    assert done.returncode == 0, done.stderr.decode("utf-8")
    result = json.loads(done.stdout)
    assert result["counters"] == {
        "asked": 8,
        "bot_said": 10,
        "passed": 5,
        "rewritten": 1,
        "blocked": 4,
        "delivered": 8,
        "held": 2,
        "by_people": 1,
    }
    delivered = {(each["user_id"], each["text"]) for each in result["delivered"]}
    assert (10001, "在的，今天下午就给您发货") in delivered
    assert (10007, "165 建议穿 M 码") in delivered
    # Each is held once, before the deadline; the one who was answered by a person is not.
    assert sorted(hold["user_id"] for hold in result["holds"]) == [10002, 10007]
    for hold in result["holds"]:
        asked_s = next(
            each["at_s"]
            for each in result["wire"]
            if each["frame"].get("user_id") == hold["user_id"]
        )
        assert hold["at_s"] - asked_s < DEADLINE_S
    assert_nothing_forbidden_came_through(result["wire"])


def assert_nothing_forbidden_came_through(wire: list[dict[str, Any]]) -> None:
    for frame in wire:
        if frame["direction"] != "in" or "message" not in frame["frame"].get("params", {}):
            continue
        message = frame["frame"]["params"]["message"]
        text = "".join(part["data"].get("text", "") for part in message)
        assert text
        assert not any(word in text for word in FORBIDDEN), text


async def test_it_stays_up_and_the_requests_that_it_shows_work() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "replygate", "demo"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    shown = ""
    try:
        async with asyncio.timeout(ENDS_S):
            while "/conversations -H" not in shown:
                line = (await process.stdout.readline()).decode("utf-8")
                assert line, shown
                shown += line
            answers = [await ran(command) for command in commands_in(shown)]
            assert [answer.get("action", "") for answer in answers[:2]] == ["block", "rewrite"]
            assert answers[1]["state"] == "sent"
            assert answers[2]["new"] is True
            waiting = [each["conversation"] for each in answers[3]["conversations"]]
            assert "10009" in waiting
            while "安抚 hold" not in (line := (await process.stdout.readline()).decode("utf-8")):
                assert line
            assert "10009" in line
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = await process.communicate()
    assert process.returncode == 130, rest.decode("utf-8")


def commands_in(shown: str) -> list[str]:
    """The commands that it shows, each with the lines that continue it."""
    after = shown[shown.index("\ncurl ") :]
    parts = re.split(r"^#.*$", after, flags=re.MULTILINE)
    return [part.strip() for part in parts if part.strip().startswith("curl ")]


async def ran(command: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", command, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    answer: dict[str, Any] = json.loads(out)
    return answer
