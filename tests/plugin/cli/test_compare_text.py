from __future__ import annotations

import datetime as dt

from replygate.cli.columns import width_of
from replygate.cli.compare import Fit, Reading
from replygate.cli.compare_file import Stated
from replygate.cli.compare_text import DAYS_MAX, comparison, comparison_json
from sample_report import FAST_RATE

DAYS = tuple(
    Stated(f"x:{number}", day, day, "PDD-M-06", 0.9, 0.0005)
    for number, day in enumerate((dt.date(2026, 11, 17), dt.date(2026, 11, 18)))
)
YES = Reading((("bot", "yes"), ("hold", "no")), (0.9, 0.9), 2, 0.0)
NO = Reading((("bot", "no"), ("hold", "no")), (0.5, 0.6), 0, 0.35)
SETTLED = Fit(FAST_RATE, DAYS, (YES, NO), ())


def said(fit: Fit) -> list[str]:
    return list(comparison("tea-shop", [fit], 80))


def test_what_settles_it_to_the_letter() -> None:
    assert said(SETTLED) == [
        "",
        "对照 compare  5分钟回复率 PDD-M-06",
        "  日期        平台   最合   最不合",
        "  2026-11-17  90.0%  90.0%  50.0%",
        "  2026-11-18  90.0%  90.0%  60.0%",
        "  口径                      吻合  平均相差",
        "  机器人算，安抚回复不算    2/2   0.0%",
        "  机器人不算，安抚回复不算  0/2   35.0%",
        "  对这家店 for this shop：机器人算，安抚回复不算（2 天 days）",
        "  写进店铺文件 write into the file of the store tea-shop：",
        '    [settle."PDD-M-06".counts]',
        '    bot = "yes"',
        '    hold = "no"',
    ]


def test_doubts_are_said_and_nothing_is_to_be_written() -> None:
    far = Fit(FAST_RATE, DAYS, (NO,), ())
    assert "没有一种口径对得上" in "".join(said(far))
    same = Fit(FAST_RATE, DAYS, (YES, Reading(NO.answers, YES.values, 2, 0.0)), ())
    assert "各种口径的结果都一样" in "".join(said(same))
    known = Fit(FAST_RATE, DAYS, (Reading((), YES.values, 2, 0.0),), ())
    assert "数字也对得上" in "".join(said(known))
    nothing = Fit(FAST_RATE, (), (YES,), DAYS[:1])
    assert "  2026-11-17：录音里没有 not in the recording" in said(nothing)
    for fit in (far, same, known, nothing):
        assert "settle" not in "".join(said(fit))


def test_what_all_good_readings_agree_on_is_told() -> None:
    other = Reading((("bot", "yes"), ("hold", "yes")), (0.9, 0.8999), 2, 0.0)
    fit = Fit(FAST_RATE, DAYS, (YES, other, NO), ())
    text = "\n".join(said(fit))
    assert "还需要更多天" in text
    assert 'bot = "yes"' in text
    assert "hold =" not in text


def test_long_lists_are_cut_and_no_line_is_too_wide() -> None:
    days = DAYS[:1] * (DAYS_MAX + 3)
    fit = Fit(FAST_RATE, days, (Reading(YES.answers, (0.9,) * len(days), 1, 0.0),), ())
    assert "  … 另有 and 3 more; --json" in said(fit)
    assert all(width_of(line) <= 80 for line in said(SETTLED))


def test_the_object_for_programs() -> None:
    assert comparison_json([SETTLED]) == [
        {
            "metric": "PDD-M-06",
            "name": "5分钟回复率",
            "outcome": "settled",
            "settled": {"bot": "yes", "hold": "no"},
            "days": [
                {"from": "2026-11-17", "to": "2026-11-17", "platform": 0.9},
                {"from": "2026-11-18", "to": "2026-11-18", "platform": 0.9},
            ],
            "missing": [],
            "readings": [
                {
                    "counts": {"bot": "yes", "hold": "no"},
                    "values": [0.9, 0.9],
                    "equal_days": 2,
                    "mean_difference": 0.0,
                },
                {
                    "counts": {"bot": "no", "hold": "no"},
                    "values": [0.5, 0.6],
                    "equal_days": 0,
                    "mean_difference": 0.35,
                },
            ],
        }
    ]
