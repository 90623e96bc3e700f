from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.report.shop import plain_shop
from replygate.events import Inbound, Outbound
from replygate.journal import Journal
from replygate.report.make import store_report
from replygate.runtime import ReplyGate
from replygate.sidecar import standing as room
from replygate.sidecar.metrics import Metrics
from replygate.sidecar.standing import Standing
from replygate.testing import VirtualClock
from served import until

NOW_MS = 1_795_147_200_000
"""Noon in Shanghai."""


@pytest.fixture
async def gate(tmp_path: Path) -> AsyncIterator[ReplyGate]:
    stores = [replace(plain_shop(), id=name) for name in ("one", "two")]
    async with ReplyGate.open(
        stores=stores,
        ledger=f"sqlite:///{tmp_path}/ledger.db",
        journal=Journal(io.BytesIO()),
        clock=VirtualClock(NOW_MS),
    ) as opened:
        yield opened


async def answered(gate: ReplyGate, store: str, wait_s: int) -> None:
    asked_ms = NOW_MS - 7_200_000
    await gate.received(Inbound(store, "c-1", "q", "在吗", at_ms=asked_ms))
    await gate.received(
        Outbound(store, "c-1", "在的", "a", origin="human", at_ms=asked_ms + wait_s * 1_000)
    )


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics._registry.get_sample_value(f"replygate_{name}", labels)


def standing_of(gate: ReplyGate, metrics: Metrics) -> Standing:
    return Standing(gate, metrics, lambda _task, _error: None)


async def test_a_store_has_the_gauges_of_what_was_counted(gate: ReplyGate) -> None:
    metrics = Metrics()
    standing = standing_of(gate, metrics)
    await answered(gate, "one", 30)
    await standing.refresh("one")
    labels = {"store": "one", "metric": "PDD-M-01"}
    assert value(metrics, "metric_units", **labels) == 1
    assert value(metrics, "metric_ratio", **labels, reading="low") == 1
    assert value(metrics, "metric_ratio", **labels, reading="high") == 1
    assert value(metrics, "gates_crossed", store="one") == 0
    await standing.refresh("two")
    assert value(metrics, "metric_units", store="two", metric="PDD-M-01") is None
    assert value(metrics, "gates_crossed", store="two") == 0


async def test_what_is_counted_no_more_has_no_gauge(gate: ReplyGate) -> None:
    metrics = Metrics()
    standing = standing_of(gate, metrics)
    await answered(gate, "one", 30)
    await standing.refresh("one")
    await gate.ledger.forget("one", "c-1")
    await standing.refresh("one")
    assert value(metrics, "metric_units", store="one", metric="PDD-M-01") is None
    await gate.ledger.close()
    await standing.refresh("one")
    assert value(metrics, "gates_crossed", store="one") is None


async def test_many_stores_have_one_gauge_each(
    gate: ReplyGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "STANDING_STORES", 1)
    metrics = Metrics()
    await answered(gate, "one", 30)
    await standing_of(gate, metrics).refresh("one")
    assert value(metrics, "gates_crossed", store="one") == 0
    assert value(metrics, "metric_units", store="one", metric="PDD-M-01") is None


async def test_it_goes_from_store_to_store(
    gate: ReplyGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "STANDING_EVERY_S", 0.001)
    monkeypatch.setattr(room, "STANDING_PAUSE_S", 0.001)
    metrics = Metrics()
    failed: list[str] = []
    standing = Standing(gate, metrics, lambda _task, error: failed.append(repr(error)))
    real = store_report

    async def flawed(ledger: object, store: object, *args: object, **kwargs: object) -> object:
        if getattr(store, "id", "") == "one":
            message = "a fault of ours"
            raise RuntimeError(message)
        return await real(ledger, store, *args, **kwargs)  # type: ignore[arg-type] # as given

    monkeypatch.setattr(room, "store_report", flawed)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(standing.run())
        # A fault of one store leaves the others their gauges.
        await until(lambda: value(metrics, "gates_crossed", store="two") is not None)
        await gate.reload([replace(plain_shop(), id="one")])
        await until(lambda: value(metrics, "gates_crossed", store="two") is None)
        running.cancel()
    assert "a fault of ours" in failed[0]


async def test_a_store_that_is_gone_is_no_fault(gate: ReplyGate) -> None:
    metrics = Metrics()
    await standing_of(gate, metrics).refresh("three")
    assert value(metrics, "gates_crossed", store="three") is None
