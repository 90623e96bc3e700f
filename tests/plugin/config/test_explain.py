import datetime as dt
from pathlib import Path

import pytest

from replygate.config import explain
from replygate.errors import ConfigError

TODAY = dt.date(2026, 11, 22)

STORE = """\
id = "s"
extends = "group.toml"
[screening]
lexicons = ["l.toml"]
[[screening.rule]]
id = "mine"
action = "warn"
words = ["微信"]
patterns = ["x+"]
override = ["p.wechat"]
[holding]
texts = ["本店收到"]
[[deadline]]
id = "own"
name = "today"
same_day = true
[[webhook]]
kind = "wecom"
url = "https://hook.example/?key=open"
secret = { env = "GROUP_TOKEN" }
[[webhook]]
kind = "generic"
url = { env = "HOOK" }
"""


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    monkeypatch.setenv("HOOK", "https://hook.example")
    Path("s.toml").write_text(STORE, "utf-8")
    rows = explain("s.toml", settings=["holding.min_gap_s=5"], enable=["p.gift"], today=TODAY)
    assert len({row.key for row in rows}) == len(rows)
    return {row.key: (row.value, row.origin) for row in rows}


@pytest.mark.parametrize(
    ("key", "value", "origin"),
    [
        ("id", '"s"', "s.toml:1"),
        ("platform", '"p.toml"', "group.toml:1"),
        ("edition", '"current"', "group.toml:2"),
        ("mode", '"enforce"', "default"),
        ("name", "none", "default"),
        ("token", "(secret from env GROUP_TOKEN)", "group.toml:3"),
        ("screening.lexicons", '["l.toml"]', "s.toml:4"),
        ("screening.allow", '["微信小程序"]', "group.toml:5"),
        ("holding.texts", '["本店收到"]', "s.toml:12"),
        ("holding.max_per_turn", "2", "group.toml:12"),
        ("holding.min_gap_s", "5", "--set"),
        ("holding.lead_s", "none", "default"),
        ("hours.open", '["08:00-20:00"]', "group.toml:14"),
        ("webhook[0]", "wecom (address hidden) (secret from env GROUP_TOKEN)", "s.toml:17"),
        ("webhook[1]", "generic (secret from env HOOK)", "s.toml:21"),
        ("platform.as_of", "2026-06-01", "profile p, edition current"),
        ("platform.own_domains", '["p.example"]', "profile p, edition current"),
        ("platform.recall_s", "none", "profile p, edition current"),
        ("rule.p.wechat", "block, 1 words, off", "profile p, edition current"),
        ("rule.p.gift", "warn, 1 words", "profile p, edition current"),
        ("rule.l.fool", "block, 1 words", "lexicon l"),
        ("rule.group.promise", "warn, 1 words", "group.toml:7"),
        ("rule.mine", "warn, 1 words, 1 patterns", "s.toml:6"),
        ("deadline.P-D-1", "30 s, hard, opens: turn", "profile p, edition current"),
        ("deadline.own", "same day, soft, opens: turn", "s.toml:14"),
    ],
)
def test_a_value_and_where_it_came_from(
    table: dict[str, tuple[str, str]], key: str, value: str, origin: str
) -> None:
    assert table[key] == (value, origin)


def test_no_secret_is_shown(table: dict[str, tuple[str, str]]) -> None:
    shown = str(table)
    assert "s3cret" not in shown
    assert "key=open" not in shown


def test_the_only_edition_of_a_platform_is_shown() -> None:
    text = Path("p.toml").read_text("utf-8").replace('editions = ["current"]\n', "")
    only = text.replace("[editions.current]\nas_of = 2026-06-01\nsources", "[screening]\nsources")
    only = only.replace('[screening]\nsources = "the platform\'s terms"\n', "")
    Path("p.toml").write_text(only, "utf-8")
    Path("s.toml").write_text('id = "s"\nplatform = "p.toml"\n', "utf-8")
    rows = {row.key: row for row in explain("s.toml", today=TODAY)}
    assert (rows["edition"].value, rows["edition"].origin) == ('"sources-2023"', "default")


def test_metrics_and_penalties_are_told_with_their_limits() -> None:
    profile = (
        Path("p.toml").read_text("utf-8")
        + """
[[metric]]
id = "P-M-1"
name = "rate"
unit = "user_day"
within_s = 300
gate = { op = "<", at = 0.5 }
source = "the platform's terms"
[[penalty]]
id = "P-X-1"
name = "too slow"
on_metrics = ["P-M-1"]
points = 2
fine = [100, 300]
source = "the platform's terms"
"""
    )
    Path("p.toml").write_text(profile, "utf-8")
    own = '[[metric]]\nid = "m"\nname = "own"\nunit = "session"\nwithin_s = 30\n'
    store = 'id = "s"\nplatform = "p.toml"\nedition = "current"\n'
    Path("s.toml").write_text(store + own, "utf-8")
    rows = {row.key: (row.value, row.origin) for row in explain("s.toml", today=TODAY)}
    origin = "profile p, edition current"
    rate = "share, of each user_day, day, hard, within 300 s, gate missed where < 0.5"
    assert rows["metric.P-M-1"] == (rate, origin)
    assert rows["penalty.P-X-1"] == ("too slow, rolling_30, 2 points, fine 100 to 300", origin)
    assert rows["metric.m"] == ("share, of each session, day, soft, within 30 s", "s.toml:5")
    assert rows["platform.session_gap_s"] == ("600", origin)


def test_a_store_of_no_platform() -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    keys = {row.key for row in explain("s.toml")}
    assert "platform" in keys
    assert not any(key.startswith(("platform.", "rule.", "deadline.")) for key in keys)


def test_a_bad_store_is_not_explained() -> None:
    Path("s.toml").write_text('id = "s"\nmode = "x"\n', "utf-8")
    with pytest.raises(ConfigError):
        explain("s.toml")


def test_what_an_adapter_sends_is_shown_without_its_secrets() -> None:
    Path("s.toml").write_text(
        'id = "s"\n[adapter]\nkind = "http"\nurl = "https://a.example/s3cret"\n'
        'headers = { X-Shop-Key = "s3cret", Accept = { env = "GROUP_TOKEN" } }\n'
        'body = { text = "{text}", in = [{ access_token = "s3cret", n = 1 }] }\n',
        "utf-8",
    )
    rows = {row.key: row.value for row in explain("s.toml", today=TODAY)}
    assert not any("s3cret" in value for value in rows.values())
    assert rows["adapter.url"] == "(address hidden)"
    assert rows["adapter.headers"] == (
        '{"X-Shop-Key": "(hidden)", "Accept": "(secret from env GROUP_TOKEN)"}'
    )
    assert rows["adapter.body"] == (
        '{"text": "{text}", "in": [{"access_token": "(hidden)", "n": 1}]}'
    )


def test_shifts_are_told_and_the_hours_that_follow_from_them(tmp_path: Path) -> None:
    text = 'id = "x"\n[[duty]]\nagents = ["xiao-wang"]\nopen = ["08:00-16:00"]\n'
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    told = {effective.key: effective for effective in explain(path)}
    assert '"agents": ["xiao-wang"]' in told["duty[0]"].value
    assert told["duty[0]"].origin.endswith("x.toml:2")
    assert told["hours"].value == "(when anybody is on duty)"
    assert "hours.open" not in told
    path.write_text(text + '[hours]\nopen = ["08:00-12:00"]\n', "utf-8")
    told = {effective.key: effective for effective in explain(path)}
    assert told["hours.open"].value == '["08:00-12:00"]'
