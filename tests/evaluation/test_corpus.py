from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from evaluation.corpus import (
    BREACHES,
    FILE,
    FLAGGED_MAX,
    VARIABLE,
    Corpus,
    Flagged,
    digest,
    examine,
    is_clear,
    read,
)
from evaluation.judge import demo_gates
from replygate import Finding, load_store


def finding(rule: str) -> Finding:
    return Finding(rule, "亲", 0, 1, "warn", None, "why", "test")


def test_replies_are_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("jd\t今天发货\n\ntmall\t有的哦\n", "utf-8")
    assert read(tmp_path) == [("jd", "今天发货"), ("tmall", "有的哦")]


def test_a_line_without_a_platform_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("jd\t今天发货\n有的哦\n", "utf-8")
    with pytest.raises(ValueError, match=rf"{FILE}:2: expected a platform, a tab and a text"):
        read(tmp_path)


def test_clear_words_are_shown_and_not_counted() -> None:
    flagged = (
        Flagged("jd", "亲", (finding("JD-F-01"),)),
        Flagged("jd", "亲，加我", (finding("JD-F-01"), finding("contact.wechat"))),
    )
    seen = Corpus(4, flagged)
    assert seen.share == 0.25
    assert seen.kinds() == {"jd JD-F-01 warn (clear word)": 2, "jd contact.wechat warn": 1}
    assert is_clear("other-platforms.names")
    assert not is_clear("JD-F-04")


def test_a_breach_that_a_person_judged_is_shown_and_not_counted(tmp_path: Path) -> None:
    breaches = tmp_path / "breaches.json"
    breaches.write_text(json.dumps({digest("pdd", "加微信聊"): "asks to be added"}), "utf-8")
    replies = [("pdd", "加微信聊"), ("pdd", "今天发货")]
    seen = examine(replies, {"pdd": load_store("demo-pdd").gate}, breaches)
    assert (seen.share, seen.breaches) == (0, 1)
    assert all(kind.endswith(" (asks to be added)") for kind in seen.kinds())


def test_no_text_is_kept_of_a_breach() -> None:
    kept = json.loads(BREACHES.read_text("utf-8"))
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in kept)
    assert set(kept.values()) <= {
        "asks for or gives a contact",
        "asks for bank data",
        "pays for a review",
        "pays past the platform",
    }


def test_each_reply_meets_the_gate_of_its_platform() -> None:
    seen = examine([("pdd", "今天发货"), ("pdd", "加微信聊")], {"pdd": load_store("demo-pdd").gate})
    assert seen.total == 2
    assert [reply.text for reply in seen.flagged] == ["加微信聊"]
    assert seen.share == 0.5


def test_no_replies_are_an_error() -> None:
    with pytest.raises(ValueError, match="there are no replies"):
        examine([], {})


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
def test_real_replies_are_left_alone() -> None:
    seen = examine(read(Path(os.environ[VARIABLE])), demo_gates())
    assert seen.share <= FLAGGED_MAX
