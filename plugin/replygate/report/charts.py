"""The page's pictures, as SVG that stands inside HTML.

Drawn by matplotlib. Colours and fonts are the page's own: what is drawn in a stand-in colour
becomes a CSS variable, so that one picture is right by day, by night and on paper. The same facts
give the same bytes.
"""

from __future__ import annotations

import html
import importlib
import io
import math
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from replygate.errors import ReplygateError
from replygate.report import wording
from replygate.report.report import WAIT_BUCKETS_S, HourWaits, MetricReport
from replygate.timing.metrics.rule import Limit, MetricRule

# Matplotlib's colour, and the variable of the page that takes its place.
_INK, _MUTED, _LINE = "#010101", "#020202", "#030303"
_SERIES: Final = ("#040401", "#040402", "#040403", "#040404", "#040405")
_GOOD, _BAD, _BAND = "#050505", "#060606", "#070707"
_VARIABLES: Final = {
    _INK: "--ink",
    _MUTED: "--muted",
    _LINE: "--line",
    **{colour: f"--wait-{number}" for number, colour in enumerate(_SERIES)},
    _GOOD: "--good",
    _BAD: "--bad",
    _BAND: "--series",
}

# Waits of these many seconds and less are drawn as one; people know these figures from the rules.
_STEPS_S: Final = (30, 180, 300)

WAITS_LEGEND: Final = ("30 秒内", "3 分钟内", "5 分钟内", "超过 5 分钟", "无人回复")
"""What the parts of a bar are, from below; the page draws their colours as `--wait-N`."""

_FONT: Final = "DejaVu Sans"
"""What matplotlib itself ships: it measures with that, and the browser draws with its own."""

_STYLE: Final = {
    "font.family": [_FONT],
    "font.size": 10,
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.color": _INK,
    "axes.labelcolor": _MUTED,
    "axes.edgecolor": _LINE,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.unicode_minus": False,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "xtick.major.size": 0,
    "xtick.major.pad": 6,
    "ytick.major.size": 0,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "legend.frameon": False,
}
_Save = Callable[[str, str], str]
"""Makes SVG of what was drawn, with this title and description."""

_BAR_WIDTH: Final = 0.78
_TICKS_MAX: Final = 7


class MissingExtraError(ReplygateError):
    """A library is not installed that only the page needs."""

    def __init__(self, library: str) -> None:
        super().__init__(
            f"{library} is not installed; the page needs it: pip install 'replygate[report]'"
        )


def waits_by_hour(waits: Sequence[HourWaits]) -> str:
    """Questions by the hour they came in, each bar by how long they waited."""
    with _drawing("waits", (10, 3.1)) as (figure, save):
        axes = figure.subplots()
        hours = [one.hour for one in waits]
        bottoms = [0] * len(waits)
        for colour, counts in zip(_SERIES, _steps(waits), strict=True):
            axes.bar(hours, counts, _BAR_WIDTH, bottom=bottoms, color=colour)
            bottoms = [bottom + count for bottom, count in zip(bottoms, counts, strict=True)]
        axes.set_xlim(-0.6, 23.6)
        axes.set_xticks(range(0, 24, 3), [f"{hour}:00" for hour in range(0, 24, 3)])
        axes.yaxis.set_major_locator(_whole_numbers())
        total = sum(one.asked for one in waits)
        busiest = max(waits, key=lambda one: one.asked)
        about = f"共 {total} 个问题，{busiest.hour} 点最多，有 {busiest.asked} 个。"
        return save("各时段的等待时间", about)


def trend(metric: MetricReport) -> str:
    """A metric day by day, with its target and gate, and what other readings come to."""
    rule = metric.rule
    known = [one for one in metric.trend if wording.value_of(one) is not None]
    with _drawing(f"trend-{rule.id}", (3.7, 1.9)) as (figure, save):
        axes = figure.subplots()
        scale = 100 if rule.value == "share" else 1
        days = [(one.period.last - metric.trend[0].period.last).days for one in known]
        values = [(wording.value_of(one) or 0) * scale for one in known]
        lows = [_or(one.low, wording.value_of(one)) * scale for one in known]
        highs = [_or(one.high, wording.value_of(one)) * scale for one in known]
        if lows != highs:
            axes.fill_between(days, lows, highs, color=_BAND, alpha=0.18, linewidth=0)
        axes.plot(days, values, color=_BAND, linewidth=1.8, marker="o", markersize=2.6)
        drawn = [*values, *lows, *highs]
        for limit, colour in ((rule.target, _GOOD), (rule.gate, _BAD)):
            if limit is not None:
                axes.axhline(limit.at * scale, color=colour, linewidth=1.1, linestyle=(0, (4, 3)))
                drawn.append(limit.at * scale)
        _scale(axes, rule, drawn)
        _name_days(axes, metric)
        return save(f"{rule.name}的走势", _in_words(metric, values))


def _steps(waits: Sequence[HourWaits]) -> Iterator[list[int]]:
    """The parts of the bars, in the order of `WAITS_LEGEND`."""
    from_s = -1
    for to_s in (*_STEPS_S, None):
        yield [_waited(one, from_s, to_s) for one in waits]
        from_s = to_s or 0
    yield [one.unanswered for one in waits]


def _waited(one: HourWaits, from_s: int, to_s: int | None) -> int:
    """How many waited longer than `from_s` and at most `to_s`."""
    edges = [*WAIT_BUCKETS_S, math.inf]
    return sum(
        count
        for edge, count in zip(edges, one.buckets, strict=True)
        if from_s < edge and (to_s is None or edge <= to_s)
    )


def _or(value: float | None, other: float | None) -> float:
    return value if value is not None else other or 0.0


def _scale(axes: Any, rule: MetricRule, drawn: Sequence[float]) -> None:
    """Show what is there and the limits, a share never beyond 100 %."""
    least, most = min(drawn, default=0.0), max(drawn, default=1.0)
    margin = max((most - least) * 0.12, 1.0)
    top = most + margin
    if rule.value == "share":
        top = min(top, 101.0)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.set_ylim(max(least - margin, 0 if least >= 0 else -math.inf), top)
    axes.yaxis.set_major_locator(_whole_numbers(4))


def _name_days(axes: Any, metric: MetricReport) -> None:
    all_days = [one.period.last for one in metric.trend]
    step = max(math.ceil(len(all_days) / _TICKS_MAX), 1)
    places = range(0, len(all_days), step)
    axes.set_xticks(list(places), [f"{all_days[place]:%m-%d}" for place in places])
    axes.set_xlim(-0.5, max(len(all_days) - 0.5, 0.5))


def _in_words(metric: MetricReport, values: Sequence[float]) -> str:
    if not values:
        return "这些天没有数据。"
    rule, scale = metric.rule, 100 if metric.rule.value == "share" else 1
    first, last, least, most = (
        wording.amount(rule, value / scale)
        for value in (values[0], values[-1], min(values), max(values))
    )
    limits = "".join(
        f"{name}{text}。"
        for name, limit, text in (
            ("目标", rule.target, wording.target(rule)),
            ("红线", rule.gate, wording.gate(rule)),
        )
        if isinstance(limit, Limit)
    )
    return f"从 {first} 到 {last}，最低 {least}，最高 {most}。{limits}"


def _whole_numbers(count: int = 5) -> Any:
    return importlib.import_module("matplotlib.ticker").MaxNLocator(count, integer=True)


@contextmanager
def _drawing(name: str, size: tuple[float, float]) -> Iterator[tuple[Any, _Save]]:
    """A figure, and what makes SVG of it with a title and a description. Sizes are in inches."""
    try:
        matplotlib = importlib.import_module("matplotlib")
    except ModuleNotFoundError as fault:
        raise MissingExtraError("matplotlib") from fault
    figure_module = importlib.import_module("matplotlib.figure")
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        # It looks for Chinese in its own font, which the browser will not use.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = figure_module.Figure(figsize=size, layout="constrained")

        def save(title: str, description: str) -> str:
            raw = io.StringIO()
            figure.savefig(raw, format="svg", metadata={"Date": None, "Creator": None})
            return _for_page(raw.getvalue(), name, title, description)

        yield figure, save


def _for_page(svg: str, name: str, title: str, description: str) -> str:
    """Cut a drawing down to what a page needs, and name it for those who can not see it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<(metadata|style).*?</\1>", "", svg, flags=re.DOTALL)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    svg = svg.replace(f"'{_FONT}'", "var(--font)")
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda found: found[0] if found[1] in used else "", svg)
    key = f"chart-{re.sub(r'[^0-9A-Za-z-]', '-', name)}"
    head, _, body = svg.partition(">")
    head = re.sub(r' (width|height|version)="[^"]*"', "", head)
    head += f' role="img" aria-labelledby="{key}-title {key}-text">'
    about = (
        f'<title id="{key}-title">{html.escape(title)}</title>'
        f'<desc id="{key}-text">{html.escape(description)}</desc>'
    )
    return head + about + body.strip()
