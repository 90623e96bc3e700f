import pytest

from replygate.journal.privacy import LogText, Privacy, masked
from replygate.model import Finding

PRIVACY = Privacy(b"key")
FINDING = Finding("contact.mobile", "13812345678", 2, 13, "block", None, "why", "src")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13812345678吧", "打13***吧"),
        ("138 1234 5678", "13***"),
        ("138-1234-5678", "13***"),
        ("发到buyer.name@example.com，谢谢", "发到bu***，谢谢"),
        ("加wx_8866", "加wx***"),
        ("VXtealove2015", "VX***"),
        ("订单241120", "订单24***"),
        ("13812345678 a@qq.com", "13*** a@***"),
        ("9.9元包邮", "9.9元包邮"),
        ("ok 好的", "ok 好的"),
        ("", ""),
    ],
)
def test_what_may_lead_to_a_person_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("log_text", "buyer", "text"),
    [
        ("none", PRIVACY.hashed("c-1"), None),
        ("hash", PRIVACY.hashed("c-1"), PRIVACY.hashed("打13812345678")),
        ("findings", PRIVACY.hashed("c-1"), None),
        ("full", "c-1", "打13***"),
    ],
)
def test_buyers_and_texts_by_setting(log_text: LogText, buyer: str, text: str | None) -> None:
    assert PRIVACY.shown("c-1", "buyer", log_text) == buyer
    assert PRIVACY.shown("打13812345678", "text", log_text) == text
    assert PRIVACY.shown("sent", "plain", log_text) == "sent"
    assert PRIVACY.shown(None, "text", log_text) is None


@pytest.mark.parametrize(
    ("log_text", "matched"),
    [("none", None), ("hash", None), ("findings", "13***"), ("full", "13***")],
)
def test_findings_by_setting(log_text: LogText, matched: str | None) -> None:
    told = PRIVACY.shown((FINDING,), "findings", log_text)
    assert isinstance(told, list)
    assert told[0]["rule"] == "contact.mobile"
    assert told[0].get("matched") == matched


def test_a_hash_needs_the_key() -> None:
    assert PRIVACY.hashed("c-1") == Privacy(b"key").hashed("c-1")
    assert PRIVACY.hashed("c-1") != Privacy(b"other").hashed("c-1")
    assert PRIVACY.hashed("\ud800")


def test_several_buyers_are_shown_as_one_is() -> None:
    names = ("c-1", "c-2")
    assert PRIVACY.shown(names, "buyers", "full") == list(names)
    hashed = [PRIVACY.hashed(name) for name in names]
    assert PRIVACY.shown(names, "buyers", "none") == hashed
