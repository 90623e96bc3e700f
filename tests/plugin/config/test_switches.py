import datetime as dt
from pathlib import Path

import pytest

from replygate.config import check_file, load_store
from replygate.config.store import Store
from replygate.errors import ConfigError
from replygate.model import Draft

TODAY = dt.date(2026, 11, 22)
STORE = 'id = "s"\nplatform = "p.toml"\nedition = "current"\n'


def load(text: str, *enable: str) -> Store:
    Path("s.toml").write_text(STORE + text, "utf-8")
    return load_store("s.toml", enable=enable, today=TODAY)


def found(store: Store, text: str) -> list[str]:
    return [finding.rule for finding in store.gate.screen(Draft("c", text)).findings]


def test_the_platform_s_rules_hold() -> None:
    assert found(load(""), "加微信") == ["p.wechat"]


def test_a_platform_s_own_name_is_never_a_finding() -> None:
    rule = '[[screening.rule]]\nid = "a"\naction = "block"\nwords = ["平"]\n'
    assert found(load(rule), "平台") == []
    assert found(load(rule), "平安") == ["a"]


def test_a_disabled_rule_does_not_apply() -> None:
    assert found(load('[screening]\ndisable = ["p.wechat"]\n'), "加微信") == []


def test_an_overriding_rule_stands_in_the_place_of_the_named_one() -> None:
    own = '[[screening.rule]]\nid = "mine"\naction = "warn"\nwords = ["微信"]\n'
    assert found(load(own), "微信") == ["mine", "p.wechat"]
    assert found(load(own + 'override = ["p.wechat"]\n'), "微信") == ["mine"]


def test_an_overriding_rule_that_is_off_overrides_nothing() -> None:
    own = '[[screening.rule]]\nid = "mine"\naction = "warn"\nwords = ["微信"]\n'
    own += 'override = ["p.wechat"]\n'
    assert found(load(own + "enabled = false\n"), "微信") == ["p.wechat"]
    assert found(load(own + "enabled = false\n", "mine"), "微信") == ["mine"]


def test_a_rule_that_is_off_is_switched_on_by_its_id() -> None:
    assert found(load(""), "赠品") == []
    assert found(load("", "p.gift"), "赠品") == ["p.gift"]
    assert found(load('[screening]\ndisable = ["p.gift"]\n', "p.gift"), "赠品") == ["p.gift"]


@pytest.mark.parametrize("path", ["l.toml", "./l.toml"])
def test_a_lexicon_is_switched_on_by_file_or_command_line(path: str) -> None:
    assert found(load(""), "笨蛋") == []
    assert found(load(f'[screening]\nlexicons = ["{path}"]\n'), "笨蛋") == ["l.fool"]
    assert found(load("", path), "笨蛋") == ["l.fool"]
    assert found(load('[screening]\nlexicons = ["l.toml"]\n', "l.toml"), "笨蛋") == ["l.fool"]


def test_two_lexicons_of_one_id_are_refused() -> None:
    Path("l2.toml").write_text(Path("l.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(ConfigError) as raised:
        load('[screening]\nlexicons = ["l.toml", "l2.toml"]\n')
    assert str(raised.value).splitlines()[0] == (
        's.toml:5: screening.lexicons[1]: l2.toml has the id "l" of another lexicon; see l.toml'
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("p.gif", '--enable: there is no rule or lexicon "p.gif"; did you mean p.gift?'),
        ("contcat", '--enable: there is no rule or lexicon "contcat"; did you mean contact?'),
        ("none.toml", "--enable: there is no file none.toml"),
    ],
)
def test_what_can_not_be_switched_on(name: str, line: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load("", name)
    assert str(raised.value) == line


@pytest.mark.parametrize(
    ("edition", "today", "warnings"),
    [
        ("current", dt.date(2026, 11, 22), 0),
        ("current", dt.date(2027, 6, 1), 0),
        ("current", dt.date(2027, 6, 2), 1),
        ("sources-2023", dt.date(2026, 11, 22), 1),
    ],
)
def test_an_edition_of_more_than_twelve_months_is_warned_about(
    edition: str, today: dt.date, warnings: int
) -> None:
    Path("s.toml").write_text(f'id = "s"\nplatform = "p.toml"\nedition = "{edition}"\n', "utf-8")
    assert len(load_store("s.toml", today=today).warnings) == warnings


def test_a_store_chooses_among_its_platform_s_editions() -> None:
    Path("s.toml").write_text('id = "s"\nplatform = "p.toml"\n', "utf-8")
    with pytest.raises(ConfigError) as raised:
        load_store("s.toml", today=TODAY)
    assert str(raised.value) == (
        "s.toml:2: platform: no edition was chosen; "
        'write edition = "sources-2023" (as of 2023-11-27) or "current" (as of 2026-06-01)'
    )


def test_where_there_is_one_edition_there_is_nothing_to_choose() -> None:
    text = Path("p.toml").read_text("utf-8").replace("[editions.sources-2023]", "[editions.spring]")
    text = text.replace(
        '[editions.current]\nas_of = 2026-06-01\nsources = "the platform\'s terms"\n', ""
    )
    Path("p.toml").write_text(text.replace('editions = ["current"]\n', ""), "utf-8")
    Path("s.toml").write_text('id = "s"\nplatform = "p.toml"\n', "utf-8")
    store = load_store("s.toml", today=dt.date(2024, 1, 1))
    assert (store.edition, store.warnings) == ("spring", ())


def test_a_group_may_leave_the_edition_to_its_stores() -> None:
    Path("g.toml").write_text('platform = "p.toml"\n', "utf-8")
    assert all(problem.level == "warning" for problem in check_file("g.toml", today=TODAY).problems)


def test_on_no_platform_only_the_wishes_of_all_shops_are_measured() -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    store = load_store("s.toml", today=TODAY)
    assert [rule.id for rule in store.metrics] == ["GEN-D-01"]
    assert (store.profile, store.edition, store.deadlines, store.penalties) == (None, None, (), ())
    assert store.warnings == ()


def test_a_group_may_name_rules_of_platforms_that_its_stores_choose() -> None:
    Path("g.toml").write_text('edition = "current"\n[screening]\ndisable = ["p.wechat"]\n', "utf-8")
    assert check_file("g.toml", today=TODAY).problems == ()
    store = 'id = "s"\nextends = "g.toml"\nplatform = "p.toml"\n'
    Path("s.toml").write_text(store, "utf-8")
    assert found(load_store("s.toml", today=TODAY), "微信") == []
