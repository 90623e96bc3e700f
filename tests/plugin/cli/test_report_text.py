from __future__ import annotations

from dataclasses import replace

import pytest

from replygate.cli.columns import width_of
from replygate.cli.report_text import ROWS_MAX, summary, table
from replygate.report.report import StoreReport
from sample_report import hostile_report, sample_report


def lines(report: StoreReport, width: int = 80, **options: bool) -> list[str]:
    return list(summary(report, width, **options))


def test_the_table_to_the_letter() -> None:
    found = lines(sample_report())
    at = found.index("指标 metrics")
    assert found[:2] == [
        "清风茶具旗舰店 (demo-pdd)  拼多多 sources-2023 (2023-11-28)",
        "2026-10-22 – 2026-11-20，收到 in 656，发出 out 702，会话 conversations 389",
    ]
    assert found[at + 1 : at + 6] == [
        "   指标            今日     本期     目标     红线   余量",
        "✓  当日有效回复率  82.9%    82.9%    ≥ 80%    < 50%  还能再慢 14 位买家",
        "!  5分钟回复率     85.4%    83.9%    ≥ 90%    ≤ 80%  离红线还能再慢 8 位买家",
        "✓  平均回复时长    39.0 秒  36.4 秒  ≤ 45 秒  –      达标",
        "·  不满意评价      –        8.3%     –        > 6%   样本不足",
    ]


def test_what_it_stands_on() -> None:
    found = lines(sample_report())
    at = found.index("  5分钟回复率 PDD-M-06")
    assert found[at + 1 : at + 6] == [
        "    本期    本周 11-16 至 11-22，172/205 位买家，未达目标",
        "    走势    照现在的走势，期末约 85.3%",
        "    算不算  人工算 · 机器人不明 · 安抚回复不明",
        "    高低    83.9% – 87.1%",
        "    来源    拼多多客服回复率问答（商家经验，2023-03-03）",
    ]


def test_what_happened() -> None:
    text = "\n".join(lines(sample_report()))
    for part in (
        "当日有效回复率过低 PDD-X-05：1 次，扣 10 分",
        "安抚回复 holds 58，不明 unknown 1；承诺兑现 kept 52，未兑现 broken 6",
        "5分钟回复 PDD-D-04：超时 missed 31–48 / 650",
        "11-20 12:11  1 小时 30 分  c-77  小李",
        "拦截 block       9  contact.wechat  「加微信」",
    ):
        assert part in text, part
    assert "机器人一号" not in text


def test_agents_are_listed_on_demand() -> None:
    found = lines(sample_report(), by_agent=True)
    at = found.index("按客服 by agent (2)")
    assert found[at + 1 : at + 4] == [
        "  小李：人工 240；命中规则 1",
        "            5分钟回复率 84.2%，101/120 位买家",
        "  机器人一号：机器人 402，安抚回复 58；命中规则 31",
    ]


@pytest.mark.parametrize("width", [50, 80, 100])
@pytest.mark.parametrize("report", [sample_report(), hostile_report()], ids=["usual", "hostile"])
def test_no_line_is_too_wide(report: StoreReport, width: int) -> None:
    wide = [line for line in lines(report, width, by_agent=True) if width_of(line) > width]
    assert wide == []


def test_colour_is_for_terminals() -> None:
    assert not any("\x1b" in line for line in lines(sample_report()))
    painted = [line for line in lines(sample_report(), coloured=True) if "\x1b" in line]
    assert [line[:5] for line in painted] == ["\x1b[32m", "\x1b[33m", "\x1b[32m"]


def test_a_boundary_and_what_only_the_platform_knows() -> None:
    report = sample_report()
    first = report.metrics[0]
    on_it = replace(first, current=replace(first.current, boundary=True))
    outside = replace(first, rule=replace(first.rule, unit="external"))
    text = "\n".join(lines(replace(report, metrics=(on_it, outside)), 100))
    assert "正好在线上，各资料对这个值的说法不同" in text
    assert "只能在平台后台看到 only the platform knows：当日有效回复率 PDD-M-01" in text


def test_long_lists_are_cut_and_nothing_is_said_of_nothing() -> None:
    report = sample_report()
    many = lines(replace(report, slowest=[*report.slowest] * 5))
    assert f"  … 另有 and {15 - ROWS_MAX} more; --json" in many
    bare = "\n".join(
        lines(replace(report, metrics=(), charges=(), slowest=(), rules=(), clocks=(), agents=()))
    )
    assert "指标 metrics：没有可以计算的 there are none" in bare
    assert "slowest" not in bare


def test_columns_stand_under_each_other() -> None:
    rows = table([("甲", "b"), ("cc", "丁丁")], 40)
    assert rows == ["甲  b", "cc  丁丁"]
    assert table([("很长的名字放不下", "1")], 12) == ["很长的名…  1"]
