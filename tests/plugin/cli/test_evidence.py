"""The command over a ledger that the gate itself has written."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from command_line import run
from kept import Kept, keep_a_day
from replygate.__main__ import main


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return keep_a_day(tmp_path_factory.mktemp("kept"))


def asked(kept: Kept, *args: str, of: str = "c-2") -> tuple[str, ...]:
    where = ("-s", kept.store, "--ledger", kept.url, "--conversation", of)
    return ("evidence", *where, *args)


def test_what_happened_in_its_order(kept: Kept) -> None:
    done = run(*asked(kept), env={"COLUMNS": "100"})
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    day = str(kept.day)
    order = [
        "清风茶具 (tea-shop)  会话 conversation c-2",
        f"{day} 10:02:00  买家  来信：能便宜吗",
        "5分钟回复 PDD-D-03 开始",
        f"{day} 10:02:10  机器人  被拦截，没有发出；命中",
        f"{day} 10:02:15  机器人  发出：已是最低价了亲",
        f"{day} 10:02:15  平台  转人工",
        f"{day} 10:02:20  买家  评价 4/5",
        f"{day} 10:07:00  计时  5分钟回复 PDD-D-03 到期，没有肯定算数的回复",
        "没有保存的 what was not kept",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_numbers_are_masked(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(kept, of="c-1")) == 0
    text = capsys.readouterr().out
    assert "在吗，我的电话 13***" in text
    assert "13812345678" not in text
    assert "人工 小李  发出：在的" in text


def test_what_privacy_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = keep_a_day(tmp_path, "none")
    assert main(asked(kept)) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "2 条消息没有保存内容" in text
    assert "能便宜吗" not in text


def test_the_object_holds_the_facts(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(kept, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["store"], told["conversation"], told["truncated"]) == ("tea-shop", "c-2", False)
    assert told["messages"][0]["id"] == "m-3"
    assert told["messages"][0]["at"] == f"{kept.day}T10:02:00.000+08:00"
    assert told["ratings"][0]["score"] == 4
    assert {clock["rule_id"] for clock in told["clocks"]} >= {"PDD-D-03"}
    assert told["clocks"][0]["due_at"]
    assert not any(key.endswith("_ms") for one in told["turns"] for key in one)
    assert told["missing"]


def test_rows_for_a_spreadsheet(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c-3.csv"
    assert main(asked(kept, "--csv", str(file), of="c-3")) == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert (rows[0]["who"], rows[0]["text"]) == ("买家", "'=1+1")
    assert "已打码" in capsys.readouterr().err


def test_a_page(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "c-2.html"
    assert main(asked(kept, "--html", str(file))) == 0
    assert "会话 c-2" in file.read_text("utf-8")


def test_an_unknown_conversation(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(kept, of="c-9")) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert 'the ledger knows no conversation "c-9" of the store "tea-shop"' in err
