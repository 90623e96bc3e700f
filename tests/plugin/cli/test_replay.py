"""The command as a shell runs it, and its object to the letter."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from recorded import Told, asks, jsonl, says
from replygate.__main__ import main

JD = {"store": "demo-jd"}


def write(path: Path, told: list[Told]) -> str:
    path.write_bytes(jsonl(told))
    return str(path)


def replayed(capsys: pytest.CaptureFixture[str], *args: str) -> list[dict[str, Any]]:
    """The objects that the command prints."""
    code = main(["replay", *args, "--json"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def test_the_object_to_the_letter(tmp_path: Path) -> None:
    # JD-D-01: 30 s, a lead of 10 s; the promise is to be kept within five minutes.
    day = [
        asks("10:00:00", "m-1", **JD),
        says("10:01:00", "human", "在的，加微信聊", "m-2", **JD),
        asks("10:10:15.250", "m-3", conversation="c-2", **JD),
        asks("23:00:00", "m-4", conversation="c-3", **JD),
        asks("10:00:00", "m-1", store="another"),
    ]
    done = run("replay", write(tmp_path / "day.jsonl", day), "-s", "demo-jd", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
    text = "已收到您的消息，客服会尽快回复您～"
    assert json.loads(done.stdout) == {
        "store": "demo-jd",
        "from": "2026-11-20",
        "to": "2026-11-20",
        "verdicts": {"pass": 0, "rewrite": 0, "block": 1},
        "holds": [
            {
                "conversation": "c-1",
                "due_at": "2026-11-20T10:00:20.000+08:00",
                "sent_at": "2026-11-20T10:00:20.000+08:00",
                "rule": "JD-D-01",
                "text": text,
            },
            {
                "conversation": "c-2",
                "due_at": "2026-11-20T10:10:35.250+08:00",
                "sent_at": "2026-11-20T10:10:35.250+08:00",
                "rule": "JD-D-01",
                "text": text,
            },
        ],
        "follow_ups": [
            {
                "conversation": "c-1",
                "due_at": "2026-11-20T10:05:20.000+08:00",
                "outcome": "answered",
            },
            {
                "conversation": "c-2",
                "due_at": "2026-11-20T10:15:35.250+08:00",
                "outcome": "escalated",
            },
        ],
        "turns": [
            {
                "conversation": "c-1",
                "asked_at": "2026-11-20T10:00:00.000+08:00",
                "deadlines": [
                    {"rule": "JD-D-01", "due_at": "2026-11-20T10:00:30.000+08:00", "hard": True}
                ],
                "first_any_at": "2026-11-20T10:00:20.000+08:00",
                "first_counted_at": "2026-11-20T10:01:00.000+08:00",
                "first_human_at": "2026-11-20T10:01:00.000+08:00",
                "first_origin": "hold",
            },
            {
                "conversation": "c-2",
                "asked_at": "2026-11-20T10:10:15.250+08:00",
                "deadlines": [
                    {"rule": "JD-D-01", "due_at": "2026-11-20T10:10:45.250+08:00", "hard": True}
                ],
                "first_any_at": "2026-11-20T10:10:35.250+08:00",
                "first_counted_at": None,
                "first_human_at": None,
                "first_origin": "hold",
            },
            {
                "conversation": "c-3",
                "asked_at": "2026-11-20T23:00:00.000+08:00",
                "deadlines": [],
                "first_any_at": None,
                "first_counted_at": None,
                "first_human_at": None,
                "first_origin": None,
            },
        ],
        "metrics": {
            "JD-D-01": {
                "name": "30秒回复率",
                "period": "2026-11-20",
                "numerator": 0,
                "denominator": 2,
                "rate": 0.0,
                "low": 0.0,
                "high": 0.0,
                "value_s": None,
                "assessed": False,
                "threshold": None,
                "met": None,
                "violated": None,
                "boundary": False,
                "unit": "session",
            },
            "JD-D-02": {
                "name": "9至18点在线",
                "period": "2026-11-20",
                "numerator": 0,
                "denominator": 0,
                "rate": None,
                "low": None,
                "high": None,
                "value_s": None,
                "assessed": False,
                "threshold": 1.0,
                "met": None,
                "violated": None,
                "boundary": False,
                "unit": "duty",
            },
        },
    }


def test_a_soft_deadline_is_said_to_be_one(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = 'deadline=[{id="own", name="own", due_s=60}]'
    file = write(tmp_path / "day.jsonl", [asks("10:00:00", store="corner-shop")])
    (object_,) = replayed(capsys, file, "-s", store, "--set", own)
    assert object_["turns"][0]["deadlines"] == [
        {"rule": "own", "due_at": "2026-11-20T10:01:00.000+08:00", "hard": False}
    ]


def test_each_store_has_a_line_in_the_order_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = [asks("10:00:00", store="demo-pdd"), asks("10:00:00", **JD)]
    file = write(tmp_path / "day.jsonl", day)
    objects = replayed(capsys, file, "-s", "demo-pdd", "-s", "demo-jd")
    assert [one["store"] for one in objects] == ["demo-pdd", "demo-jd"]
    assert [len(one["turns"]) for one in objects] == [1, 1]
    (alone,) = replayed(capsys, file, "-s", "demo-jd")
    assert alone == objects[1]


def test_late_twice_and_out_of_order_tell_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw = random.Random(1)  # noqa: S311 - a test's
    day = []
    for number in range(80):
        where = {**JD, "name": f"m-{number}", "conversation": f"c-{draw.randrange(5)}"}
        at = f"10:{draw.randrange(60):02}:{draw.randrange(60):02}"
        day.append(asks(at, **where) if draw.random() < 0.6 else says(at, "human", **where))
    (expected,) = replayed(capsys, write(tmp_path / "day.jsonl", day), "-s", "demo-jd")
    assert expected["holds"]
    for _ in range(3):
        mixed = [*day, *draw.sample(day, 30)]
        draw.shuffle(mixed)
        (found,) = replayed(capsys, write(tmp_path / "mixed.jsonl", mixed), "-s", "demo-jd")
        assert found == expected


def test_days_bound_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = [asks(f"2026-11-{number} 10:00:00", **JD) for number in (18, 19, 20, 21)]
    file = write(tmp_path / "day.jsonl", day)
    (whole,) = replayed(capsys, file, "-s", "demo-jd")
    assert (whole["from"], whole["to"], len(whole["turns"])) == ("2026-11-18", "2026-11-21", 4)
    bounds = ("--since", "2026-11-19", "--until", "2026-11-20")
    (part,) = replayed(capsys, file, "-s", "demo-jd", *bounds)
    assert (part["from"], part["to"]) == ("2026-11-19", "2026-11-20")
    for key in ("turns", "holds", "follow_ups"):
        assert part[key] == whole[key][1:3], key
    (open_end,) = replayed(capsys, file, "-s", "demo-jd", "--since", "2026-11-20")
    assert (open_end["from"], open_end["to"]) == ("2026-11-20", "2026-11-21")


def test_a_store_that_observes_is_told_what_enforcing_would_do(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where = {"store": "corner-shop"}
    day = [says("10:00:00", "bot", text, **where) for text in ("加微信", "小米手环", "您好")]
    for number, one in enumerate(day):
        one["id"] = f"m-{number}"
    file = write(tmp_path / "day.jsonl", day)
    (object_,) = replayed(capsys, file, "-s", store, "--set", "mode=observe")
    assert object_["verdicts"] == {"pass": 1, "rewrite": 1, "block": 1}


def test_a_rule_may_be_switched_on_for_the_run(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "day.jsonl", [says("10:00:00", text="最小", store="corner-shop")])
    for args, action in (((), "pass"), (("--enable", "small"), "block")):
        (object_,) = replayed(capsys, file, "-s", store, *args)
        assert object_["verdicts"][action] == 1


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = run("replay", "-", "-s", "demo-jd", "--json", stdin=jsonl([asks("10:00:00", **JD)]))
    assert len(json.loads(done.stdout)["turns"]) == 1
    done = run("replay", "-", "-s", "demo-jd", stdin=b"{}\n")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"stdin:1: type: is missing\n"


@pytest.mark.parametrize("json_", [True, False])
def test_nothing_is_told_of_a_file_with_a_bad_line(tmp_path: Path, json_: bool) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(jsonl([asks("10:00:00", **JD)] * 11) + b'{"type":"message"}\n')
    args = ("--json",) if json_ else ()
    done = run("replay", str(path), "-s", "demo-pdd", "-s", "demo-jd", *args)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"{path}:12: store: is missing\n"


def test_a_file_without_the_store_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "day.jsonl", [asks("10:00:00", store="a"), asks("10:00:00", store="b")])
    assert main(["replay", file, "-s", "demo-jd", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == 'there is no event of the store "demo-jd"; there are events of a, b\n'
    assert json.loads(out) == {
        "store": "demo-jd",
        "from": None,
        "to": None,
        "verdicts": {"pass": 0, "rewrite": 0, "block": 0},
        "holds": [],
        "follow_ups": [],
        "turns": [],
        "metrics": {},
    }
    Path(file).write_bytes(b"")
    assert main(["replay", file, "-s", "demo-jd"]) == 0
    out, err = capsys.readouterr()
    assert err == 'there is no event of the store "demo-jd"\n'
    assert "没有事件 no events" in out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("-s", "demo-jd"), 2, "the following arguments are required: EVENTS"),
        (("x.jsonl",), 2, "the following arguments are required: -s/--store"),
        (("x.jsonl", "-s", "demo-jd"), 1, "x.jsonl: No such file or directory"),
        (("x.jsonl", "-s", "demo-xx"), 1, 'no packaged store "demo-xx"'),
        (
            ("x.jsonl", "-s", "demo-jd", "-s", "demo-jd"),
            1,
            'the store "demo-jd" is given twice',
        ),
        (
            ("x.jsonl", "-s", "demo-jd", "--since", "20.11."),
            2,
            "expected a day such as 2026-11-20, got '20.11.'",
        ),
        (
            ("x.jsonl", "-s", "demo-jd", "--since", "2026-11-21", "--until", "2026-11-20"),
            2,
            "--since 2026-11-21 is after --until 2026-11-20",
        ),
    ],
)
def test_a_wrong_command_line(
    args: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", *args]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


# Real sessions and a real shop's trace.


def corpus(name: str) -> str:
    folder = os.environ.get("REPLYGATE_CORPUS")
    if not folder:
        pytest.skip(f"REPLYGATE_CORPUS names no folder with {name}")
    return Path(folder, name).read_text("utf-8")


def session_events() -> Iterator[Told]:
    """Every session at a minute of its own, with 20 s between its messages."""
    for number, line in enumerate(corpus("sessions.jsonl").splitlines()):
        for place, turn in enumerate(json.loads(line)["turns"]):
            second = 9 * 3600 + number * 20 + place * 20
            at = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            text = re.sub(r"\[\S{1,3}x\]", "7", turn["text"])
            make = asks if turn["role"] == "buyer" else says
            name = f"m-{number}-{place}"
            yield make(at, name=name, text=text, conversation=f"c-{number}", **JD)


def trace_events() -> Iterator[Told]:
    """The trace as it was seen; `m` may be a bot or a person, `s` are notices."""
    rows = csv.DictReader(corpus("timing-trace.tsv").splitlines()[2:], delimiter="\t")
    names: dict[tuple[str, ...], str] = {}
    for number, row in enumerate(rows):
        same = (row["case"], row["role"], row["ts"], row["hash"])
        name = names.setdefault(same, f"m-{number}")
        out = row["role"] == "m"
        yield {
            "type": "message",
            "id": name,
            **JD,
            "conversation": row["case"],
            "direction": "out" if out else "in",
            "origin": {"u": "buyer", "m": "unknown", "s": "platform"}[row["role"]],
            "at": instant(row["ts"]),
            "received_at": instant(row["cap"]),
        }


def instant(offset: str) -> str:
    return dt.datetime.fromtimestamp(1_791_270_000 + float(offset), dt.UTC).isoformat()


def test_real_sessions_play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = list(session_events())
    (object_,) = replayed(capsys, write(tmp_path / "day.jsonl", told), "-s", "demo-jd")
    answers = sum(one["direction"] == "out" for one in told)
    assert sum(object_["verdicts"].values()) == answers
    assert {turn["conversation"] for turn in object_["turns"]} == {
        one["conversation"] for one in told if one["direction"] == "in"
    }
    assert len(object_["follow_ups"]) == len(object_["holds"])
    # An answer every 20 s: whoever is answered at all is answered at the second of the hold.
    held = {hold["conversation"] for hold in object_["holds"]}
    last = {one["conversation"]: one["direction"] for one in told}
    assert held <= {name for name, direction in last.items() if direction == "in"} | {
        one["conversation"]
        for one, after in itertools.pairwise(told)
        if one["conversation"] == after["conversation"] and one["direction"] == after["direction"]
    }


def test_a_real_trace_plays_the_same_in_any_order_of_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = list(trace_events())
    (expected,) = replayed(capsys, write(tmp_path / "day.jsonl", told), "-s", "demo-jd")
    random.Random(1).shuffle(told)  # noqa: S311 - a test's
    (found,) = replayed(capsys, write(tmp_path / "day.jsonl", told), "-s", "demo-jd")
    assert found == expected
    questions = {one["conversation"] for one in told if one["origin"] == "buyer"}
    assert {turn["conversation"] for turn in expected["turns"]} == questions
    for turn in expected["turns"]:
        assert turn["first_any_at"] is None or turn["first_any_at"] >= turn["asked_at"]
        assert turn["first_human_at"] is None, "the trace names nobody human"


# A table of messages, and the platform's own figures.

TABLE = (
    "会话ID,时间,发送方,内容\n"
    "c-1,2026-11-20 10:00:00,买家,在吗\nc-1,2026-11-20 10:00:20,机器人,在的\n"
    "c-2,2026-11-20 11:00:00,买家,在吗\nc-2,2026-11-20 11:00:20,客服,在的\n"
)


def test_a_table_plays_like_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(TABLE.encode("gb18030"))
    (told,) = replayed(capsys, str(file), "-s", "demo-pdd")
    assert told["verdicts"] == {"pass": 2, "rewrite": 0, "block": 0}
    rate = told["metrics"]["PDD-M-01"]
    assert (rate["numerator"], rate["denominator"], rate["high"]) == (1, 2, 1.0)
    file.write_text(TABLE.replace("内容", "话"), "utf-8")
    (named,) = replayed(capsys, str(file), "-s", "demo-pdd", "--map", "text=话")
    assert named["metrics"] == told["metrics"]


def test_a_mapping_is_for_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "day.jsonl", [asks("10:00:00", **JD)])
    assert main(["replay", file, "-s", "demo-jd", "--map", "text=话"]) == 1
    assert "--map is for tables (.csv, .xlsx)" in capsys.readouterr().err


@pytest.mark.parametrize("json_", [True, False])
def test_our_figures_stand_beside_the_platforms(
    tmp_path: Path, json_: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    day, platform = tmp_path / "day.csv", tmp_path / "platform.csv"
    day.write_text(TABLE, "utf-8")
    platform.write_text("日期,指标,数值\n2026-11-20,当日有效回复率,100%\n", "utf-8")
    args = ["replay", str(day), "-s", "demo-pdd", "--compare", str(platform)]
    assert main([*args, "--json"] if json_ else args) == 0
    out = capsys.readouterr().out
    if json_:
        (found,) = json.loads(out)["compare"]
        assert (found["outcome"], found["settled"]) == ("open", {"bot": "yes"})
    else:
        assert '    [settle."PDD-M-01".counts]\n    bot = "yes"\n' in out


def test_what_is_to_be_written_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = tmp_path / "day.csv"
    day.write_text(TABLE, "utf-8")
    settle = 'settle={"PDD-M-01"={counts={bot="yes"}}}'
    (told,) = replayed(capsys, str(day), "-s", "demo-pdd", "--set", settle)
    assert told["metrics"]["PDD-M-01"]["rate"] == 1.0
