from __future__ import annotations

from dataclasses import replace

from replygate.cli.report_all import overview
from sample_report import sample_report


def test_each_store_is_one_line_with_the_metric_to_look_at() -> None:
    report = sample_report()
    calm = replace(
        report,
        store=replace(report.store, name="平安"),
        metrics=report.metrics[:1],
        clocks=(),
    )
    bare = replace(report, store=replace(report.store, name="新店"), metrics=())
    title, blank, head, *lines = overview([report, calm, bare], 100, coloured=False)
    assert (title, blank) == ("3 家店铺 stores  2026-10-22 – 2026-11-20", "")
    assert " ".join(head.split()) == "店铺 平台 最需要看的指标 今日 本期 余量 超时 拦截"
    assert lines == [
        "!  清风茶具旗舰店  拼多多  5分钟回复率     85.4%  83.9%  离红线还能再慢 8 位买家  51    9",
        "✓  平安            拼多多  当日有效回复率  82.9%  82.9%  还能再慢 14 位买家       0     9",
        "·  新店            拼多多  –               –      –      –                        51    9",
    ]


def test_colour_is_for_terminals() -> None:
    *_, line = overview([sample_report()], 100, coloured=True)
    assert line.startswith("\x1b[33m!")
