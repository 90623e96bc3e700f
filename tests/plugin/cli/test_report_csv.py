from __future__ import annotations

import csv
import io

import pytest

from replygate.cli.report_csv import HEAD, as_csv, safe_cell
from sample_report import hostile_report, sample_report


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_every_metric_has_today_its_period_and_its_days() -> None:
    found = rows(as_csv([sample_report()], by_agent=False))
    assert set(found[0]) == set(HEAD)
    first = [row for row in found if row["metric"] == "PDD-M-01"]
    assert [row["span"] for row in first] == ["today", "period", *["day"] * 30]
    assert first[0] == {
        "store": "demo-pdd",
        "name": "清风茶具旗舰店",
        "platform": "pdd",
        "edition": "sources-2023",
        "agent": "",
        "metric": "PDD-M-01",
        "metric_name": "当日有效回复率",
        "span": "today",
        "from": "2026-11-20",
        "to": "2026-11-20",
        "numerator": "34",
        "denominator": "41",
        "rate": "0.8292682926829268",
        "low": "0.8292682926829268",
        "high": "0.8292682926829268",
        "value_s": "",
        "target": "wrong < 0.8",
        "gate": "wrong < 0.5",
        "assessed": "yes",
        "met": "yes",
        "violated": "no",
        "boundary": "no",
        "room": "14",
        "heading_for": "",
        "human_counts": "yes",
        "bot_counts": "no",
        "hold_counts": "no",
        "source": "拼多多商家客服规则 3.2",
        "reliability": "official-copy",
        "as_of": "2022-07-22",
    }


def test_agents_are_rows_on_demand() -> None:
    report = sample_report()
    agents = [row for row in rows(as_csv([report], by_agent=True)) if row["agent"]]
    assert [(row["agent"], row["span"], row["rate"]) for row in agents] == [
        ("小李", "range", str(101 / 120))
    ]


def test_a_hostile_name_stays_in_its_cell() -> None:
    found = rows(as_csv([hostile_report()], by_agent=True))
    assert found[0]["name"].startswith("<script>")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\n=1", "＝1+1", "＠x"])
def test_no_text_becomes_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell("1=1") == "1=1"
    assert safe_cell(-1) == -1
