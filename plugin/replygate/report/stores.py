"""Reports of many stores, and which of them needs help first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from replygate.config import Store
from replygate.ledger import Ledger
from replygate.report.make import store_report
from replygate.report.report import StoreReport
from replygate.report.window import read_window
from replygate.timing.calendar import local_day
from replygate.timing.metrics.figure import Figure


async def every_store(
    ledger: Ledger, stores: Iterable[Store], window: str, *, now_ms: int, keep: bool
) -> AsyncIterator[StoreReport]:
    """The reports, one by one as they are made, in the order of the stores.

    Raises WrongWindow, LedgerError. `worst_first` puts them in order when all are there.
    """
    today = local_day(now_ms)
    for store in stores:
        asked = read_window(window, today, store.metrics)
        yield await store_report(ledger, store, asked, now_ms=now_ms, keep=keep)


def worst_first(reports: Iterable[StoreReport]) -> list[StoreReport]:
    """The stores in the order in which somebody should look at them.

    First the most gates that the current periods have crossed; then the most targets missed; then
    the smallest room left before any gate or target; then the most missed deadlines of the
    platform; then by id. A store without any assessed figure comes after those with room.
    """
    return sorted(reports, key=_place)


def _place(report: StoreReport) -> tuple[int, int, float, int, str]:
    current = [metric.current for metric in report.metrics if metric.rule.severity == "hard"]
    missed = sum(clock.surely_missed for clock in report.clocks if clock.hard)
    return (
        -sum(figure.violated is True for figure in current),
        -sum(figure.met is False and figure.assessed for figure in current),
        min((_room(figure) for figure in current), default=float("inf")),
        -missed,
        report.store.id,
    )


def _room(figure: Figure) -> float:
    return float("inf") if figure.room is None or not figure.assessed else figure.room
