"""What is refused, and the one clear line that says so: the table is in `bad_stores.txt`."""

import datetime as dt
from pathlib import Path

import pytest

from replygate.config import check_file

TODAY = dt.date(2026, 11, 22)
FILES = {
    "empty-words.txt": "# nothing\n",
    "words.txt": "微信 # the app\n\n\u200b\n微信\n",
    "other.toml": 'id = "other"\n',
    "circle.toml": 'extends = "circle.toml"\n',
    "bad-group.toml": '[hours]\nopenn = []\n[screening]\nallow = [""]\n',
}


def cases() -> list[tuple[str, str, list[str]]]:
    table = Path(__file__).with_name("bad_stores.txt").read_text("utf-8")
    found = []
    for case in table.split("\n--- ")[1:]:
        name, *rest = case.strip().split("\n")
        text = [line for line in rest if not line.startswith("> ")]
        said = [line.removeprefix("> ") for line in rest if line.startswith("> ")]
        found.append((name, "\n".join(text), said))
    return found


CASES = cases()


@pytest.fixture(autouse=True)
def files(shop: Path) -> None:
    for name, text in FILES.items():
        (shop / name).write_text(text, "utf-8")
    (shop / "loop.toml").symlink_to("loop.toml")


def check(text: str) -> tuple[list[str], bool]:
    """What is said of a store, and whether it can be used."""
    Path("s.toml").write_text(f'id = "s"\n{text}\n', "utf-8")
    result = check_file("s.toml", today=TODAY)
    return [str(problem) for problem in result.problems], result.store is not None


@pytest.mark.parametrize(("text", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_bad_store_gets_one_clear_line(text: str, said: list[str]) -> None:
    lines, usable = check(text)
    assert lines == said
    assert usable == all(": warning: " in line for line in said)


RULE = '[[screening.rule]]\nid = "a"\naction = "rewrite"\n'
ADAPTER = '[adapter]\nkind = "http"\nurl = "https://a.example/"\n'
WORD = "screening.rule[0].words[0]"
PATTERN = "screening.rule[0].patterns[0]"
REPLACE = "screening.rule[0].replace[0]"
HOOK = '{ kind = "wecom", url = "https://hook.example" }'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{RULE}replace = ""\nwords = ["{"长" * 101}"]', f"6: {WORD}: has 101 characters"),
        (f'{RULE}replace = ""\npatterns = ["{"a" * 1001}"]', f"6: {PATTERN}: has 1001 characters"),
        (f'{RULE}words = ["x"]\nreplace = "{"长" * 501}"', f"6: {REPLACE}: has 501 characters"),
        (f'[holding]\ntexts = ["{"长" * 501}"]', "3: holding.texts[0]: has 501 characters"),
        (f"[hours]\nopen = {['0:00-0:01'] * 25}", "3: hours.open: holds 25 entries"),
        (f"webhook = [{', '.join([HOOK] * 21)}]", "2: webhook: holds 21 entries"),
        ('name = "a\x00b"', "2: is not valid TOML: illegal character '\\x00' (column 10)"),
        ("a = " + "[" * 2_000 + "]" * 2_000, " is nested too deeply"),
        (f"name = 0x{'F' * 5_000}", "2: name: expected a string, got the number 0xfff"),
        (
            f"[screening]\nmax_chars = 0x{'F' * 5_000}",
            "3: screening.max_chars: expected a number of at most 1000000, got 0xfff",
        ),
        (
            f'{ADAPTER}body = {{ a = "{{text}}", b = 0x{"F" * 1_025} }}',
            "5: adapter.body.b: expected a value that JSON has, got the number 0xfff",
        ),
        (".".join("a" * 101) + " = 1", " is nested too deeply"),
        ('extends = "a\\u0000b"', "2: extends: there is no file a\0b"),
        (f'extends = "{"超" * 150}"', f"2: extends: {'超' * 150} can not be read: "),
        (f'platform = "{"超" * 150}.toml"', f"2: platform: {'超' * 150}.toml can not be read: "),
        (f"name = {'9' * 5_000}", " is not valid TOML: exceeds the limit (4300 digits)"),
    ],
)
def test_what_is_too_much(text: str, said: str) -> None:
    lines, usable = check(text)
    assert not usable
    assert len(lines) == 1
    assert lines[0].startswith(f"s.toml:{said}")


def test_every_problem_is_said_at_once_in_reading_order() -> None:
    lines, _ = check(
        "platform = 3\n"
        'edition = "current"\n'
        '[[screening.rule]]\nid = "a"\naction = "blok"\nwords = ["x"]\n'
        '[[screening.rule]]\nid = "b"\naction = "block"\nwords = [""]\n'
        "[holding]\ntexts = 'x'\noff_duty_texts = ['{x}']\n"
        '[hours]\nopen = ["9"]\n'
        '[[webhook]]\nkind = "wecom"\nurl = "x"\nsecret = "y"\n'
        '[[webhook]]\nkind = "wecom"\nurl = "x"\n'
    )
    assert [line.partition(": ")[2].partition(":")[0] for line in lines] == [
        "platform",
        "screening.rule[0].action",
        "screening.rule[1].words[0]",
        "holding.texts",
        "holding.off_duty_texts[0]",
        "hours.open[0]",
        "webhook[0].secret",
        "webhook[1].url",
    ]


def test_no_secret_is_ever_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    for text in (
        'token = "s3cret"',
        'token = ["s3cret"]',
        'token = { s = "s3cret" }',
        'token = { env = "s3cret!" }',
        'token = { env = ["s3cret"] }',
        'token = { env = "TOKEN", file = "x" }',
        '[[webhook]]\nkind = "wecom"\nurl = { env = "TOKEN" }\nsecret = "s3cret"',
        '[[webhook]]\nkind = "wecom"\nurl = "s3cret"',
        '[[webhook]]\nkind = "wecom"\nurl = ["s3cret"]',
        'webhook = "https://hook.example/s3cret"',
        'webhook = ["https://hook.example/s3cret"]',
        'adapter = "https://a.example/s3cret"',
        '[adapter]\nkind = "http"\nurl = "https://a.example"\nheaders = "Token: s3cret"',
    ):
        lines, usable = check(text)
        assert lines
        assert not usable
        assert not any("s3cret" in line for line in lines)


def test_the_names_of_cases_are_unique() -> None:
    assert len(CASES) >= 100
    assert len({name for name, *_ in CASES}) == len(CASES)
