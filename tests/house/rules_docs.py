"""The parts of `docs/rules.md` that come from the profiles and the catalogue.

`PYTHONPATH=tests python -m house.rules_docs` writes them anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from house.tree import REPO

PAGE = REPO / "docs" / "rules.md"
PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall", "general")

_BLOCK = re.compile(r"(<!-- from the profiles: ([\w -]+?) -->\n).*?(<!-- end -->)", re.DOTALL)
_ROOM = REPO / "config" / "replygate_config"
_WORDS = {
    "user_day": "buyer's day",
    "duty": "second on duty",
    "half_month": "half month",
    "rolling_7": "last 7 days",
    "rolling_30": "last 30 days",
}
_OPENS = {
    "message": "every message",
    "turn": "first unanswered message",
    "transfer": "transfer to a human",
}
_ORIGINS = {"human": "yes", "bot": "unknown", "hold": "unknown", "platform": "no"}
_DEADLINE = "deadline, due, from, asked, who counts, edition, source"
_METRIC = "metric, what, counted of, within, asked, who counts, period, wrong side, edition, source"
_PENALTY = "penalty, for what, causes, takes, adds up, edition, source"

Table = dict[str, Any]


def rendered(page: str) -> str:
    """Give the page with every generated block as the files have it now."""
    return _BLOCK.sub(lambda block: f"{block[1]}{_body(block[2])}{block[3]}", page)


def blocks(page: str) -> list[str]:
    """Name the generated blocks in their order."""
    return [block[2] for block in _BLOCK.finditer(page)]


def _body(name: str) -> str:
    if name == "documents":
        return _documents()
    if name == "refused":
        return "".join(f"- To {one['what']}: {one['why']}.\n" for one in _catalogue()["refused"])
    if name == "index":
        return _index()
    return _platform(name)


def _read(name: str) -> Table:
    return tomllib.loads((_ROOM / f"{name}.toml").read_text("utf-8"))


def _catalogue() -> Table:
    return _read("catalogue")


def _table(heads: str, rows: Iterable[Iterable[str]]) -> str:
    columns = heads.split(", ")
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def _documents() -> str:
    rows = (
        (short, one["title"], one["date"] or "not known", one["reliability"])
        for short, one in _catalogue()["document"].items()
    )
    return _table("short, document, date, reliability", rows)


def _platform(name: str) -> str:
    profile = _read(f"platforms/{name}")
    found = (
        (_DEADLINE, profile.get("deadline"), _due),
        (_METRIC, profile.get("metric"), _metric),
        (_PENALTY, profile.get("penalty"), _penalty),
    )
    return "".join(_table(heads, map(row, entries)) for heads, entries, row in found if entries)


def _due(entry: Table) -> list[str]:
    due = f"{entry['due_s']} s" if "due_s" in entry else "end of the day"
    due += f", topic `{entry['topic']}`" if "topic" in entry else ""
    due += ", soft" if entry.get("severity") == "soft" else ""
    opens = _OPENS[entry.get("opens", "turn")]
    return [_id(entry), due, opens, _asked(entry), _counts(entry), *_origin(entry)]


def _metric(entry: Table) -> list[str]:
    value = entry.get("value", "share")
    of = _said(entry["unit"]) + " handed to a human" * (entry.get("since") == "transfer")
    if value == "share" and "within_s" in entry:
        of += {"all": ", every question", "mean": ", mean wait"}.get(entry.get("answered", ""), "")
    within = {"mean_s": "mean wait", "count": "how many"}.get(value, "")
    within = within or (f"{entry['within_s']} s" if "within_s" in entry else "")
    limits = [
        f"{key} {entry[key]['op']} {entry[key]['at']:g}{' (disputed)' * ('disputed' in entry[key])}"
        for key in ("target", "gate")
        if key in entry
    ]
    if "min_sample" in entry:
        limits.append(_sample(entry))
    name = entry["name"] + (", soft" if entry.get("severity") == "soft" else "")
    answered = "within_s" in entry or value == "mean_s"
    period = _said(entry.get("period", "day"))
    return [
        *(_id(entry), name, of, within, _asked(entry), _counts(entry) if answered else ""),
        *(period, "; ".join(limits), *_origin(entry)),
    ]


def _sample(entry: Table) -> str:
    least = entry["min_sample"]
    return f"from {least} on" if entry.get("min_inclusive", True) else f"above {least}"


def _penalty(entry: Table) -> list[str]:
    causes = [
        f"`{name}`"
        for key in ("metrics", "deadlines", "findings")
        for name in entry.get(f"on_{key}", ())
    ]
    takes = [f"{entry['points']:g} points"] if "points" in entry else []
    if "fine" in entry:
        low, high = entry["fine"]
        takes.append(f"{low:g} yuan" if low == high else f"{low:g} to {high:g} yuan")
    takes += [entry["says"]] if "says" in entry else []
    takes += [f"from {tier['count']} on: {tier['says']}" for tier in entry.get("tiers", ())]
    takes += [f"from {entry['cap']:g} points on: {entry['cap_says']}"] if "cap" in entry else []
    takes += [f"at most {entry['at_most']:g}"] if "at_most" in entry else []
    period = _said(entry.get("period", "rolling_30"))
    period += ", once" if entry.get("once_per_period") else ""
    known = ", ".join(causes) or "not counted"
    if "gate" in entry:
        known += f" {entry['gate']['op']} {entry['gate']['at']:g}, {_sample(entry)}"
    return [_id(entry), entry["name"], known, "; ".join(takes), period, *_origin(entry)]


def _id(entry: Table) -> str:
    status = entry.get("status", "active")
    return f"`{entry['id']}`" + (f" ({status.replace('_', ' ')})" if status != "active" else "")


def _said(word: str) -> str:
    return _WORDS.get(word, word)


def _asked(entry: Table) -> str:
    times = ", ".join(window.replace("-", "–") for window in entry.get("windows", ()))
    by = ", by the session's start" if entry.get("anchor") == "session" else ""
    return f"{times}{by}" if times else "any time"


def _counts(entry: Table) -> str:
    """Who counts, in words; the platform's automatic text never does."""
    counts = {**_ORIGINS, **entry.get("counts", {})}
    assert counts["platform"] == "no"
    said = [f"{origin} {counts[origin]}" for origin in ("bot", "hold")]
    return "human only" if said == ["bot no", "hold no"] else "human; " + ", ".join(said)


def _origin(entry: Table) -> list[str]:
    since = f", from {entry['effective_from']}" if "effective_from" in entry else ""
    edition = ", ".join(entry.get("editions", ["both"])) + since
    source = f"{_source_of(entry['id'])}, {entry['reliability']}"
    return [edition, source]


def _source_of(name: str) -> str:
    found = {entry["id"]: entry["document"] for entry in _catalogue()["entry"]}
    return str(found.get(name) or found[name.rpartition(".")[0]])


def _index() -> str:
    return _table("id, class, where, source", _indexed())


def _indexed() -> Iterator[list[str]]:
    for entry in _catalogue()["entry"]:
        where = ", ".join(f"`{one}`" for one in entry.get("where", ()))
        left = f"{entry['left']}: " if "left" in entry else ""
        why = entry.get("why", "")
        told = f"{where}; {why}" if where and why else where or f"{left}{why}"
        yield [entry["id"], entry["class"], told, entry["document"]]


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text("utf-8")), "utf-8")
