from __future__ import annotations

from pathlib import Path

import pytest

from replygate.config.rulebooks import load_rules
from replygate.errors import ConfigError, UnknownStore
from replygate.model import Draft

LEXICON = """\
id = "own"
title = "t"
as_of = 2026-11-20

[[rule]]
id = "own.a"
action = "block"
why = "w"
source = "s"
words = ["骗子"]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "own.toml").write_text(LEXICON, "utf-8")
    return tmp_path


def judged(source: str | Path, text: str) -> str:
    return load_rules(str(source)).gate.screen(Draft("c", text)).action


def test_a_lexicon_alone(here: Path) -> None:
    for source in ("lists/own.toml", here / "lists" / "own.toml"):
        assert judged(source, "骗子") == "block"
        assert judged(source, "加微信") == "pass"


def test_a_packaged_lexicon() -> None:
    assert judged("contact", "加微信") == "block"


def test_a_store_is_loaded_as_if_it_enforced() -> None:
    Path("shop.toml").write_text(
        'id = "a"\nplatform = "general"\nmode = "observe"\n'
        '[screening]\nlexicons = ["lists/own.toml"]\n',
        "utf-8",
    )
    assert judged("shop.toml", "骗子") == "block"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.toml", 'id = "p"\nname = "P"\n[editions]\n', "is a platform file, expected a store or"),
        ("g.toml", 'platform = "general"\n', "a file without an id is a group"),
        ("own", LEXICON, "own: expected a lexicon whose name ends in .toml"),
        ("bad.toml", LEXICON.replace('"block"', '"blok"'), "bad.toml:7: rule[0].action:"),
        ("bad.toml", "a =", "bad.toml:1: is not valid TOML"),
    ],
)
def test_what_is_no_rulebook(name: str, content: str, said: str) -> None:
    Path(name).write_text(content, "utf-8")
    with pytest.raises(ConfigError) as raised:
        load_rules(name)
    assert said in str(raised.value)


def test_a_name_that_nothing_has() -> None:
    with pytest.raises(UnknownStore):
        load_rules("nowhere.toml")
