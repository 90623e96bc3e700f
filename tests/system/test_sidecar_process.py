"""`replygate serve` from its start to its end, with a platform behind it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from command_line import run
from served import (
    DESK_TOKEN,
    ONE_TOKEN,
    TWO_TOKEN,
    auth,
    question,
    until,
    write_operators,
    write_stores,
)
from sidecar_process import HUP, TERM, Shop, shop, sidecar

ONE, TWO = "/v1/stores/one", "/v1/stores/two"

SOON = """
[[deadline]]
id = "soon"
name = "八秒"
due_s = 8
"""
"""A holding reply is due after three to five seconds."""

FINE = {"conversation": "c-1", "text": "今天发货"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
async def platform() -> AsyncIterator[Shop]:
    async with shop() as made:
        yield made


async def test_from_a_question_to_a_hold_to_an_answer(tmp_path: Path, platform: Shop) -> None:
    stores = write_stores(tmp_path, tables=SOON + platform.table())
    async with sidecar(tmp_path, stores) as process:
        _, opened = await process.ask("POST", f"{ONE}/inbound", question())
        assert {deadline["rule"] for deadline in opened["deadlines"]} == {"soon", "soft"}
        await asyncio.wait_for(platform.asked.wait(), 10)
        (hold,) = platform.taken
        assert (hold["origin"], hold["conversation"]) == ("hold", "c-1")

        status, sent = await process.ask("POST", f"{ONE}/outbound", FINE)
        assert (status, sent["state"], sent["receipt"]["platform_id"]) == (200, "sent", "p-2")
        assert platform.texts[-1] == "今天发货"
        page = (await process.probe("/metrics"))[1]
        assert (
            'replygate_replies_total{origin="hold",outcome="sent",store="one"} 1.0' in page
            or 'replygate_replies_total{store="one",origin="hold",outcome="sent"} 1.0' in page
        )
        process.signal(TERM)
        assert await process.end() == 0
    assert process.events("process.drained")


async def test_sigterm_sends_the_hold_that_is_due_and_ends_with_0(
    tmp_path: Path, platform: Shop
) -> None:
    stores = write_stores(tmp_path, tables=SOON + platform.table())
    async with sidecar(tmp_path, stores) as process:
        await process.ask("POST", f"{ONE}/inbound", question())
        events = process.client.get(
            f"http://127.0.0.1:{process.port}/v1/events", headers=auth(ONE_TOKEN)
        )
        async with events as stream:
            process.signal(TERM)
            await until(process.is_unready)
            status, reasons = await process.probe("/readyz")
            assert (status, json.loads(reasons)["reasons"]) == (503, ["draining"])
            with pytest.raises(aiohttp.ClientConnectionError):
                await process.ask("POST", f"{ONE}/inbound", question(id="m-2"))
            streamed = await stream.content.read()
        assert await process.end() == 0
    assert [message["origin"] for message in platform.taken] == ["hold"]
    assert b"event: reply.sent\n" in streamed
    assert streamed.endswith(b": draining\n\n")
    assert process.events("process.drained")[0]["left_armed"] > 0


async def test_a_second_signal_ends_it_at_once(tmp_path: Path, platform: Shop) -> None:
    stores = write_stores(tmp_path, tables=SOON + platform.table())
    async with sidecar(tmp_path, stores) as process:
        await process.ask("POST", f"{ONE}/inbound", question())
        process.signal(TERM)
        await until(process.is_unready)
        process.signal(signal.SIGINT)
        assert await process.end() == 128 + signal.SIGINT
    assert platform.taken == []


async def test_sighup_serves_new_stores_and_tokens(tmp_path: Path, platform: Shop) -> None:
    stores = write_stores(tmp_path)
    async with sidecar(tmp_path, stores) as process:
        assert (await process.ask("POST", f"{ONE}/outbound", FINE))[0] == 409
        write_stores(tmp_path, tables=platform.table())
        (stores / "one.token").write_text(ONE_TOKEN + "-anew", "utf-8")
        (stores / "two.toml").unlink()
        process.signal(HUP)
        await process.told("config.loaded", 2)

        async def is_refused() -> bool:
            return (await process.ask("GET", f"{ONE}/conversations"))[0] == 401

        await until(is_refused)
        token = ONE_TOKEN + "-anew"
        status, sent = await process.ask("POST", f"{ONE}/outbound", FINE, token=token)
        assert (status, sent["state"]) == (200, "sent")
        assert (await process.ask("GET", f"{TWO}/conversations", token=TWO_TOKEN))[0] == 401
        assert await process.metric("replygate_stores") == 1


async def test_a_wrong_configuration_changes_nothing(tmp_path: Path, platform: Shop) -> None:
    stores = write_stores(tmp_path, tables=platform.table())
    async with sidecar(tmp_path, stores) as process:
        good = (stores / "one.toml").read_text("utf-8")
        bad = good.replace("action", "acton").replace('platform = "general"', 'platform = "pdx"')
        (stores / "one.toml").write_text(bad, "utf-8")
        (stores / "two.token").write_text("", "utf-8")
        process.signal(HUP)
        (rejected,) = await process.told("config.rejected")
        assert len(rejected["problems"]) > 2
        assert any("one.toml" in problem for problem in rejected["problems"])
        assert await process.metric("replygate_config_last_reload_successful") == 0
        assert (await process.ask("POST", f"{ONE}/outbound", FINE))[1]["state"] == "sent"
        assert (await process.ask("GET", f"{TWO}/conversations", token=TWO_TOKEN))[0] == 200

        (stores / "one.toml").write_text(good, "utf-8")
        (stores / "two.token").write_text(TWO_TOKEN, "utf-8")
        process.signal(HUP)
        await process.told("config.loaded", 2)

        async def is_loaded() -> bool:
            return await process.metric("replygate_config_last_reload_successful") == 1

        await until(is_loaded)


async def test_a_retry_after_the_connection_was_cut(tmp_path: Path, platform: Shop) -> None:
    stores = write_stores(tmp_path, tables=platform.table())
    async with sidecar(tmp_path, stores) as process:
        platform.goes_on.clear()
        async with asyncio.TaskGroup() as group:
            cut = group.create_task(process.ask("POST", f"{ONE}/outbound", FINE, key="k-1"))
            await asyncio.wait_for(platform.asked.wait(), 10)
            cut.cancel()
        async with asyncio.TaskGroup() as group:
            again = group.create_task(process.ask("POST", f"{ONE}/outbound", FINE, key="k-1"))
            platform.goes_on.set()
        status, sent = again.result()
        assert (status, sent["state"]) == (200, "sent")
        assert platform.texts == ["今天发货"]


async def test_a_retry_after_kill_9(tmp_path: Path, platform: Shop) -> None:
    stores = write_stores(tmp_path, tables=platform.table())
    other = {**FINE, "text": "明天发货"}

    async def send(body: dict[str, str], key: str) -> tuple[int, Any]:
        return await process.ask("POST", f"{ONE}/outbound", body, key=key)

    async def is_cut_off() -> None:
        with pytest.raises(aiohttp.ClientError):
            await send(FINE, "k-2")

    async with sidecar(tmp_path, stores) as process:
        assert (await send(FINE, "k-1"))[0] == 200
        platform.goes_on.clear()
        platform.asked.clear()
        async with asyncio.TaskGroup() as group:
            group.create_task(is_cut_off())
            await asyncio.wait_for(platform.asked.wait(), 10)
            process.signal(signal.SIGKILL)
            await process.end()
    platform.goes_on.set()
    async with sidecar(tmp_path, stores) as process:
        status, problem = await send(other, "k-1")
        assert (status, problem["code"]) == (422, "idempotency-mismatch")
        status, sent = await send(FINE, "k-1")
        assert (status, sent["state"]) == (200, "sent")
        status, sent = await send(FINE, "k-2")
        assert (status, sent["state"]) == (200, "unknown")
    assert platform.texts == ["今天发货", "今天发货"]


async def test_observe_mode_sends_the_original(tmp_path: Path, platform: Shop) -> None:
    stores = write_stores(tmp_path, tables=platform.table())
    async with sidecar(tmp_path, stores, "--observe") as process:
        body = {"conversation": "c-1", "text": "加微信"}
        status, sent = await process.ask("POST", f"{ONE}/outbound", body)
        assert (status, sent["action"], sent["state"]) == (200, "pass", "sent")
        assert [finding["rule"] for finding in sent["findings"]] == ["chat"]
        assert platform.texts == ["加微信"]
        (screened,) = await process.told("reply.screened")
        assert screened["would"] == "block"


async def test_operators(tmp_path: Path) -> None:
    stores = write_stores(tmp_path)
    flags = ("--operators", str(write_operators(tmp_path)))
    async with sidecar(tmp_path, stores, *flags) as process:
        for path in (ONE, TWO):
            status, _ = await process.ask("GET", f"{path}/conversations", token=DESK_TOKEN)
            assert status == 200


async def test_without_tokens_on_this_machine(tmp_path: Path) -> None:
    stores = write_stores(tmp_path)
    for path in stores.glob("*.toml"):
        path.write_text(re.sub("token = .*\n", "", path.read_text("utf-8")), "utf-8")
    async with sidecar(tmp_path, stores, "--no-auth") as process:
        url = f"http://127.0.0.1:{process.port}{ONE}/conversations"
        async with process.client.get(url) as response:
            assert response.status == 200
        # A page in a browser that was led here by a name of its own.
        async with process.client.get(url, headers={"Host": "evil.test"}) as response:
            assert response.status == 421
            assert (await response.json(content_type=None))["code"] == "wrong-host"


async def test_health_and_figures(tmp_path: Path) -> None:
    async with sidecar(tmp_path, write_stores(tmp_path)) as process:
        assert await process.probe("/livez") == (200, '{"alive":true}')
        assert await process.probe("/readyz") == (200, '{"ready":true,"reasons":[]}')
        assert await process.metric("replygate_ready") == 1
        assert await process.metric("replygate_stores") == 2
        status, problem = await process.probe("/v1/openapi.json")
        assert (status, json.loads(problem)["code"]) == (404, "unknown-route")


async def test_an_admin_port_with_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYGATE_ADMIN_TOKEN", "token-of-the-admin-port")
    stores = write_stores(tmp_path)
    async with sidecar(tmp_path, stores, "--admin", "0.0.0.0:0") as process:
        assert await process.probe("/livez") == (200, '{"alive":true}')
        assert await process.probe("/readyz") == (200, '{"ready":true}')
        assert (await process.probe("/metrics"))[0] == 401
        url = f"http://127.0.0.1:{process.admin}/metrics"
        async with process.client.get(url, headers=auth("token-of-the-admin-port")) as response:
            assert response.status == 200
        async with process.client.get(url, headers=auth(ONE_TOKEN)) as response:
            assert response.status == 401


def refused(stores: Path, *flags: str) -> str:
    """What it says where it does not begin."""
    done = run("serve", "--stores", str(stores), "--listen", "127.0.0.1:0", *flags)
    assert done.returncode == 1, done.stderr
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    return line


def test_what_can_not_be_served_is_one_clear_line(tmp_path: Path) -> None:
    stores = write_stores(tmp_path)
    memory = ("--ledger", "sqlite://", "--admin", "127.0.0.1:0")
    line = refused(stores, *memory, "--no-auth", "--listen", "0.0.0.0:0")
    assert line.startswith("--listen: --no-auth is for this machine only, and 0.0.0.0:0 is not;")
    assert refused(tmp_path / "nowhere", *memory).endswith("expected a folder of store files")
    assert "is no ledger" in refused(stores, "--ledger", "postgres://x", "--admin", "127.0.0.1:0")
    line = refused(stores, *memory, "--journal", str(tmp_path / "no" / "journal"))
    assert "No such file" in line


def test_an_address_that_is_taken_is_named(tmp_path: Path) -> None:
    stores = write_stores(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        memory = ("--ledger", "sqlite://")
        line = refused(stores, *memory, "--admin", "127.0.0.1:0", "--listen", address)
        assert line.startswith(f"--listen {address}: ")
        assert refused(stores, *memory, "--admin", address).startswith(f"--admin {address}: ")


def test_a_store_without_token_is_named(tmp_path: Path) -> None:
    stores = write_stores(tmp_path)
    text = (stores / "two.toml").read_text("utf-8")
    (stores / "two.toml").write_text(re.sub("token = .*\n", "", text), "utf-8")
    line = refused(stores, "--ledger", "sqlite://", "--admin", "127.0.0.1:0")
    assert line.startswith("store two: token: is missing, so nobody could reach the store; write ")
