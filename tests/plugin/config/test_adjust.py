import datetime as dt
from pathlib import Path

import pytest

from replygate.config import explain, load_store
from replygate.config.store import Store
from replygate.errors import ConfigError
from replygate.model import Draft

TODAY = dt.date(2026, 11, 22)
STORE = 'id = "s"\nplatform = "p.toml"\nedition = "current"\n'
LEXICON = """id = "l"
title = "T"
as_of = 2026-01-01
[[rule]]
id = "l.gift"
words = ["赠品"]
action = "warn"
why = "w"
source = "s"
"""


def load(text: str, profile: str = "") -> Store:
    Path("l.toml").write_text(LEXICON, "utf-8")
    path = Path("p.toml")
    with_lexicon = path.read_text("utf-8").replace(
        "[editions", 'lexicons = ["l.toml"]\n[editions', 1
    )
    path.write_text(with_lexicon + profile, "utf-8")
    Path("s.toml").write_text(STORE + text, "utf-8")
    return load_store("s.toml", today=TODAY)


def verdict(store: Store, text: str) -> str:
    return store.gate.screen(Draft("c", text)).action


def test_a_platform_makes_something_else_of_a_lexicon_s_rule() -> None:
    adjusted = '[adjust."l.gift"]\naction = "rewrite"\nreplace = "礼物"\n'
    assert load("", adjusted).gate.screen(Draft("c", "有赠品")).text == "有礼物"


def test_what_nobody_adjusts_stays() -> None:
    assert verdict(load(""), "有赠品") == "pass"


def test_a_store_makes_a_shared_rule_stricter() -> None:
    store = load('[screening.adjust."l.gift"]\naction = "block"\n')
    assert verdict(store, "有赠品") == "block"


def test_a_single_rule_wins_over_all_of_a_lexicon() -> None:
    store = load(
        '[screening.adjust."l.gift"]\nwhy = "mine"\n[screening.adjust."l.*"]\nwhy = "all"\n'
    )
    assert store.gate.screen(Draft("c", "赠品")).findings[0].why == "mine"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            '[screening.adjust."p.wechat"]\naction = "warn"',
            'makes the shared rule "p.wechat" weaker',
        ),
        (
            '[screening.adjust."p.wechat"]\nenabled = false',
            'makes the shared rule "p.wechat" weaker',
        ),
        ('[screening.adjust."l.gft"]\naction = "block"', "did you mean l.gift?"),
        ('[screening.adjust."l.gift"]\naction = "rewrite"', "has nothing to put in place"),
        ('[screening.adjust."l.gift"]\nreplace = "x"', 'only stands where action = "rewrite"'),
        (
            '[screening.adjust."l.gift"]\non_block = "silent"',
            '"l.gift" never blocks: action = "warn"',
        ),
    ],
)
def test_what_makes_no_sense_is_refused(table: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"s\.toml:") as raised:
        load(table + "\n")
    assert said in str(raised.value)


def test_what_was_adjusted_says_where() -> None:
    load('[screening.adjust."l.gift"]\naction = "block"\n')
    told = {one.key: (one.value, one.origin) for one in explain("s.toml", today=TODAY)}
    assert told["rule.l.gift"][1] == "lexicon l"
    assert told["rule.l.gift.action"] == ('"block"', "s.toml:5")
