from __future__ import annotations

import io
import json
import sys

import pytest

from replygate import Draft, load_store
from replygate.__main__ import main
from replygate.cli import try_text
from replygate.cli.columns import width_of
from replygate.cli.try_text import report


def report_of(
    store: str,
    text: str,
    *,
    settings: tuple[str, ...] = (),
    width: int = 60,
    coloured: bool = False,
) -> list[str]:
    cleared = load_store(store, settings=settings).gate.screen(Draft("c", text))
    return list(report(cleared, [3000, 1000, 2000], width, coloured=coloured))


def test_a_blocked_text(store: str) -> None:
    assert report_of(store, "亲，加微信聊") == [
        "BLOCK 已拦截",
        "",
        "原文 original",
        "  亲，加微信聊",
        "        ^^^^",
        "",
        "命中 findings",
        "1. chat",
        "   命中 matched    微信",
        "   处理 action     拦截 block",
        "   原因 why        不得引导买家离开平台",
        "   来源 source     平台规则三",
        "",
        "发出 goes out",
        "  （不发出 nothing）",
        "",
        "用时 time",
        "  2.0 µs，加载后判断 3 次的中位数 (median of that many runs)",
    ]


def test_a_rewritten_text(store: str) -> None:
    lines = report_of(store, "小米手环有货")

    assert lines[0] == "REWRITE 已改写"
    assert lines[3:5] == ["  小米手环有货", "  ^^^^^^^^"]
    assert "   改为 replace    本店手环" in lines
    assert lines[lines.index("发出 goes out") + 1] == "  本店手环有货"


def test_a_clean_text_has_no_carets_and_no_findings(store: str) -> None:
    assert report_of(store, "您好")[:7] == [
        "PASS 通过",
        "",
        "原文 original",
        "  您好",
        "",
        "发出 goes out",
        "  （原文照发 the original, unchanged）",
    ]


def test_a_warning_passes_and_is_shown(store: str) -> None:
    lines = report_of(store, "请稍等")

    assert lines[0] == "PASS 通过"
    assert lines[4] == "    ^^^^"
    assert "   处理 action     提醒 warn" in lines


def test_observe_mode_tells_what_enforcing_would_do(store: str) -> None:
    lines = report_of(store, "加微信", settings=("mode=observe",))

    assert lines[0] == "BLOCK 已拦截"
    assert lines[1].startswith("观察模式")
    assert "  （原文照发 the original, unchanged）" in lines


@pytest.mark.parametrize("mode", ["mode=enforce", "mode=observe"])
@pytest.mark.parametrize("width", [30, 47, 80])
def test_no_line_is_wider_than_the_terminal(store: str, width: int, mode: str) -> None:
    text = "小米手环和微信，请稍等🙂，" * 9 + "\n" + "abc wx " * 9
    for line in report_of(store, text, width=width, settings=(mode,)):
        assert width_of(line) <= width


def test_colour_changes_nothing_but_colour(store: str) -> None:
    coloured = report_of(store, "加微信聊", coloured=True)
    plain = report_of(store, "加微信聊")

    assert coloured[0] == "\x1b[31mBLOCK 已拦截\x1b[0m"
    bare = [line.replace("\x1b[31m", "").replace("\x1b[1m", "") for line in coloured]
    assert [line.replace("\x1b[0m", "") for line in bare] == plain


@pytest.mark.parametrize(
    ("text", "code"), [("您好", 0), ("请稍等", 0), ("小米手环", 3), ("加微信", 4), ("", 0)]
)
def test_exit_codes(store: str, text: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", text, "-s", store]) == code
    assert capsys.readouterr().err == ""


def test_observe_mode_exits_with_0_because_the_text_goes_out(store: str) -> None:
    assert main(["try", "加微信", "-s", store, "--set", "mode=observe"]) == 0


def test_enable_switches_a_rule_on(store: str) -> None:
    assert main(["try", "全网最小", "-s", store]) == 0
    assert main(["try", "全网最小", "-s", store, "--enable", "small"]) == 4


def test_json_is_the_object_that_screen_writes(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["try", "小米手环", "-s", store, "--json"]) == 3

    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["action", "text", "findings"]
    assert (answer["action"], answer["text"]) == ("rewrite", "本店手环")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("您好\n", "您好"),
        ("您好\r\n", "您好"),
        ("一\n二\n\n", "一\n二\n"),
        ("\ufeff您好", "您好"),
        ("", ""),
        ("-", "-"),
    ],
)
def test_a_dash_reads_stdin(
    store: str,
    raw: str,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(raw.encode())))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert main(["try", "-", "-s", store, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == text


def test_a_text_that_starts_with_a_dash(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "-s", store, "--json", "--", "-5折"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "-5折"


def test_a_text_of_more_bytes_than_the_limit_is_refused(
    store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"12345")))
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(try_text, "LINE_BYTES", 4)

    assert main(["try", "-", "-s", store]) == 1
    assert capsys.readouterr().err == "stdin: is longer than 4 bytes\n"


def test_a_caller_may_pass_what_no_shell_can(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["try", "加\ud800微信", "-s", store]) == 4
    assert "  加\\ud800微信\n          ^^^^\n" in capsys.readouterr().out
