"""Each thing that happens becomes a line that says who, what and why."""

from __future__ import annotations

from replygate.demo.story import COUNTED, Story, Tone

NAME = 10001
"""小明, a buyer of the script."""


def story() -> tuple[Story, list[tuple[str, Tone]], list[float]]:
    lines: list[tuple[str, Tone]] = []
    now = [0.0]
    return Story(lambda line, tone: lines.append((line, tone)), lambda: now[0]), lines, now


def test_a_good_answer_tells_the_wait() -> None:
    told, lines, now = story()
    told.asks(NAME, "在吗")
    told.opened(NAME, "demo.soft", 12.0)
    now[0] = 1.5
    told.bot_says(NAME, "在的", "send")
    told.judged(NAME, "pass", [])
    told.delivered(NAME, "在的", "bot")
    assert [tone for _, tone in lines] == ["plain", "plain", "plain", "good"]
    assert "小明" in lines[0][0]
    assert "12.0 s left · demo.soft" in lines[1][0]
    assert lines[3][0].endswith("等了 waited 1.5 s")
    assert told.figures() == {**dict.fromkeys(COUNTED, 0)} | {
        "asked": 1,
        "bot_said": 1,
        "passed": 1,
        "delivered": 1,
    }


def test_a_block_tells_why_once_for_each_reason() -> None:
    told, lines, _ = story()
    finding = {"rule": "contact.mobile", "matched": "13…", "why": "不能发手机号"}
    more = [{**finding, "rule": rule} for rule in ("other", "third", "fourth")]
    told.judged(NAME, "block", [finding, finding, *more])
    assert [line.partition("blocked")[2].strip() for line, _ in lines] == [
        "contact.mobile「13…」不能发手机号",
        "other「13…」不能发手机号",
        "… +2",
    ]
    assert {tone for _, tone in lines} == {"bad"}
    assert told.counters["blocked"] == 1


def test_a_hold_tells_how_long_before_the_deadline() -> None:
    told, lines, now = story()
    told.opened(NAME, "demo.soft", 12.0)
    now[0] = 6.0
    told.delivered(NAME, "请稍等", "hold")
    assert lines[-1] == (lines[-1][0], "warn")
    assert "到期前 6.0 s before the deadline" in lines[-1][0]
    assert told.holds == [{"user_id": NAME, "at_s": 6.0, "text": "请稍等"}]
    now[0] = 8.0
    told.delivered(NAME, "查到了", "bot")
    assert "waited 8.0 s" in lines[-1][0]


def test_an_unknown_buyer_and_an_answer_that_nobody_waits_for() -> None:
    told, lines, _ = story()
    told.delivered(42, "您好", "human")
    told.delivered(43, "稍等", "hold")
    told.person(42, "在的")
    assert "42" in lines[0][0]
    assert "waited" not in lines[0][0]
    assert "deadline" not in lines[1][0]
    assert told.counters["by_people"] == 1
