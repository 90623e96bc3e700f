"""The page holds what the report says, as text, and loads nothing."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from replygate.report.charts import MissingExtraError
from replygate.report.evidence_rows import EvidenceRow
from replygate.report.html import RULES_MAX, evidence_page, report_page
from sample_report import HOSTILE, hostile_report, sample_report

PAGE_BYTES = 500_000
ALONE = frozenset({"meta", "br", "img", "link", "hr", "input"})


class Reader(HTMLParser):
    """Tags, attributes and visible text; asserts that what opens is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ALONE:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.fixture(scope="module")
def page() -> str:
    return report_page(sample_report())


def test_everything_that_matters_is_said(page: str) -> None:
    text = Reader(page).text
    for part in (
        "清风茶具旗舰店",
        "1 项未达目标，2 项达标",
        "拼多多 · 规则版本 sources-2023（资料截至 2023-11-28）",
        "离红线还能再慢 8 位买家",
        "83.9% – 87.1%",
        "人工算 · 机器人不明 · 安抚回复不明",
        "1 次，扣 10 分",
        "1 小时 30 分",
        "承诺没有兑现",
        "亲，加微信 ab*** 给您优惠",
        "31 至 48",
        "小李",
    ):
        assert part in text, part


def test_what_needs_help_comes_first(page: str) -> None:
    names = re.findall(r'<article class="card (\w+)">', page)
    assert names == ["short", "met", "met", "unassessed"]


def test_it_is_small_and_loads_nothing(page: str) -> None:
    assert len(page.encode()) < PAGE_BYTES
    reader = Reader(page)
    assert "script" not in reader.tags
    for name, value in reader.attributes:
        assert name not in {"src", "srcset", "action"}
        assert not name.startswith("on")
        if name in {"href", "xlink:href"}:
            assert (value or "").startswith("#")
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_the_same_report_gives_the_same_page(page: str) -> None:
    assert report_page(sample_report()) == page


def test_hostile_names_and_texts_are_only_text() -> None:
    page = report_page(hostile_report())
    reader = Reader(page)
    assert "script" not in reader.tags
    assert reader.said.count(HOSTILE) >= 8
    assert "<script" not in page


def test_a_shop_without_anything_has_a_page() -> None:
    report = sample_report()
    bare = replace(
        report,
        edition=None,
        as_of=None,
        metrics=(),
        charges=(),
        waits=(),
        slowest=(),
        rules=(),
        clocks=(),
        agents=(),
        counts=(),
    )
    text = Reader(report_page(bare)).text
    assert "还没有可以考核的指标" in text
    assert "统计期内没有买家提问。" in text


def test_long_lists_are_cut_and_counted() -> None:
    report = sample_report()
    many = replace(report, rules=[report.rules[0]] * (RULES_MAX + 7))
    assert "另有 7 条规则命中过。" in Reader(report_page(many)).text


def test_rules_that_come_to_the_same_share_a_card() -> None:
    report = sample_report()
    first, *others = report.metrics
    twin = replace(first, rule=replace(first.rule, id="PDD-X-05", name="有效回复率过低"))
    page = report_page(replace(report, metrics=(first, twin, *others)))
    assert page.count('<article class="card') == len(report.metrics)
    assert "数字相同：有效回复率过低 PDD-X-05" in Reader(page).text


def test_figures_that_nobody_judges_stand_apart_and_those_without_data_are_named() -> None:
    report = sample_report()
    first, second, *_ = report.metrics
    free = replace(first.rule, target=None, gate=None)
    nothing = replace(second.current, rate=None, denominator=0)
    metrics = (
        replace(first, rule=free, current=replace(first.current, rule=free)),
        replace(second, current=nothing),
    )
    page = report_page(replace(report, metrics=metrics))
    assert '<article class="card' not in page
    text = Reader(page).text
    assert "82.9% 当日有效回复率" in text
    assert "还没有数据：5分钟回复率（PDD-M-06）。" in text


def test_a_block_comes_first_says_why_and_the_same_words_once() -> None:
    report = sample_report()
    blocked, rewritten, warned = report.rules
    again = replace(blocked, examples=blocked.examples[:1] * 4)
    text = Reader(report_page(replace(report, rules=(warned, rewritten, again)))).text
    assert text.index("contact.wechat") < text.index("absolute-claims.best")
    assert text.index("absolute-claims.best") < text.index("tone.wait")
    assert "不能邀请买家加微信" in text
    assert text.count("亲，加微信 ab*** 给您优惠") == 1


def test_what_no_penalty_punished_is_one_sentence() -> None:
    text = Reader(report_page(sample_report())).text
    assert "没有触发：辱骂买家（PDD-X-07）。" in text


def test_what_privacy_left_out_is_said() -> None:
    report = sample_report()
    (rule, *_) = report.rules
    untold = replace(rule, examples=(replace(rule.examples[0], matched=None, text=None),))
    assert "按隐私设置未保存" in Reader(report_page(replace(report, rules=(untold,)))).text


def test_a_metric_that_only_the_platform_knows_is_named() -> None:
    report = sample_report()
    outside = replace(report.metrics[0], rule=replace(report.metrics[0].rule, unit="external"))
    text = Reader(report_page(replace(report, metrics=(outside,)))).text
    assert "只能在平台后台看到的指标：当日有效回复率（PDD-M-01）。" in text


def test_a_conversation_has_a_page() -> None:
    store = sample_report().store
    rows = [EvidenceRow(1_795_140_900_000, None, "买家", "来信", HOSTILE, "m-1")]
    reader = Reader(evidence_page(store, HOSTILE, rows, ["没有保存"], 1_795_140_960_000))
    assert "script" not in reader.tags
    assert f"会话 {HOSTILE}" in reader.text
    assert "2026-11-20 10:15:00" in reader.text
    assert "生成于 2026-11-20 10:16:00（北京时间）" in reader.text


def test_the_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"jinja2 .* pip install 'replygate\[report\]'"):
        evidence_page(sample_report().store, "c", [], [], 0)
