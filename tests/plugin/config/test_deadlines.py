import datetime as dt
from pathlib import Path

import pytest

from replygate.config import load_store
from replygate.config.deadlines import build_deadline, check_topics
from replygate.config.places import Place, Report, Source
from replygate.config.read import parse_toml
from replygate.config.schema_metrics import DeadlineEntry, ProfileDeadlineEntry
from replygate.errors import ConfigError
from replygate.timing.calendar import Interval, Window
from replygate.timing.deadline import Counts, DeadlineRule

FULL = """
[[deadline]]
id = "P-D-1"
name = "five minutes"
opens = "message"
due_s = 300
inclusive = false
topic = "urge_ship"
windows = ["08:00-23:00"]
window_mode = "elapse"
anchor = "session"
dates = { 2026-11-11 = [] }
counts = { bot = "no", hold = "no" }
effective_from = 2026-01-01
effective_to = 2027-01-01
severity = "soft"
source = "the terms"
editions = ["current"]
"""


def build(text: str, model: type[DeadlineEntry | ProfileDeadlineEntry]) -> DeadlineRule:
    report = Report()
    document = parse_toml(text, Source("deep/s.toml", Path()), report)
    assert document
    entry = model.model_validate(document.data["deadline"][0])
    built = build_deadline(entry, ("deadline", 0), document, report)
    assert not report.problems
    return built


def test_a_deadline_with_everything() -> None:
    assert build(FULL, ProfileDeadlineEntry) == DeadlineRule(
        id="P-D-1",
        name="five minutes",
        opens="message",
        due_s=300,
        source="the terms",
        window=Window(
            intervals=(Interval(28_800, 82_800),),
            mode="elapse",
            anchor="session",
            overrides=((dt.date(2026, 11, 11), ()),),
        ),
        inclusive=False,
        severity="soft",
        topic="urge_ship",
        counts=Counts(human="yes", bot="no", hold="no", platform="no"),
        effective_from=dt.date(2026, 1, 1),
        effective_to=dt.date(2027, 1, 1),
    )


def test_a_platform_s_deadline_is_hard_unless_it_says_otherwise() -> None:
    text = '[[deadline]]\nid = "d"\nname = "n"\ndue_s = 1\nsource = "s"'
    assert build(text, ProfileDeadlineEntry).severity == "hard"


def test_a_store_s_deadline_is_soft_and_its_source_the_file() -> None:
    built = build('[[deadline]]\nid = "d"\nname = "n"\nsame_day = true', DeadlineEntry)
    counts = Counts(human="yes", bot="yes", hold="no", platform="no")
    assert built == DeadlineRule(
        "d", "n", "turn", None, "s.toml", severity="soft", counts=counts, reliability="own"
    )


def test_of_a_platform_s_deadline_nobody_knows_whether_a_bot_counts() -> None:
    text = '[[deadline]]\nid = "d"\nname = "n"\ndue_s = 1\nsource = "s"'
    assert build(text, ProfileDeadlineEntry).counts == Counts("yes", "unknown", "unknown", "no")


def test_a_deadline_s_topic_is_defined() -> None:
    place = Place(Source("s.toml", Path()), 3, "deadline[0].id")
    rule = build(FULL, ProfileDeadlineEntry)
    report = Report()
    check_topics("deadline", [(rule, place)], ["urge_ship", "thanks"], report)
    assert not report.problems
    check_topics("deadline", [(rule, place)], ["urge_ships"], report)
    (problem,) = report.problems
    assert str(problem) == (
        's.toml:3: deadline[0].id: the deadline "P-D-1" is for the topic "urge_ship", '
        "which is not defined; did you mean urge_ships?"
    )


def test_a_store_s_deadline_for_an_unknown_topic_is_refused() -> None:
    own = '[[deadline]]\nid = "x"\nname = "x"\ndue_s = 60\ntopic = "urge_shp"\n'
    Path("s.toml").write_text(f'id = "s"\nplatform = "pdd"\nedition = "current"\n{own}', "utf-8")
    with pytest.raises(ConfigError, match=r"s\.toml:5: .*did you mean urge_ship\?"):
        load_store("s.toml")
    right = own.replace("urge_shp", "urge_ship")
    Path("s.toml").write_text(f'id = "s"\nplatform = "pdd"\nedition = "current"\n{right}', "utf-8")
    assert load_store("s.toml").deadlines[-1].topic == "urge_ship"
