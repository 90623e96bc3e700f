from __future__ import annotations

import datetime as dt

import pytest

from replygate.timing.metrics.figure import Period


@pytest.mark.parametrize(
    ("last", "text"),
    [(20, "2026-11-20"), (21, "2026-11-20/2026-11-21"), (30, "2026-11-20/2026-11-30")],
)
def test_a_period_reads_as_a_day_or_from_and_to(last: int, text: str) -> None:
    assert str(Period(dt.date(2026, 11, 20), dt.date(2026, 11, last))) == text
