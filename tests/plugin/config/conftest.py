from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

# A platform, a lexicon and a group as small as they can be.
FILES = {
    "p.toml": """\
id = "p"
name = "Platform"
own_domains = ["p.example"]
own_names = ["平台"]
[editions.sources-2023]
as_of = 2023-11-27
[editions.current]
as_of = 2026-06-01
sources = "the platform's terms"
[[rule]]
id = "p.wechat"
words = ["微信"]
action = "block"
why = "off the platform"
source = "the platform's terms"
[[rule]]
id = "p.gift"
words = ["赠品"]
action = "warn"
enabled = false
why = "gifts are announced in the listing"
source = "the platform's terms"
[[deadline]]
id = "P-D-1"
name = "30 seconds"
due_s = 30
editions = ["current"]
source = "the platform's terms"
""",
    "l.toml": """\
id = "l"
title = "Insults"
as_of = 2026-01-01
[[rule]]
id = "l.fool"
words = ["笨蛋"]
action = "block"
why = "an insult"
source = "good manners"
""",
    "group.toml": """\
platform = "p.toml"
edition = "current"
token = { env = "GROUP_TOKEN" }
[screening]
allow = ["微信小程序"]
[[screening.rule]]
id = "group.promise"
words = ["保证"]
action = "warn"
[holding]
texts = ["集团收到"]
max_per_turn = 2
[hours]
open = ["08:00-20:00"]
""",
}

Write = Callable[[str, str], str]


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with `p.toml`, `l.toml` and `group.toml`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROUP_TOKEN", "group-s3cret")
    monkeypatch.delenv("REPLYGATE_TEST_UNSET", raising=False)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def write(shop: Path) -> Write:
    """Writes a file below the shop's folder and gives its name."""

    def one(name: str, text: str) -> str:
        path = shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return name

    return one
