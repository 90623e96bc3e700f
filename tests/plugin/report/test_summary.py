from __future__ import annotations

from replygate.ledger.lines import FOREVER_MS
from replygate.report.summary import DaySummary


def test_nothing_happens_on_an_empty_day() -> None:
    empty = DaySummary()
    assert (empty.received, empty.talks, empty.until_ms) == (0, 0, FOREVER_MS)
    assert not any(map(any, empty.waits.by_hour))
