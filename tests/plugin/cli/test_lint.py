from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from replygate.__main__ import main
from workbooks import write_workbook


@pytest.fixture
def phrases(tmp_path: Path) -> str:
    path = tmp_path / "phrases.csv"
    path.write_text('标题,内容\n问候,您好\n礼,"小米手环\n有货"\n加,加微信\n等,请稍等\n', "utf-8")
    return str(path)


def write(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "p.txt"
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def test_the_list_says_which_to_change_and_to_what(
    store: str, phrases: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", phrases, "-s", store]) == 4

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "line 3  REWRITE 已改写",
        "   原文 original   小米手环⏎有货",
        "   改为 change to  本店手环⏎有货",
        "   原因 because    brand「小米手环」别家的品牌",
        "",
        "line 5  BLOCK 已拦截",
        "   原文 original   加微信",
        "   原因 because    chat「微信」不得引导买家离开平台",
        "",
        "line 6  PASS 通过",
        "   原文 original   请稍等",
        "   原因 because    wait「稍等」说了就要再来回复",
        "",
    ]
    assert said.err == (
        f"{phrases}: 4 phrases: 2 fine (1 with a warning), 1 to change, 1 to write anew\n"
    )


def test_json_has_one_object_per_listed_phrase(
    store: str, phrases: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", phrases, "-s", store, "--json"]) == 4

    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(entry) for entry in listed] == [
        ["sheet", "line", "action", "original", "text", "findings"]
    ] * 3
    assert [(entry["line"], entry["action"], entry["text"]) for entry in listed] == [
        (3, "rewrite", "本店手环\n有货"),
        (5, "block", None),
        (6, "pass", "请稍等"),
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["您好"], 0),
        (["您好", "请稍等"], 0),
        (["小米手环", "您好"], 3),
        (["加微信", "小米手环"], 4),
    ],
)
def test_the_exit_code_is_the_worst_verdict(
    store: str, tmp_path: Path, lines: list[str], code: int
) -> None:
    assert main(["lint", write(tmp_path, *lines), "-s", store]) == code


def test_a_store_that_observes_is_judged_as_if_it_enforced(store: str, tmp_path: Path) -> None:
    name = write(tmp_path, "小米手环")
    assert main(["lint", name, "-s", store, "--set", "mode=observe"]) == 3


def test_the_store_is_loaded_with_what_was_asked(store: str, tmp_path: Path) -> None:
    name = write(tmp_path, "全网最小")
    assert main(["lint", name, "-s", store]) == 0
    assert main(["lint", name, "-s", store, "--enable", "small"]) == 4


def test_another_column(store: str, phrases: str) -> None:
    assert main(["lint", phrases, "-s", store, "--column", "标题"]) == 0


def test_the_rows_of_a_workbook_are_named_by_their_sheet(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = {"售前": [["内容"], ["您好"], ["加微信"]], "售后": [["内容"], ["小米手环"]]}
    name = write_workbook(tmp_path / "p.xlsx", sheets)

    assert main(["lint", name, "-s", store]) == 4
    listed = [line for line in capsys.readouterr().out.splitlines() if line[:1].strip()]
    assert listed == ["售前!3  BLOCK 已拦截", "售后!2  REWRITE 已改写"]

    assert main(["lint", name, "-s", store, "--json"]) == 4
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(entry["sheet"], entry["line"]) for entry in entries] == [("售前", 3), ("售后", 2)]


def test_a_person_who_watches_sees_how_far_it_is(
    store: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["lint", write(tmp_path, "您好"), "-s", store]) == 0
    assert "judging [" in capsys.readouterr().err


def test_a_file_that_can_not_be_used(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = str(tmp_path / "p.xlsx")
    Path(name).write_bytes(b"PK\x03\x04")

    assert main(["lint", name, "-s", store]) == 1

    said = capsys.readouterr()
    assert said.err == (
        f"{name}: is a broken workbook (File is not a zip file); "
        "open it in Excel or WPS and save it anew\n"
    )
    assert said.out == ""
