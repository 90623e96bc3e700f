import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from replygate.config import Store, load_store
from replygate.errors import ConfigError
from replygate.model import Draft, Finding
from replygate.screening.memory import MemoryRules

TODAY = dt.date(2026, 11, 22)

FULL = """
id = "s"
name = "小店"
platform = "p.toml"
edition = "current"
mode = "observe"
on_fault = "pass"
on_ledger_fault = "nothing"
token = { env = "GROUP_TOKEN" }

[screening]
lexicons = ["l.toml"]
allow = ["微信小程序"]
own_domains = ["Shop.example"]
max_chars = 50
[[screening.rule]]
id = "links"
detector = "url"
action = "block"

[holding]
texts = ["收到"]
off_duty_texts = ["九点上班后回复您"]
max_per_turn = 0
max_per_conversation_day = 3
min_gap_s = 90
lead_s = 7.5

[hours]
open = ["09:00-18:00"]
dates = { 2026-11-11 = ["00:00-24:00"] }

[[deadline]]
id = "own"
name = "fast"
due_s = 15

[[webhook]]
kind = "dingtalk"
url = "https://hook.example/robot?key=open"
secret = { env = "GROUP_TOKEN" }
[[webhook]]
kind = "generic"
url = { env = "HOOK" }

[privacy]
log_text = "hash"
keep_days = 30
"""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("HOOK", "https://hook.example")
    Path("s.toml").write_text(FULL, "utf-8")
    return load_store("s.toml", today=TODAY)


def test_a_store_holds_what_its_file_says(store: Store) -> None:
    assert (store.id, store.name, store.platform, store.edition) == ("s", "小店", "p", "current")
    assert (store.mode, store.on_fault, store.log_text) == ("observe", "pass", "hash")
    assert store.keep_days == 30
    assert store.on_ledger_fault == "nothing"
    assert (store.gate.mode, store.gate.on_fault) == ("observe", "pass")
    assert store.holding.texts == ("收到",)
    assert store.holding.off_duty_texts == ("九点上班后回复您",)
    assert store.holding.max_per_turn == 0
    assert store.holding.max_per_conversation_day == 3
    assert (store.holding.min_gap_s, store.holding.lead_s) == (90, 7.5)
    assert len(store.hours.intervals) == len(store.hours.overrides) == 1
    assert [(rule.id, rule.severity) for rule in store.deadlines] == [
        ("P-D-1", "hard"),
        ("own", "soft"),
    ]
    assert store.warnings == ()


def test_secrets_are_there_and_hidden(store: Store) -> None:
    assert store.token
    assert store.token.reveal() == "group-s3cret"
    dingtalk, generic = store.webhooks
    assert dingtalk.url.reveal() == "https://hook.example/robot?key=open"
    assert dingtalk.secret
    assert generic.url.reveal() == "https://hook.example"
    assert generic.secret is None
    assert not any(secret in repr(store) for secret in ("s3cret", "key=open", "https://hook"))


def test_the_profile_of_the_edition(store: Store) -> None:
    profile = store.profile
    assert profile
    assert (profile.id, profile.name, profile.edition) == ("p", "Platform", "current")
    assert profile.as_of == dt.date(2026, 6, 1)
    assert profile.sources == ("the platform's terms",)
    assert (profile.own_names, profile.own_domains) == (("平台",), ("p.example",))
    assert profile.recall_s is None


def test_a_profile_may_say_how_long_a_message_can_be_recalled() -> None:
    path = Path("p.toml")
    path.write_text("recall_s = 120\n" + path.read_text("utf-8"), "utf-8")
    Path("s.toml").write_text('id = "s"\nplatform = "p.toml"\nedition = "current"\n', "utf-8")
    profile = load_store("s.toml", today=TODAY).profile
    assert profile
    assert profile.recall_s == 120


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("加微信", ["p.wechat"]),
        ("微信小程序", []),
        ("笨蛋", ["l.fool"]),
        ("看 https://other.example/x", ["links"]),
        ("看 https://www.shop.example/x", []),
        ("看 https://p.example/x", []),
    ],
)
def test_the_gate_knows_all_rules(store: Store, text: str, rules: list[str]) -> None:
    assert [finding.rule for finding in store.gate.screen(Draft("c", text)).findings] == rules


def test_the_longest_text_is_the_store_s(store: Store) -> None:
    assert store.gate.rulebook.max_chars == 50


def test_a_check_is_a_plain_function() -> None:
    def no_digits(draft: Draft) -> Iterable[Finding]:
        at = draft.text.find("1")
        if at >= 0:
            yield Finding("digits", "1", at, at + 1, "block", None, "no digits", "here")

    Path("s.toml").write_text('id = "s"\n', "utf-8")
    store = load_store("s.toml", checks=[no_digits])
    assert store.gate.screen(Draft("c", "1 件")).action == "block"
    assert store.gate.screen(Draft("c", "一件")).action == "pass"


def test_an_empty_store_is_of_no_platform() -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    store = load_store("s.toml")
    assert (store.name, store.platform, store.edition, store.profile) == (
        "s",
        "general",
        None,
        None,
    )
    assert store.gate.screen(Draft("c", "加微信")).action == "pass"
    assert (store.deadlines, store.webhooks, store.token) == ((), (), None)


@pytest.mark.parametrize("off", ["", "enabled = false\n"])
@pytest.mark.parametrize(
    "looks_for", ['words = ["微信"]', 'patterns = ["微信"]', 'detector = "url"']
)
def test_a_rule_of_its_own_that_is_off_finds_nothing(looks_for: str, off: str) -> None:
    disable = "" if off else '[screening]\ndisable = ["r"]\n'
    rule = f'[[screening.rule]]\nid = "r"\naction = "block"\n{off}{looks_for}\n'
    Path("s.toml").write_text(f'id = "s"\n{disable}{rule}', "utf-8")
    cleared = load_store("s.toml").gate.screen(Draft("c", "加微信，看 a.example.com"))
    assert cleared.action == "pass"
    assert not cleared.findings


def test_the_store_has_the_last_word_on_what_went_out_before_key_by_key(
    write: Callable[[str, str], str], shop: Path
) -> None:
    profile = (shop / "p.toml").read_text("utf-8")
    memory = '[screening.memory]\nrepeat = "warn"\nperfunctory = "warn"\nsource = "the terms"\n'
    write("p.toml", profile + memory)
    path = write(
        "m.toml",
        'id = "m"\nplatform = "p.toml"\nedition = "current"\n'
        '[screening.memory]\nrepeat = "block"\nclosers = ["拜拜"]\n',
    )
    rules = load_store(path).gate.memory
    assert rules == MemoryRules("block", "warn", closers=("拜拜",), source="the terms")


@pytest.mark.parametrize(
    ("in_profile", "in_store", "where"),
    [
        ('stock_replies = ["请看笨蛋页"]', "", "s.toml:2: platform: "),
        ("", 'stock_replies = ["好的", "请看笨蛋页"]', "s.toml:5: screening.stock_replies[1]: "),
    ],
)
def test_stock_answers_pass_the_rules_of_the_store_that_sends_them(
    in_profile: str, in_store: str, where: str
) -> None:
    profile = Path("p.toml").read_text("utf-8").replace("[[rule]]", "[screening]\n{}\n[[rule]]", 1)
    Path("p.toml").write_text(profile.format(in_profile), "utf-8")
    rule = '[[screening.rule]]\nid = "own"\naction = "block"\nwords = ["笨蛋"]\n'
    head = f'id = "s"\nplatform = "p.toml"\nedition = "current"\n[screening]\n{in_store}\n'
    Path("s.toml").write_text(head + rule, "utf-8")
    with pytest.raises(ConfigError) as raised:
        load_store("s.toml")
    assert f'{where}the rule "own" catches this text at "笨蛋"' in str(raised.value)
    Path("s.toml").write_text(head + rule.replace("笨蛋", "傻瓜"), "utf-8")
    assert load_store("s.toml").gate.blocking.stock_replies
