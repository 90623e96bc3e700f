"""Where the stores stand, for Prometheus: worked out beside everything else, a store at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from replygate.errors import LedgerError
from replygate.report.make import store_report
from replygate.report.report import MetricReport, StoreReport
from replygate.runtime import ReplyGate
from replygate.sidecar.guard import Failed
from replygate.sidecar.limits import STANDING_EVERY_S, STANDING_PAUSE_S, STANDING_STORES
from replygate.sidecar.metrics import Metrics
from replygate.timing.calendar import local_day
from replygate.timing.metrics.figure import Period

Sample = tuple[str, tuple[str, ...], float]
"""A gauge, its labels and its value."""

CROSSED: Final = "replygate_gates_crossed"


class Standing:
    """Keeps the gauges of every store's current periods.

    Each store is worked out once in `STANDING_EVERY_S`, never two at once and never without a
    pause, so that closed days are kept in the ledger long before anybody asks for a report.
    """

    def __init__(self, gate: ReplyGate, metrics: Metrics, failed: Failed) -> None:
        self._gate = gate
        self._metrics = metrics
        self._failed = failed
        self._shown: dict[str, set[tuple[str, tuple[str, ...]]]] = {}

    async def run(self) -> None:
        """Go from store to store for ever."""
        while True:
            stores = sorted(self._gate.stores)
            for gone in self._shown.keys() - set(stores):
                self._show(gone, ())
            for store in stores:
                try:
                    await self.refresh(store)
                except Exception as error:  # noqa: BLE001 - the other stores still have theirs
                    self._failed("standing", error)
                await asyncio.sleep(max(STANDING_PAUSE_S, STANDING_EVERY_S / len(stores)))
            if not stores:
                await asyncio.sleep(STANDING_EVERY_S)

    async def refresh(self, name: str) -> None:
        """Work one store out. While the ledger can not be read its gauges stay away."""
        gate = self._gate
        store = gate.stores.get(name)
        if store is None:
            return
        now_ms = gate.now_ms()
        today = local_day(now_ms)
        try:
            report = await store_report(
                gate.ledger, store, Period(today, today), now_ms=now_ms, keep=True
            )
        except LedgerError:
            # It says itself that it is not healthy.
            self._show(name, ())
            return
        self._show(name, samples(report, by_metric=len(gate.stores) <= STANDING_STORES))

    def _show(self, store: str, found: tuple[Sample, ...]) -> None:
        shown = {(gauge, labels) for gauge, labels, _ in found}
        for gauge, labels in self._shown.get(store, set()) - shown:
            self._metrics.drop(gauge, *labels)
        for gauge, labels, value in found:
            self._metrics.put(gauge, value, *labels)
        self._shown[store] = shown
        if not shown:
            del self._shown[store]


def samples(report: StoreReport, *, by_metric: bool) -> tuple[Sample, ...]:
    """The gauges of a report: what was not counted has none."""
    store = report.store.id
    crossed = sum(metric.current.violated is True for metric in report.metrics)
    found: list[Sample] = [(CROSSED, (store,), crossed)]
    if by_metric:
        for metric in report.metrics:
            found += _of_metric(store, metric)
    return tuple(found)


def _of_metric(store: str, metric: MetricReport) -> Iterator[Sample]:
    figure, labels = metric.current, (store, metric.rule.id)
    if not figure.denominator:
        return
    yield "replygate_metric_units", labels, figure.denominator
    if figure.value_s is not None:
        yield "replygate_metric_wait_seconds", labels, figure.value_s
    for reading, rate in (("low", figure.low), ("high", figure.high)):
        if rate is not None:
            yield "replygate_metric_ratio", (*labels, reading), rate
    if figure.room is not None:
        yield "replygate_metric_room", labels, figure.room
