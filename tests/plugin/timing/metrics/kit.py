"""Conversations in one line each, and the rules that tables of metrics are about.

A conversation is `NAME what@time what@time …`, several stand apart by ` ; `, and `7*` in place of
the name is seven of them. What: `q` a question, `h` a person, `b` a bot, `o` a holding reply, `p`
the platform, `u` nobody knows who, `T` a transfer, `S` and `E` a session's start and end. After it
may come `#topic`, `!excuse` and `=agent`. A time is of 2026-11-20; `1/09:00` is of the day after.
`now@…` and `days@0..2` stand in front of all; without them everything is long over, and the one day
counts.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from replygate.model import Origin
from replygate.timing.calendar import PLATFORM_ZONE, Interval, Window
from replygate.timing.deadline import Counts
from replygate.timing.events import Excuse
from replygate.timing.metrics.count import count
from replygate.timing.metrics.rule import MetricRule, Unit
from replygate.timing.metrics.talk import Facts, Line, Talk, What
from replygate.timing.metrics.tally import Tally, total

DAY = dt.date(2026, 11, 20)
ONE_DAY = dt.timedelta(days=1)
LONG_AFTER = "40/00:00"

HUMAN_ONLY = Counts(human="yes", bot="no", hold="no")
ANYONE = Counts(human="yes", bot="yes", hold="yes")

_STORE: dict[str, Origin] = {
    "h": "human",
    "b": "bot",
    "o": "hold",
    "p": "platform",
    "u": "unknown",
}
_OTHER: dict[str, What] = {
    "q": "question",
    "T": "transfer",
    "S": "session_open",
    "E": "session_close",
}
_TOKEN = re.compile(r"([qhbopuTSE])(?:#(\w+))?(?:!(\w+))?(?:=(\w+))?@(\S+)")


def ms(time: str) -> int:
    """Unix ms of `10:00`, `10:00:01`, `10:00:01.5`, `1/10:00` (a day later), `-1/10:00`."""
    days, _, clock = time.rpartition("/")
    day = DAY + int(days or 0) * ONE_DAY
    moment = dt.datetime.combine(day, dt.time.fromisoformat(clock), PLATFORM_ZONE)
    return round(moment.timestamp() * 1000)


def window(*hours: str, anchor: str = "message", mode: str = "gate") -> Window:
    """A window of `08:00-23:00` and so on; an end of 26:00 lies in the next day."""
    assert anchor in {"message", "session"}
    assert mode in {"gate", "elapse"}
    intervals = tuple(Interval(*(_second(edge) for edge in hour.split("-"))) for hour in hours)
    return Window(
        intervals,
        mode="elapse" if mode == "elapse" else "gate",
        anchor="session" if anchor == "session" else "message",
    )


def _second(edge: str) -> int:
    hours, minutes = edge.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def table(name: str) -> dict[str, list[list[str]]]:
    """The rows of a table file by section, without their last column: that is the arithmetic."""
    found: dict[str, list[list[str]]] = {}
    section = ""
    for row in Path(__file__).with_name(name).read_text("utf-8").splitlines():
        if row.startswith("["):
            section = row.strip("[]")
        elif row and not row.startswith("#"):
            found.setdefault(section, []).append([cell.strip() for cell in row.split("|")][:-1])
    return found


def line(token: str, number: int = 0) -> Line:
    """One fact."""
    matched = _TOKEN.fullmatch(token)
    assert matched is not None, token
    what, topic, excuse, agent, time = matched.groups()
    assert excuse is None or excuse in get_args(Excuse), token
    return Line(
        ms(time),
        _OTHER.get(what, "answer"),
        f"m-{number}",
        _STORE.get(what, "buyer"),
        agent or "",
        (topic,) if topic else (),
        (cast("Excuse", excuse),) if excuse else (),
    )


def talks(script: str) -> list[Talk]:
    """The conversations of a script."""
    result: list[Talk] = []
    for part in script.split(";"):
        name, *tokens = part.split()
        lines = [line(token, number) for number, token in enumerate(tokens)]
        times = int(name.removesuffix("*")) if name.endswith("*") else 1
        result += [Talk(f"{name}-{len(result) + i}", lines) for i in range(times)]
    return result


@dataclass(frozen=True)
class Script:
    """What a line says: conversations, the time it is, and the days that count."""

    talks: list[Talk]
    now_ms: int
    first: dt.date
    last: dt.date


def script(text: str) -> Script:
    """Read a script."""
    now, days = LONG_AFTER, "0..0"
    words = text.split()
    while words[0].startswith(("now@", "days@")):
        kind, _, value = words.pop(0).partition("@")
        now, days = (value, days) if kind == "now" else (now, value)
    first, last = (DAY + int(number) * ONE_DAY for number in days.split(".."))
    return Script(talks(" ".join(words)), ms(now), first, last)


def tally(rule: MetricRule, text: str, agent: str = "") -> Tally:
    """What a rule comes to over a script's days."""
    read = script(text)
    tallies = count([rule], Facts(read.talks), read.first, read.last, now_ms=read.now_ms)
    return total(tallies, rule.id, read.first, read.last, agent)


def brief(rule: MetricRule, of: Tally) -> str:
    """`good/units` or `seconds/waits`, and `strict..lenient` where the readings differ."""
    if rule.value == "mean_s":
        strict = f"{of.strict_wait_ms / 1000:g}s/{of.strict_waits}"
        lenient = f"{of.lenient_wait_ms / 1000:g}s/{of.lenient_waits}"
    elif rule.value == "count":
        strict, lenient = str(of.units), str(of.lenient_units)
    else:
        strict = f"{of.strict_good}/{of.units}"
        lenient = f"{of.lenient_good}/{of.lenient_units}"
    return strict if strict == lenient else f"{strict}..{lenient}"


def rule(name: str, unit: Unit, **fields: object) -> MetricRule:
    """A rule that says nothing of its source."""
    return MetricRule(id=name, name=name, unit=unit, source="a test", **fields)  # type: ignore[arg-type]  # a row's keywords


CONSULT = window("08:00-23:00")
CONSULT_SESSION = window("08:00-23:00", anchor="session")
DAYTIME_SESSION = window("09:00-23:00", anchor="session")

RULES: dict[str, MetricRule] = {
    each.id: each
    for each in [
        rule("pdd60", "user_day", answered="all", within_s=3600, window=CONSULT),
        rule("ks180", "user_day", within_s=180, window=window("08:00-24:00")),
        rule("day-mean", "user_day", answered="mean", within_s=180),
        rule("msg300", "message", within_s=300, window=CONSULT),
        rule("under300", "message", within_s=300, inclusive=False),
        rule("same-day", "message"),
        rule("night", "message", within_s=300, window=window("22:00-26:00")),
        rule("elapse", "message", within_s=3600, window=window("09:00-18:00", mode="elapse")),
        rule("quality", "message", within_s=180, topic="quality"),
        rule("no-excuse", "message", within_s=300, excuses=frozenset({"recall"})),
        rule("tb", "round", within_s=180, window=CONSULT, counts=HUMAN_ONLY),
        rule("round", "round", within_s=180),
        rule("mean", "round", value="mean_s"),
        rule("elapse-mean", "message", value="mean_s", window=window("09:00-18:00", mode="elapse")),
        rule(
            "dy-mean",
            "round",
            value="mean_s",
            unanswered_s=600,
            window=CONSULT_SESSION,
            counts=HUMAN_ONLY,
        ),
        rule("jd30", "session", within_s=30, window=DAYTIME_SESSION),
        rule("xhs", "session", within_s=180, window=DAYTIME_SESSION, counts=HUMAN_ONLY),
        rule("begun180", "session", since="session", within_s=180),
        rule("session-all", "session", answered="all", within_s=180),
        rule("session-mean", "session", answered="mean", within_s=180),
        rule("first-mean", "session", value="mean_s", counts=ANYONE),
        rule("dy120", "transfer", within_s=120, counts=HUMAN_ONLY),
        rule("dy-3m", "transfer", answered="mean", within_s=180, counts=HUMAN_ONLY),
        rule(
            "dy-3m-600",
            "transfer",
            answered="mean",
            within_s=180,
            unanswered_s=600,
            counts=HUMAN_ONLY,
        ),
        rule("handed120", "session", since="transfer", within_s=120, counts=HUMAN_ONLY),
        rule(
            "handed-3m",
            "session",
            since="transfer",
            answered="mean",
            within_s=180,
            counts=HUMAN_ONLY,
        ),
        rule("users", "user_day", value="count", window=CONSULT),
        rule("rounds", "round", value="count"),
    ]
}

ORIGINS: tuple[Origin, ...] = ("human", "human", "bot", "hold", "platform", "unknown")
STEPS_S = (0, 1, 29, 30, 31, 60, 179, 180, 181, 299, 300, 301, 599, 600, 601, 3600, 20_000)


def random_lines(chance: random.Random, *, start: str | None = None) -> list[Line]:
    """A conversation over some hours or days, in order, much of it on the edges."""
    now_ms = ms(start or chance.choice(["-1/22:30", "07:50", "08:56", "22:40", "23:50", "1/08:00"]))
    result = []
    for number in range(chance.randrange(1, 14)):
        now_ms += chance.choice(STEPS_S) * 1000
        what = chance.choices(
            ["question", "answer", "transfer", "session_open", "session_close"],
            weights=[10, 9, 2, 1, 1],
        )[0]
        result.append(
            Line(
                now_ms,
                what,  # type: ignore[arg-type]  # one of the five
                f"m-{number}",
                chance.choice(ORIGINS) if what == "answer" else "buyer",
                chance.choice(["", "anna", "bo"]) if what == "answer" else "",
                ("quality",) if what == "question" and chance.random() < 0.3 else (),
                ("recall",) if what == "question" and chance.random() < 0.1 else (),
            )
        )
    return result
