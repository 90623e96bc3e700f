from __future__ import annotations

import json

from replygate.cli.report_json import report_json, time_json
from sample_report import sample_report


def test_the_object_of_a_metric() -> None:
    told = report_json(sample_report())["metrics"]["PDD-M-06"]
    assert {key: told[key] for key in told if key not in {"today", "whole", "periods", "days"}} == {
        "name": "5分钟回复率",
        "period": "2026-11-16/2026-11-22",
        "numerator": 172,
        "denominator": 205,
        "rate": 172 / 205,
        "low": 172 / 205,
        "high": 0.871,
        "value_s": None,
        "assessed": True,
        "threshold": 0.9,
        "met": False,
        "violated": False,
        "boundary": False,
        "unit": "user_day",
        "room": 8,
        "heading_for": 0.853,
        "external": False,
        "target": {"wrong": "<", "at": 0.9},
        "gate": {"wrong": "<=", "at": 0.8},
        "counts": {"human": "yes", "bot": "unknown", "hold": "unknown", "platform": "no"},
        "source": "拼多多客服回复率问答",
        "reliability": "experience",
        "as_of": "2023-03-03",
    }
    assert told["today"]["period"] == "2026-11-20"
    assert len(told["days"]) == 30
    assert len(told["periods"]) == 1


def test_everything_else_can_be_written_as_json() -> None:
    told = json.loads(json.dumps(report_json(sample_report())))
    assert (told["store"], told["from"], told["to"]) == ("demo-pdd", "2026-10-22", "2026-11-20")
    assert told["generated_at"] == "2026-11-20T21:30:00.000+08:00"
    assert told["charges"][0]["points"] == -10
    assert told["holds"]["skipped"] == {"answered": 7, "off_duty": 3}
    assert told["slowest"][0]["waited_s"] == 5403.0
    assert told["rules"][0]["examples"][0]["matched"] == "加微信"
    assert told["agents"][1]["messages"] == {"bot": 402, "hold": 58}
    assert len(told["waits"]) == 24


def test_a_time_has_an_offset() -> None:
    assert time_json(1_795_140_900_007) == "2026-11-20T10:15:00.007+08:00"
