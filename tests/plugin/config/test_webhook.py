import dataclasses
from pathlib import Path

import pytest

from replygate.config import Secret, Store, check_file
from replygate.config.webhook import is_mobile

DING = 'kind = "dingtalk"\nurl = "https://oapi.dingtalk.com/robot/send?access_token=s3cret"'
WECOM = 'kind = "wecom"\nurl = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=s3cret"'
FEISHU = 'kind = "feishu"\nurl = "https://open.feishu.cn/open-apis/bot/v2/hook/s3cret"'
GENERIC = 'kind = "generic"\nurl = "https://hook.example/x"'


def check(*hooks: str) -> tuple[Store | None, list[str]]:
    tables = "\n".join(f"[[webhook]]\n{hook}" for hook in hooks)
    Path("s.toml").write_text(f'id = "s"\n{tables}\n', "utf-8")
    result = check_file("s.toml")
    lines = [f"{each.level}: {each.key}: {each.what}" for each in result.problems]
    return result.store, lines


def test_a_webhook_with_all_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT", "s3cret")
    more = 'secret = { env = "ROBOT" }\nname = "值班群"\nevents = ["warn"]\nwhole_ids = true'
    store, lines = check(f'{DING}\n{more}\nmention = ["13800001111", "li", "13800001111", "all"]')
    assert lines == []
    assert store
    (hook,) = store.webhooks
    assert (hook.kind, hook.name, hook.whole_ids) == ("dingtalk", "值班群", True)
    assert hook.events == {"warn"}
    assert hook.mention == ("13800001111", "li", "all")
    assert hook.secret
    assert hook.secret.reveal() == "s3cret"


def test_good_ones_are_not_doubted() -> None:
    near = GENERIC.replace("https://hook.example", "http://127.0.0.1:8080")
    for hook in (DING, WECOM, FEISHU, GENERIC, near):
        store, lines = check(hook)
        assert lines == []
        assert store
        assert "warn" not in store.webhooks[0].events


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (
            WECOM + '\nsecret = { env = "ROBOT" }',
            (
                "warning: webhook[0].secret: is not used: a WeCom robot checks no signature, its "
                "address is its key"
            ),
        ),
        (
            WECOM.replace("wecom", "feishu"),
            (
                'warning: webhook[0].kind: is "feishu", and qyapi.weixin.qq.com is where robots '
                'of kind "wecom" are'
            ),
        ),
        (
            DING.replace("?access_token=s3cret", ""),
            "warning: webhook[0].url: is not a robot's whole address: it has no access_token=…",
        ),
        (
            GENERIC.replace("https", "http"),
            "warning: webhook[0].url: goes over the network unencrypted; write https://",
        ),
        (
            GENERIC + '\nmention = ["li"]',
            "warning: webhook[0].mention: does nothing: only robots name people",
        ),
        (
            FEISHU + '\nmention = ["13800001111"]',
            "warning: webhook[0].mention: a feishu robot takes user ids, no mobile numbers",
        ),
        (
            WECOM + '\nmention = ["all"]',
            'warning: webhook[0].mention: a WeCom robot can not name "all" in a markdown message',
        ),
        (GENERIC + "\nevents = []", "error: webhook[0].events: expected at least one entry"),
        (
            GENERIC + '\nevents = ["breech"]',
            (
                "error: webhook[0].events[0]: expected one of warn, escalate, follow_up, breach, "
                'violated, blocked, send, task, fault; got the string "breech"'
            ),
        ),
        (
            GENERIC.replace("https://", "https://me:s3cret@"),
            "error: webhook[0].url: an address holds no password; put it into headers, as a secret",
        ),
    ],
)
def test_what_is_probably_not_meant(hook: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT", "s3cret")
    _, lines = check(hook)
    assert lines == [said]


def test_one_address_stands_once() -> None:
    _, lines = check(GENERIC, GENERIC)
    assert lines == ["error: webhook[1].url: this address stands here twice"]


def test_a_webhook_gives_nothing_away_when_it_is_taken_apart() -> None:
    store, _ = check(DING)
    assert store
    (hook,) = store.webhooks
    assert "s3cret" not in str(dataclasses.asdict(hook))
    assert "s3cret" not in repr(hook)
    assert dataclasses.asdict(hook)["url"] == hook.url


def test_equal_secrets_are_equal() -> None:
    assert Secret("a", "x") == Secret("a", "x") != Secret("b", "x")
    assert len({Secret("a", "x"), Secret("a", "x")}) == 1


@pytest.mark.parametrize(
    ("mention", "mobile"),
    [("13800001111", True), ("+86-13800001111", True), ("1380000111", False), ("li.lei", False)],
)
def test_a_mobile_number(mention: str, mobile: bool) -> None:
    assert is_mobile(mention) is mobile
