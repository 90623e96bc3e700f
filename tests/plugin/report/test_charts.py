"""The pictures are SVG that a parser takes, in the page's colours, and the same each time."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from replygate.report.charts import WAITS_LEGEND, MissingExtraError, trend, waits_by_hour
from replygate.report.report import WAIT_BUCKETS_S, HourWaits
from sample_report import HOSTILE, hostile_report, hours, metrics, sample_report

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in parsed(svg).iter(f"{SVG}text")]


def test_the_same_facts_give_the_same_bytes() -> None:
    assert waits_by_hour(hours()) == waits_by_hour(hours())
    assert trend(metrics()[1]) == trend(metrics()[1])


def test_a_picture_says_what_it_shows() -> None:
    root = parsed(waits_by_hour(hours()))
    title, text = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert text is not None
    assert (title.text, text.text) == (
        "各时段的等待时间",
        "共 656 个问题，20 点最多，有 66 个。",
    )
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {text.get('id')}"


def test_colours_and_fonts_are_the_pages_own() -> None:
    for svg in (waits_by_hour(hours()), trend(metrics()[1])):
        assert not re.findall(r"#[0-9a-f]{6}\b", svg)
        assert "DejaVu" not in svg
        assert "var(--font)" in svg
        assert "<style" not in svg
    assert all(f"var(--wait-{number})" in waits_by_hour(hours()) for number in range(5))
    assert len(WAITS_LEGEND) == 5


def test_no_id_stands_twice_in_a_page() -> None:
    page = waits_by_hour(hours()) + "".join(trend(metric) for metric in metrics()[:3])
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_days_limits_and_shares_are_written() -> None:
    found = texts(trend(metrics()[1]))
    assert "10-22" in found
    assert any(text.endswith("%") for text in found)


def test_readings_that_differ_are_a_band() -> None:
    assert "opacity: 0.18" in trend(metrics()[1])
    assert "opacity: 0.18" not in trend(metrics()[0])


def test_hours_without_a_question_and_one_day_can_be_drawn() -> None:
    nothing = tuple(HourWaits(hour, 0, (0,) * (len(WAIT_BUCKETS_S) + 1), 0) for hour in range(24))
    assert "共 0 个问题" in waits_by_hour(nothing)
    metric = metrics()[0]
    assert parsed(trend(replace(metric, trend=metric.trend[:1]))) is not None
    empty = metrics()[3]
    assert "这些天没有数据" in trend(empty)


def test_a_hostile_name_is_only_text() -> None:
    svg = trend(hostile_report().metrics[0])
    assert "<script" not in svg
    title = parsed(svg).find(f"{SVG}title")
    assert title is not None
    assert title.text == f"{HOSTILE}的走势"


def test_the_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"matplotlib .* pip install 'replygate\[report\]'"):
        waits_by_hour(sample_report().waits)
