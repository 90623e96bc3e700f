"""What a comparison with the platform's figures found, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from replygate.cli.columns import visible, wrap
from replygate.cli.compare import Answers, Fit, Outcome
from replygate.cli.compare_file import Stated
from replygate.cli.report_text import table
from replygate.report import wording

DAYS_MAX: Final = 31
"""Days that are listed; the JSON has all."""

_NAMES: Final = {"human": "人工", "bot": "机器人", "hold": "安抚回复", "platform": "平台"}
_SHORT: Final = {"yes": "算", "no": "不算"}
_SAYS: Final[dict[Outcome, str]] = {
    "open": "这些天分不清，还需要更多天 several readings fit alike; give more days",
    "same": "这些天里各种口径的结果都一样 the readings do not differ on these days",
    "far": "没有一种口径对得上 no reading fits: is the recording complete, and the edition right?",
    "known": "资料没有留下疑问，数字也对得上 nothing is open, and the figures agree",
    "nothing": "没有可以对照的日子 no day of the recording is in the file",
}


def comparison(store: str, fits: Sequence[Fit], width: int) -> Iterator[str]:
    """Lines of at most `width` columns."""
    for fit in fits:
        yield ""
        yield f"对照 compare  {visible(fit.rule.name)} {fit.rule.id}"
        if fit.stated:
            yield from _days(fit, width)
        for one in fit.missing:
            yield f"  {_when(one)}：录音里没有 not in the recording"
        yield from _verdict(store, fit, width)


def comparison_json(fits: Sequence[Fit]) -> list[dict[str, Any]]:
    """The same for programs. `settled` is what the best readings agree on."""
    return [
        {
            "metric": fit.rule.id,
            "name": fit.rule.name,
            "outcome": fit.outcome,
            "settled": dict(fit.settled) if fit.outcome in {"settled", "open"} else {},
            "days": [
                {"from": one.first.isoformat(), "to": one.last.isoformat(), "platform": one.value}
                for one in fit.stated
            ],
            "missing": [_when(one) for one in fit.missing],
            "readings": [
                {
                    "counts": dict(one.answers),
                    "values": list(one.values),
                    "equal_days": one.hits,
                    "mean_difference": one.off,
                }
                for one in fit.readings
            ],
        }
        for fit in fits
    ]


def _days(fit: Fit, width: int) -> Iterator[str]:
    """The days with the best and the worst reading, then every reading with how well it fits."""
    best, worst = fit.readings[0], fit.readings[-1]
    rows: list[tuple[str, ...]] = [("日期", "平台", "最合", "最不合")]
    for number, one in enumerate(fit.stated[:DAYS_MAX]):
        ours = (_amount(fit, each.values[number]) for each in (best, worst))
        rows.append((_when(one), _amount(fit, one.value), *ours))
    yield from (f"  {line}" for line in table(rows, width - 2))
    if len(fit.stated) > DAYS_MAX:
        yield f"  … 另有 and {len(fit.stated) - DAYS_MAX} more; --json"
    readings = [("口径", "吻合", "平均相差")]
    for each in fit.readings:
        equal = f"{each.hits}/{len(fit.stated)}"
        readings.append((_answers(each.answers) or "本店", equal, _amount(fit, each.off)))
    yield from (f"  {line}" for line in table(readings, width - 2))


def _verdict(store: str, fit: Fit, width: int) -> Iterator[str]:
    outcome = fit.outcome
    if outcome != "settled":
        yield from _block(_SAYS[outcome], width)
    agreed = fit.settled if outcome in {"settled", "open"} else ()
    if not agreed:
        return
    days = len(fit.stated)
    yield from _block(f"对这家店 for this shop：{_answers(agreed)}（{days} 天 days）", width)
    yield from _block(f"写进店铺文件 write into the file of the store {visible(store)}：", width)
    yield f'    [settle."{fit.rule.id}".counts]'
    for origin, word in agreed:
        yield f'    {origin} = "{word}"'


def _answers(answers: Answers) -> str:
    return "，".join(f"{_NAMES[origin]}{_SHORT[word]}" for origin, word in answers)


def _amount(fit: Fit, value: float) -> str:
    return wording.amount(fit.rule, value)


def _when(one: Stated) -> str:
    return str(one.first) if one.first == one.last else f"{one.first}/{one.last}"


def _block(text: str, width: int) -> Iterator[str]:
    first, *rest = wrap(text, width - 4)
    yield f"  {first}"
    for line in rest:
        yield f"    {line}"
