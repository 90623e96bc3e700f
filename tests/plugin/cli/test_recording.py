"""Files of events: which lines are refused, with what words, and in which order the rest plays."""

from __future__ import annotations

import json
import os
import random
import threading
from pathlib import Path
from typing import Any

import pytest

from recorded import asks, event, jsonl, moment, says
from replygate.cli.exits import InputError
from replygate.cli.recording import LINE_BYTES, open_recording

GOOD = jsonl([asks("10:00:00")])


def read(path: Path, stores: tuple[str, ...] = ("shop",)) -> list[str]:
    """The ids of the events in the order in which they play."""
    with open_recording(str(path), dict.fromkeys(stores, "")) as recording:
        return [getattr(one, "id", "?") for store in stores for one in recording.events(store)]


def line(**fields: Any) -> bytes:
    """A buyer's message with other fields; `...` takes one away."""
    told = {**asks("10:00:00", "m-1"), **fields}
    left = {key: value for key, value in told.items() if value is not ...}
    return json.dumps(left, ensure_ascii=False).encode()


def other(type_: str, **fields: Any) -> bytes:
    return json.dumps(event(type_, "10:00:00", **fields)).encode()


ISO = "2026-11-20T10:10:15.000+08:00"
KINDS = "text, image, card, voice, video, file, other"

BAD: list[tuple[str, bytes, str]] = [
    ("no JSON", b"hello", "is not valid JSON at column 1: Expecting value"),
    ("two objects", b"{} {}", "is not valid JSON at column 4: Extra data"),
    ("cut short", b'{"type":"message"', "is not valid JSON at column 18: Expecting ',' delimiter"),
    ("single quotes", b"{'type':1}", "is not valid JSON at column 2: Expecting property name"),
    ("NaN", line(score=float("nan")), "is not usable JSON (NaN is no number)"),
    ("too deep", b"[" * 100_000, "is not usable JSON (maximum recursion depth exceeded"),
    ("a huge number", b'{"type":' + b"9" * 5_000 + b"}", "is not usable JSON (Exceeds the limit"),
    ("GB18030", "你好".encode("gb18030"), "is not UTF-8 (byte 0xc4 at 1); convert it"),
    ("half a character", b'{"type":"\\ud800"}', "type: holds half a character"),
    ("a list", b"[]", "expected an object, got a list"),
    ("a string", b'"hello"', 'expected an object, got "hello"'),
    ("null", b"null", "expected an object, got null"),
    ("no type", line(type=...), "type: is missing"),
    ("type of wrong type", line(type=1), "type: expected a string, got 1"),
    ("unknown type", line(type="mesage"), "; did you mean message?"),
    ("no store", line(store=...), "store: is missing"),
    ("empty store", line(store=""), "store: is empty"),
    ("no conversation", line(conversation=...), "conversation: is missing"),
    ("conversation null", line(conversation=None), "conversation: is missing"),
    ("conversation too long", line(conversation="c" * 257), "conversation: has 257 characters"),
    ("no id", line(id=...), "id: is missing"),
    ("id a number", line(id=7), "id: expected a string, got 7"),
    ("no direction", line(direction=...), "direction: is missing"),
    ("unknown direction", line(direction="inn"), "direction: expected one of in, out; got"),
    ("unknown origin", line(origin="robot"), "origin: expected one of buyer, human, bot"),
    ("buyer outwards", line(direction="out"), 'origin: is "buyer", whose messages come in'),
    ("unknown kind", line(kind="audio"), f'kind: expected one of {KINDS}; got "audio"'),
    ("text a list", line(text=["a"]), "text: expected a string, got a list"),
    ("text too long", line(text="a" * 100_001), "text: has 100001 characters"),
    ("no time", line(at=...), "at: is missing"),
    (
        "time without offset",
        line(at="2026-11-20T10:10:15"),
        f"at: has no offset; expected one as in {ISO}",
    ),
    ("time in ms", line(at=1763604615000), f"at: expected a time such as {ISO}, got 1763604615000"),
    ("no such day", line(at="2026-11-31T10:00:00+08:00"), f"at: expected a time such as {ISO}"),
    ("a far year", line(at="3026-11-20T10:00:00+08:00"), "at: lies in the year 3026"),
    ("sight without offset", line(received_at="2026-11-20T10:10:15"), "received_at: has no offset"),
    ("agent a number", line(agent=3), "agent: expected a string, got 3"),
    ("recall of nothing", other("recall"), "message: is missing"),
    ("rating of nothing", other("rating"), "score: is missing; expected score with scale_max"),
    ("score without scale", other("rating", score=4), "scale_max: is missing beside score"),
    ("score off the scale", other("rating", score=6, scale_max=5), "score: 6 is not between 0"),
    ("unknown label", other("rating", label="great"), "label: expected one of satisfied"),
    ("online without agent", other("agent_online"), "agent: is missing"),
    ("another store's", line(store="elsewhere", id=...), "id: is missing"),
    ("too long", b'{"type":"' + b"x" * LINE_BYTES + b'"}', f"is longer than {LINE_BYTES} bytes"),
]


@pytest.mark.parametrize(("bad", "said"), [case[1:] for case in BAD], ids=[c[0] for c in BAD])
@pytest.mark.parametrize("end", [b"\n", b""], ids=["in the middle", "at the end"])
def test_a_bad_line_is_named_with_what_was_expected(
    tmp_path: Path, bad: bytes, said: str, end: bytes
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(GOOD + b"\n" + GOOD + bad + end)
    with pytest.raises(InputError) as raised:
        read(path)
    (only,) = str(raised.value).splitlines()
    assert only.startswith(f"{path}:4: ")
    assert said in only


def test_there_are_enough_bad_lines() -> None:
    assert len(BAD) >= 25
    assert len({name for name, *_ in BAD}) == len(BAD)


def test_events_play_in_the_order_in_which_they_were_seen(tmp_path: Path) -> None:
    told = [
        asks("10:00:03", "d"),
        asks("10:00:01", "e", seen="10:00:04"),
        asks("10:00:00", "a"),
        asks("10:00:02", "b"),
        says("10:00:02", name="c"),
        asks("10:00:01", "x", store="other"),
    ]
    path = tmp_path / "events.jsonl"
    path.write_bytes(jsonl(told))
    assert read(path) == ["a", "b", "c", "d", "e"]
    assert read(path, ("other", "shop")) == ["x", "a", "b", "c", "d", "e"]
    assert read(path, ("nobody",)) == []


def test_other_stores_are_named(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(jsonl(asks("10:00:00", store=f"s{number}") for number in range(30)))
    with open_recording(str(path), {"s3": ""}) as recording:
        assert recording.count("s3") == 1
        assert list(recording.others)[:4] == ["s0", "s1", "s2", "s4"]
        assert len(recording.others) == 20


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.rstrip(b"\n"),
        b"\n \n\r\n" + GOOD + b"\n",
    ],
    ids=["byte order mark", "CRLF", "no last end", "blank lines"],
)
def test_ends_marks_and_blanks(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(content)
    assert read(path) == ["in-10:00:00"]


def test_the_longest_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    short = line(extra="")
    path.write_bytes(line(extra="x" * (LINE_BYTES - len(short))) + b"\r\n")
    assert read(path) == ["m-1"]
    path.write_bytes(line(extra="x" * (LINE_BYTES - len(short) + 1)) + b"\n")
    with pytest.raises(InputError, match=r"events.jsonl:1: is longer than"):
        read(path)


def test_the_longest_text_fits_into_a_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    told = {**asks("10:00:00", "m-1"), "text": "语" * 100_000}
    path.write_text(json.dumps(told), "ascii")
    assert read(path) == ["m-1"]


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"")
    assert read(path) == []


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_what_is_no_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(InputError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: ")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    told = jsonl([asks("10:00:01", "b"), asks("10:00:00", "a")])
    writer = threading.Thread(target=path.write_bytes, args=(told,))
    writer.start()
    assert read(path) == ["a", "b"]
    writer.join()


def test_a_large_file_in_no_order(tmp_path: Path) -> None:
    seconds = list(range(20_000))
    random.Random(1).shuffle(seconds)  # noqa: S311 - a test's
    path = tmp_path / "events.jsonl"
    told = (
        {**asks("00:00:00", str(second)), "at": f"{moment('00:00:00')[:11]}{_time(second)}+08:00"}
        for second in seconds
    )
    path.write_bytes(jsonl(told))
    assert read(path) == [str(second) for second in range(20_000)]


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def test_a_table_is_a_recording_too(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text("会话ID,时间,发送方,话\nc-1,2026-11-20 10:00:00,买家,在吗\n", "utf-8")
    with open_recording(str(path), {"shop": "清风茶具"}, {"text": "话"}) as recording:
        assert recording.count("shop") == 1
        assert [event.store for event in recording.events("shop")] == ["shop"]


def test_columns_are_named_for_tables_only(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(GOOD)
    with (
        pytest.raises(InputError, match="--map is for tables"),
        open_recording(str(path), {"shop": ""}, {"text": "话"}),
    ):
        pass
