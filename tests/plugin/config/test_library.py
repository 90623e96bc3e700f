import datetime as dt
from pathlib import Path

import pytest

from replygate.config.library import Library, locate, packaged, packaged_label
from replygate.config.places import Place, Report, Source
from replygate.screening.rule import Rule

AT = Place(Source("s.toml", Path()), 2, "platform")


def said(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_a_profile_has_editions_of_its_own() -> None:
    report = Report()
    profile = Library().profile("p.toml", AT, report)
    assert profile
    assert not report.problems
    assert (profile.id, profile.own_domains, profile.own_names) == ("p", ("p.example",), ("平台",))
    old, current = profile.editions["sources-2023"], profile.editions["current"]
    assert [built.rule.id for built in old.rules] == ["p.wechat", "p.gift"]
    assert old.deadlines == ()
    assert [rule.id for rule, _ in current.deadlines] == ["P-D-1"]
    assert (current.as_of, current.sources) == (dt.date(2026, 6, 1), ("the platform's terms",))


def test_a_lexicon() -> None:
    report = Report()
    lexicon = Library().lexicon("l.toml", AT, report)
    assert lexicon
    assert not report.problems
    assert (lexicon.id, lexicon.title, lexicon.file) == ("l", "Insults", "l.toml")
    assert isinstance(lexicon.rules[0].rule, Rule)


def test_a_file_is_read_once_and_its_problems_are_told_to_every_user() -> None:
    Path("bad.toml").write_text('id = "bad"\ntitle = "t"\nas_of = 2026-01-01\nx = 1\n', "utf-8")
    library = Library()
    reports = [Report(), Report()]
    first = library.lexicon("bad.toml", AT, reports[0])
    Path("bad.toml").unlink()
    Path("bad.toml").write_text('id = "other"\ntitle = "t"\nas_of = 2026-01-01\n', "utf-8")
    assert library.lexicon("bad.toml", AT, reports[1]) is first
    assert (
        said(reports[0])
        == said(reports[1])
        == ["bad.toml:4: x: unknown key; known are id, title, as_of, rule, topic"]
    )


def test_a_profile_names_lexicons_from_where_it_lies() -> None:
    Path("deep").mkdir()
    text = (
        Path("p.toml")
        .read_text("utf-8")
        .replace("[editions.s", 'lexicons = ["../l.toml"]\n[editions.s', 1)
    )
    Path("deep/p.toml").write_text(text, "utf-8")
    report = Report()
    profile = Library().profile("deep/p.toml", AT, report)
    assert profile
    assert not report.problems
    assert [lexicon.file for lexicon in profile.lexicons] == ["l.toml"]


RULE = '[[rule]]\nwords = ["x"]\naction = "block"\n'
WHY = 'why = "w"\nsource = "s"\n'
DEADLINE = '[[deadline]]\nname = "n"\ndue_s = 1\nsource = "s"\n'
NO_EDITION = "editions[0]: there is no edition"


@pytest.mark.parametrize(
    ("add", "lines"),
    [
        (
            f'{RULE}{WHY}id = "p.wechat"',
            ['34: rule[2].id: the rule "p.wechat" is defined twice; first at p.toml:11'],
        ),
        (
            f'{DEADLINE}id = "P-D-1"',
            ['33: deadline[1].id: the deadline "P-D-1" is defined twice; first at p.toml:24'],
        ),
        (f'{DEADLINE}id = "P-D-1"\neditions = ["sources-2023"]', []),
        (
            f'{DEADLINE}id = "d"\neditions = ["curent"]',
            [f'34: deadline[1].{NO_EDITION} "curent"; did you mean current?'],
        ),
        (
            f'{RULE}{WHY}id = "x"\neditions = ["zzz"]',
            [f'35: rule[2].{NO_EDITION} "zzz"; there are sources-2023, current'],
        ),
        (f'{RULE}id = "x"', ["29: rule[2].why: is missing", "29: rule[2].source: is missing"]),
    ],
)
def test_a_bad_profile(add: str, lines: list[str]) -> None:
    text = Path("p.toml").read_text("utf-8")
    Path("p.toml").write_text(text + add, "utf-8")
    report = Report()
    Library().profile("p.toml", AT, report)
    assert said(report) == [f"p.toml:{line}" for line in lines]


@pytest.mark.parametrize(
    ("kind", "name", "line"),
    [
        ("platform", "pddd", 'there is no platform "pddd"; did you mean pdd?'),
        ("platform", "../p", 'there is no platform "../p"; there are '),
        ("lexicon", "x/none.toml", "there is no file x/none.toml"),
    ],
)
def test_what_can_not_be_found(kind: str, name: str, line: str) -> None:
    report = Report()
    assert locate(kind, name, AT, report) is None
    assert len(report.problems) == 1
    assert said(report)[0].startswith(f"s.toml:2: platform: {line}")


def test_packaged_files_have_a_name_that_is_the_same_everywhere() -> None:
    found = locate("platform", "pdd", AT, Report())
    assert found
    assert found[1] == packaged_label(packaged("platform")["pdd"])
    assert found[1] == "replygate_config/platforms/pdd.toml"
