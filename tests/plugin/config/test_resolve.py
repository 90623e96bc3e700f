import datetime as dt
from pathlib import Path

import pytest

from replygate.config import check_file, load_store
from replygate.config.limits import EXTENDS_DEPTH, RULES
from replygate.errors import ConfigError
from replygate.model import Draft

TODAY = dt.date(2026, 11, 22)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, "utf-8")


def problems(name: str = "s.toml", **flags: list[str]) -> list[str]:
    result = check_file(name, today=TODAY, **flags)
    return [str(problem) for problem in result.problems]


def test_a_store_takes_what_its_group_says() -> None:
    write("s.toml", 'id = "s"\nextends = "group.toml"\n[holding]\ntexts = ["本店收到"]\n')
    store = load_store("s.toml", today=TODAY)
    assert store.platform == "p"
    assert store.token
    assert store.token.reveal() == "group-s3cret"
    assert store.holding.texts == ("本店收到",)
    assert store.holding.max_per_turn == 2
    assert store.hours.intervals[0].start_s == 8 * 3_600
    assert store.gate.screen(Draft("c", "保证")).findings[0].rule == "group.promise"
    assert store.gate.screen(Draft("c", "微信小程序")).action == "pass"


def test_a_store_s_rules_follow_those_of_its_group() -> None:
    rule = '[[screening.rule]]\nid = "mine"\naction = "block"\nwords = ["保证"]\n'
    write("s.toml", f'id = "s"\nextends = "group.toml"\n{rule}override = ["group.promise"]\n')
    found = load_store("s.toml", today=TODAY).gate.screen(Draft("c", "保证")).findings
    assert [finding.rule for finding in found] == ["mine"]


def test_files_start_from_the_file_that_names_them() -> None:
    write("groups/w.txt", "甲乙\n")
    write("groups/l.toml", Path("l.toml").read_text("utf-8"))
    write(
        "groups/g.toml",
        'extends = "../group.toml"\n[screening]\nlexicons = ["l.toml"]\n'
        '[[screening.rule]]\nid = "g"\naction = "block"\nwords_file = "w.txt"\n',
    )
    write("stores/s.toml", 'id = "s"\nextends = "../groups/g.toml"\n')
    found = load_store("stores/s.toml", today=TODAY).gate.screen(Draft("c", "甲乙笨蛋保证"))
    assert {finding.rule for finding in found.findings} == {"g", "l.fool", "group.promise"}


def test_a_problem_of_a_group_names_the_group_s_file() -> None:
    write(
        "group.toml", 'mode = "x"\n[[screening.rule]]\nid = "g"\naction = "block"\nwords = [""]\n'
    )
    rule = '[[screening.rule]]\nid = "mine"\naction = "block"\nwords = ["x", " "]\n'
    write("s.toml", f'id = "s"\nextends = "group.toml"\n{rule}')
    assert [line.partition(": ")[0] for line in problems()] == [
        "group.toml:1",
        "group.toml:5",
        "s.toml:6",
    ]


def test_groups_may_stand_on_groups_but_not_without_end() -> None:
    for depth in range(EXTENDS_DEPTH + 1):
        above = f'extends = "g{depth + 1}.toml"\n' if depth < EXTENDS_DEPTH else ""
        write(f"g{depth}.toml", above + 'mode = "observe"\n')
    write("s.toml", 'id = "s"\nextends = "g1.toml"\n')
    assert load_store("s.toml").mode == "observe"
    write("s.toml", 'id = "s"\nextends = "g0.toml"\n')
    assert problems() == ["g4.toml:1: extends: more than 5 groups above one store"]


def test_a_circle_is_found_however_it_is_written() -> None:
    write("a.toml", 'extends = "x/../b.toml"\n')
    write("b.toml", 'extends = "./a.toml"\n')
    Path("x").mkdir()
    write("s.toml", 'id = "s"\nextends = "a.toml"\n')
    assert problems() == ["b.toml:1: extends: a.toml extends itself in a circle"]
    write("s.toml", 'id = "s"\nextends = "s.toml"\n')
    assert problems() == ["s.toml:2: extends: s.toml extends itself in a circle"]


def test_a_group_that_can_not_be_read() -> None:
    write("g.toml", "[")
    write("s.toml", 'id = "s"\nextends = "g.toml"\n[screening]\ndisable = ["of.the.group"]\n')
    assert [line.partition(": ")[0] for line in problems()] == ["g.toml:1"]
    write("s.toml", 'id = "s"\nextends = "."\n')
    assert problems() == ["s.toml:2: extends: expected a file, . is a folder"]


def test_settings_win_over_files() -> None:
    write("s.toml", 'id = "s"\nextends = "group.toml"\nname = "shop"\n')
    settings = ["name=other", "holding.max_per_turn=3", "edition=sources-2023", "holding.lead_s=5"]
    store = load_store("s.toml", settings=settings, today=TODAY)
    assert (store.name, store.edition) == ("other", "sources-2023")
    assert (store.holding.max_per_turn, store.holding.lead_s) == (3, 5)
    assert store.holding.texts == ("集团收到",)


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        (
            "mode=yes",
            'mode: expected one of enforce, observe; got the string "yes"',
        ),
        (
            "holding.max_per_turn=two",
            'holding.max_per_turn: expected a whole number, got the string "two"',
        ),
        (
            "holding.texts=x",
            'holding.texts: expected a list of strings, got the string "x"; write texts = ["x"]',
        ),
        ("holdin.texts=x", "holdin: unknown key; did you mean holding?"),
        (
            'holding.texts=["微信"]',
            'holding.texts[0]: the rule "p.wechat" blocks this text at "微信": "微信"',
        ),
        (
            "edition=none",
            'edition: the platform "p" has no edition "none"; there are sources-2023, current',
        ),
        (
            'hours.open=["9"]',
            'hours.open[0]: expected a time of day such as "09:00-23:00", got "9"',
        ),
        ("mode", 'expected key=value, got "mode"'),
    ],
)
def test_a_bad_setting_is_told_as_such(setting: str, line: str) -> None:
    write("s.toml", 'id = "s"\nextends = "group.toml"\n')
    assert problems(settings=[setting]) == [f"--set: {line}"]


def test_what_is_too_much_in_all() -> None:
    rules = [
        f'[[screening.rule]]\nid = "%s{number}"\naction = "warn"\nwords = ["w{number}"]\n'
        for number in range(RULES // 2 + 1)
    ]
    write("g.toml", "".join(rules).replace("%s", "g"))
    write("s.toml", 'id = "s"\nextends = "g.toml"\n' + "".join(rules).replace("%s", "s"))
    assert problems() == [
        f"g.toml:1: screening.rule: holds {2 * len(rules)} entries; at most {RULES} are allowed"
    ]


def test_what_is_just_not_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replygate.config.limits.RULES", 3)
    monkeypatch.setattr("replygate.config.limits.STORE_WORDS", 3)
    monkeypatch.setattr("replygate.config.limits.DEADLINES", 1)
    write("s.toml", 'id = "s"\nextends = "group.toml"\n')
    assert problems() == []


def test_every_limit_counts_what_is_shared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replygate.config.limits.RULES", 2)
    monkeypatch.setattr("replygate.config.limits.STORE_WORDS", 2)
    monkeypatch.setattr("replygate.config.limits.DEADLINES", 0)
    write("s.toml", 'id = "s"\nextends = "group.toml"\n')
    assert problems() == [
        "s.toml: has 3 rules in all; at most 2 are allowed",
        "s.toml: has 3 words in all; at most 2 are allowed",
        "s.toml: has 1 deadlines in all; at most 0 are allowed",
    ]


def test_a_group_has_no_id() -> None:
    write("g.toml", 'id = "g"\n')
    write("s.toml", 'id = "s"\nextends = "g.toml"\n')
    with pytest.raises(
        ConfigError, match=r"^g\.toml:1: id: a group has no id, only a store has one"
    ):
        load_store("s.toml")
