"""Tables of messages as consoles export them, to the last bad row."""

from __future__ import annotations

from pathlib import Path

import pytest

from recorded import ms
from replygate.cli.arguments import MAPPED
from replygate.cli.event_table import FIELDS, TableRecording, column_names
from replygate.cli.exits import InputError
from replygate.events import Event, Inbound, Outbound
from workbooks import write_workbook

HEAD = "会话ID,时间,发送方,内容"
SHOPS = {"shop": "清风茶具"}


def read(
    path: Path, text: str, stores: dict[str, str] | None = None, encoding: str = "utf-8"
) -> list[Event]:
    file = path / "day.csv"
    file.write_bytes(text.encode(encoding))
    recording = TableRecording(str(file), stores or SHOPS, {})
    return [event for store in stores or SHOPS for event in recording.events(store)]


def test_a_usual_export(tmp_path: Path) -> None:
    question, answer = read(
        tmp_path,
        f"{HEAD},客服昵称\nc-1,2026/11/20 10:00:00,买家,在吗,\n"
        "c-1,2026/11/20 10:00:20,客服,在的,小李\n",
    )
    assert isinstance(question, Inbound)
    assert (question.store, question.conversation, question.text) == ("shop", "c-1", "在吗")
    assert (question.at_ms, question.origin) == (ms("10:00:00"), "buyer")
    assert isinstance(answer, Outbound)
    assert (answer.origin, answer.agent, answer.text) == ("human", "小李", "在的")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_excel(tmp_path: Path, encoding: str) -> None:
    (event,) = read(tmp_path, f"{HEAD}\nc-1,2026-11-20 10:00:00,买家,在吗\n", encoding=encoding)
    assert isinstance(event, Inbound)
    assert event.text == "在吗"


def test_a_workbook_is_a_table_too(tmp_path: Path) -> None:
    rows = [HEAD.split(","), ["c-1", "2026-11-20 10:00:00", "机器人", "在的"]]
    file = tmp_path / "day.xlsx"
    write_workbook(file, {"聊天": rows})
    (event,) = TableRecording(str(file), SHOPS, {}).events("shop")
    assert isinstance(event, Outbound)
    assert event.origin == "bot"


def test_columns_can_be_named(tmp_path: Path) -> None:
    text = "甲,乙,丙,丁\nc-1,2026-11-20 10:00:00,买家,在吗\n"
    (event,) = read_named(tmp_path, text)
    assert isinstance(event, Inbound)


def read_named(path: Path, text: str) -> list[Event]:
    file = path / "day.csv"
    file.write_text(text, "utf-8")
    names = {"conversation": "甲", "at": "乙", "who": "丙", "text": "丁"}
    return list(TableRecording(str(file), SHOPS, names).events("shop"))


def test_a_day_in_a_column_of_its_own(tmp_path: Path) -> None:
    text = (
        "日期,时间,会话,角色,消息\n2026-11-20,10:00:00,c-1,买家,在吗\n"
        "2026-11-20,2026-11-20 10:00:01,c-1,买家,在吗\n"
    )
    first, second = read(tmp_path, text)
    assert (first.at_ms, second.at_ms) == (ms("10:00:00"), ms("10:00:01"))


def test_events_come_by_time_and_equal_ones_are_two(tmp_path: Path) -> None:
    row = "c-1,2026-11-20 10:00:{},买家,在吗\n"
    events = read(tmp_path, f"{HEAD}\n" + "".join(row.format(at) for at in ("30", "10", "30")))
    assert [event.at_ms for event in events] == [ms("10:00:10"), ms("10:00:30"), ms("10:00:30")]
    names = {event.id for event in events if isinstance(event, Inbound)}
    assert len(names) == 3


def test_stores_are_told_by_id_or_name(tmp_path: Path) -> None:
    text = f"{HEAD},店铺\n" + "".join(
        f"c-1,2026-11-20 10:00:00,买家,在吗,{shop}\n" for shop in ("shop", "清风茶具", "别家", "b")
    )
    file = tmp_path / "day.csv"
    file.write_text(text, "utf-8")
    recording = TableRecording(str(file), {"shop": "清风茶具", "b": "乙"}, {})
    assert (recording.count("shop"), recording.count("b")) == (2, 1)
    assert list(recording.others) == ["别家"]


def test_times_without_seconds_are_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = "c-1,2026-11-20 10:00,买家,在吗\n"
    read(tmp_path, f"{HEAD}\n{row}{row}")
    err = capsys.readouterr().err
    assert err == (
        f"{tmp_path / 'day.csv'}:2: times have no seconds; a wait may be off by a minute\n"
    )


GOOD = "c-1,2026-11-20 10:00:00,买家,在吗\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}\n{GOOD}c-1,昨天,买家,在吗\n", ":3: at: expected a time such as 2026-11-20"),
        (f"{HEAD}\n{GOOD}c-1,2026-11-20 10:00:00,小王,在吗\n", ":3: who: expected 买家"),
        (f"{HEAD}\n,2026-11-20 10:00:00,买家,在吗\n", ":2: conversation: is empty"),
        (f"{HEAD}\nc-1,1999-11-20 10:00:00,买家,在吗\n", ":2: at: lies in the year 1999"),
        ("会话ID,时间,发送方\n", ":1: no known column; there are 会话ID, 时间, 发送方; choose"),
    ],
)
def test_a_bad_row_is_one_error_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert f"{tmp_path / 'day.csv'}{said}" in str(caught.value)


def test_a_named_column_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r":2: at \(乙\): expected a time"):
        read_named(tmp_path, "甲,乙,丙,丁\nc-1,gestern,买家,在吗\n")
    with pytest.raises(InputError, match='there is no column "丁"'):
        read_named(tmp_path, "甲,乙,丙\nc-1,gestern,买家\n")


def test_several_stores_need_a_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=":2: store: is missing, and several stores are given"):
        read(tmp_path, f"{HEAD}\n{GOOD}", {"a": "甲", "b": "乙"})


def test_the_parser_knows_every_field() -> None:
    assert set(MAPPED) == set(FIELDS)


def test_what_several_flags_say_together() -> None:
    assert column_names([{"at": "甲"}, {"text": "乙"}]) == {"at": "甲", "text": "乙"}
    with pytest.raises(InputError, match="--map: at is given twice"):
        column_names([{"at": "甲"}, {"at": "乙"}])
