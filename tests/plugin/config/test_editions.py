from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from replygate.config import check_file, load_store
from replygate.config.store import Store
from replygate.timing.legs import ALL_EXCUSES

METRIC = '[[metric]]\nid = "{}"\nname = "n"\nunit = "session"\nwithin_s = 5\nsource = "t"\n'
PENALTY = '[[penalty]]\nid = "x"\nname = "n"\nsource = "t"\non_metrics = ["{}"]\n'


def put(more: str, edition: str = "") -> None:
    path = Path("p.toml")
    text = path.read_text("utf-8").replace("[editions.current]\n", f"[editions.current]\n{edition}")
    path.write_text(text + more, "utf-8")


def store(edition: str) -> Store:
    text = f'id = "s"\nplatform = "p.toml"\nedition = "{edition}"\n'
    Path("s.toml").write_text(text, "utf-8")
    return load_store("s.toml", today=dt.date(2026, 11, 22))


def test_each_edition_has_what_it_names_and_what_names_none() -> None:
    only = 'editions = ["current"]\n'
    put(METRIC.format("a") + METRIC.format("b") + only + PENALTY.format("b") + only)
    old, new = store("sources-2023"), store("current")
    assert [rule.id for rule in old.metrics] == ["a"]
    assert [rule.id for rule in new.metrics] == ["a", "b"]
    assert (old.penalties, [rule.id for rule in new.penalties]) == ((), ["x"])
    assert (old.deadlines, [rule.id for rule in new.deadlines]) == ((), ["P-D-1"])


def test_one_id_may_mean_something_else_in_the_next_edition() -> None:
    put(
        METRIC.format("a")
        + 'editions = ["current"]\n'
        + METRIC.format("a")
        + 'editions = ["sources-2023"]\n'
    )
    assert [rule.id for rule in store("current").metrics] == ["a"]


def test_an_edition_says_what_needs_no_reply_and_when_a_session_is_over() -> None:
    put("", 'excuses = ["recall"]\nsession_gap_s = 900\n')
    old, new = store("sources-2023"), store("current")
    assert (old.excuses, new.excuses) == (ALL_EXCUSES, frozenset({"recall"}))
    assert (old.session_gap_s, new.session_gap_s) == (600, 900)


@pytest.mark.parametrize(
    ("more", "edition", "line"),
    [
        (
            METRIC.format("a") * 2,
            "",
            'metric[1].id: the metric "a" is defined twice; first at p.toml:30',
        ),
        (
            METRIC.format("a") + 'editions = ["current"]\n' + PENALTY.format("a"),
            "",
            'penalty[0].id: the penalty "x" is for the metric "a", which is not there',
        ),
        (
            "",
            'excuses = ["recal"]\n',
            (
                "editions.current.excuses[0]: expected one of recall, platform_spam, ad_reported, "
                'platform_no_reply_needed; got the string "recal"; did you mean recall?'
            ),
        ),
    ],
)
def test_a_bad_profile_gets_one_clear_line(more: str, edition: str, line: str) -> None:
    put(more, edition)
    problems = check_file("p.toml", today=dt.date(2024, 1, 1)).problems
    (said,) = {str(problem) for problem in problems if problem.level == "error"}
    assert said.split(": ", 1)[1] == line
