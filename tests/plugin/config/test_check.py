import datetime as dt
from pathlib import Path

import pytest

from replygate.config import check_file
from replygate.config.kinds import FileKind
from replygate.config.library import packaged

TODAY = dt.date(2026, 11, 22)
RULE = '[[rule]]\nwhy = "w"\nsource = "s"\n'
EDITIONS = """\
[editions.sources-2023]
as_of = 2023-11-27
[editions.current]
as_of = 2026-06-01
sources ="""


def problems(name: str) -> list[str]:
    return [str(problem) for problem in check_file(name, today=TODAY).problems]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("s.toml", "store"), ("group.toml", "group"), ("p.toml", "platform"), ("l.toml", "lexicon")],
)
def test_a_good_file_of_any_kind(name: str, kind: FileKind) -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    result = check_file(name, today=TODAY)
    assert (result.kind, result.ok) == (kind, True)
    assert (result.store is not None) == (kind == "store")
    assert all(problem.level == "warning" for problem in result.problems)


@pytest.mark.parametrize("kind", ["store", "platform", "lexicon"])
def test_what_is_packaged_is_good(kind: str) -> None:
    for path in packaged(kind).values():
        result = check_file(path, today=TODAY)
        assert result.ok, result.problems
        assert all("older than twelve months" in problem.what for problem in result.problems)


def test_what_the_rules_make_of_texts_is_said_with_all_else() -> None:
    Path("s.toml").write_text(
        'id = "s"\ntoken = { env = "REPLYGATE_TEST_UNSET" }\n'
        '[holding]\ntexts = ["{", "加微信"]\n[hours]\nopen = ["9"]\n'
        '[[screening.rule]]\nid = "r"\naction = "block"\nwords = ["微信"]\n',
        "utf-8",
    )
    keys = [problem.key for problem in check_file("s.toml", today=TODAY).problems]
    assert keys == ["token", "holding.texts[0]", "holding.texts[1]", "hours.open[0]"]


def test_a_rule_that_is_off_catches_no_replacement() -> None:
    rules = (
        f'{RULE}id = "on"\naction = "rewrite"\nwords = ["加V"]\nreplace = "微信"\n'
        f'{RULE}id = "off"\naction = "block"\nwords = ["微信"]\nenabled = '
    )
    head = 'id = "x"\ntitle = "X"\nas_of = 2026-01-01\n'
    Path("x.toml").write_text(f"{head}{rules}false\n", "utf-8")
    assert problems("x.toml") == []
    Path("x.toml").write_text(f"{head}{rules}true\n", "utf-8")
    assert len(problems("x.toml")) == 1


def test_a_packaged_store_is_checked_by_its_id() -> None:
    assert check_file("demo-pdd", today=TODAY).store is not None


def test_an_old_edition_of_a_profile_is_told_where_it_stands() -> None:
    (line,) = problems("p.toml")
    assert line.startswith("p.toml:5: warning: editions.sources-2023: the edition")
    assert line.endswith("is as of 2023-11-27: older than twelve months")


@pytest.mark.parametrize(
    ("name", "add", "line"),
    [
        (
            "group.toml",
            '[[screening.rule]]\nid = "x"\naction = "blok"\nwords = ["x"]',
            "17: screening.rule[1].action: expected one of block, rewrite, warn",
        ),
        ("group.toml", "[[webhook]]", "15: webhook[0].kind: is missing"),
        (
            "group.toml",
            "[privacy]\nlog_text = 1",
            "16: privacy.log_text: expected one of none, hash, findings, full; got the number 1",
        ),
        (
            "l.toml",
            '[[rule]]\nid = "l.fool"\nwords = ["x"]\naction = "block"\nwhy = "w"\nsource = "s"',
            '11: rule[1].id: the rule "l.fool" is defined twice; first at l.toml:5',
        ),
        (
            "l.toml",
            f'{RULE}id = "a"\nrewrites = {{ x = "笨蛋" }}\naction = "rewrite"',
            '13: rule[1].id: its replacement "笨蛋" is caught by the rule "l.fool" at "笨蛋"',
        ),
        ("l.toml", "enabled = 1", "10: rule[0].enabled: expected true or false, got the number 1"),
        ("l.toml", "override = []", "10: rule[0].override: unknown key"),
    ],
)
def test_a_bad_group_or_lexicon(name: str, add: str, line: str) -> None:
    Path(name).write_text(Path(name).read_text("utf-8") + add, "utf-8")
    result = check_file(name, today=TODAY)
    assert not result.ok
    assert any(str(problem).startswith(f"{name}:{line}") for problem in result.problems)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "Platform"\n', "", "p.toml: name: is missing"),
        (
            "2026-06-01",
            '"2026-06-01"',
            "p.toml:8: editions.current.as_of: expected a date (2026-11-20), got the string",
        ),
        (
            "p.example",
            "http://p.example",
            "p.toml:3: own_domains[0]: expected a domain such as example.com, got the string",
        ),
        ('["平台"]', '[""]', "p.toml:4: own_names[0]: expected some text, got an empty string"),
        (
            "[[deadline]]",
            "[[deadlines]]",
            "p.toml:23: deadlines: unknown key; did you mean deadline?",
        ),
        ("due_s = 30\n", "", "p.toml:23: deadline[0]: expected either due_s or same_day = true"),
        (
            '["微信"]',
            '"微信"',
            "p.toml:12: rule[0].words: expected a list of strings, got the string",
        ),
        (
            'own_names = ["平台"]',
            'lexicons = ["qqq"]',
            'p.toml:4: lexicons[0]: there is no lexicon "qqq"; there are absolute-claims',
        ),
        (EDITIONS, "editions = {}\nown =", "p.toml:5: editions: expected at least one entry"),
    ],
)
def test_a_bad_profile(old: str, new: str, line: str) -> None:
    text = Path("p.toml").read_text("utf-8")
    assert old in text
    Path("p.toml").write_text(text.replace(old, new), "utf-8")
    result = check_file("p.toml", today=TODAY)
    assert not result.ok
    assert any(said.startswith(line) for said in map(str, result.problems))


def test_a_rule_of_a_profile_must_not_clash_with_its_lexicon() -> None:
    text = Path("p.toml").read_text("utf-8").replace("p.gift", "l.fool")
    text = text.replace('own_names = ["平台"]', 'lexicons = ["l.toml"]')
    Path("p.toml").write_text(text, "utf-8")
    clash = 'l.toml:5: rule[0].id: the rule "l.fool" is defined twice; first at p.toml:17'
    assert clash in problems("p.toml")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("none.toml", "none.toml: there is no file none.toml"),
        (
            "demo-pd",
            'demo-pd: there is no file and no packaged store "demo-pd"; did you mean demo-pdd?',
        ),
        (".", ".: expected a file, this is a folder"),
    ],
)
def test_what_is_not_there(name: str, line: str) -> None:
    result = check_file(name)
    assert (result.kind, result.ok, result.store) == (None, False, None)
    assert [str(problem) for problem in result.problems] == [line]


def test_flags_are_judged_with_the_store() -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    result = check_file("s.toml", enable=["l.toml"], settings=["holding.texts=['笨蛋']"])
    assert [problem.file for problem in result.problems] == ["--set"]
