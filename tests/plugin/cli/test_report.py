"""The command over a ledger that the gate itself has written."""

from __future__ import annotations

import csv
import importlib
import io
import json
import sys
from pathlib import Path

import pytest

from command_line import run
from kept import Kept, keep_a_day
from replygate.__main__ import main


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return keep_a_day(tmp_path_factory.mktemp("kept"))


def asked(kept: Kept, *args: str) -> tuple[str, ...]:
    """The command line for the day that is kept."""
    return ("report", "-s", kept.store, "--ledger", kept.url, "--until", str(kept.day), *args)


def test_a_table_for_people(kept: Kept) -> None:
    done = run(*asked(kept, "--by-agent"), env={"COLUMNS": "80"})
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.startswith("清风茶具 (tea-shop)  拼多多 sources-2023")
    assert "\x1b" not in text
    assert "收到 in 3，发出 out 2，会话 conversations 3" in text
    assert "小李：人工 1" in text


def test_the_object_holds_what_happened(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(kept, "--since", str(kept.day), "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], told["to"]) == (str(kept.day), str(kept.day))
    assert told["verdicts"] == {"passed": 1, "rewritten": 0, "blocked": 1, "elsewhere": 0}
    rate = told["metrics"]["PDD-M-01"]
    # One of three surely: a person answered; whether the bot's answer counts is not known.
    assert (rate["numerator"], rate["denominator"], rate["rate"]) == (1, 3, rate["low"])
    assert rate["high"] == 2 / 3
    assert "chat" in {rule["rule"] for rule in told["rules"]}


def test_rows_for_a_spreadsheet(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    assert main(asked(kept, "--csv", str(file))) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert {"PDD-M-01", "PDD-M-06"} <= {row["metric"] for row in rows}


def test_a_page_for_the_owner(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    assert main(asked(kept, "--html", str(file))) == 0
    page = file.read_text("utf-8")
    assert "清风茶具" in page
    assert "已是最低价" not in page, "an example is shown only where a rule matched"
    assert "<svg" in page


def test_every_store_of_a_folder(kept: Kept, tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = f'id = "{name}"\nplatform = "general"\n'
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    (tmp_path / "tea.toml").write_text(Path(kept.store).read_text("utf-8"), "utf-8")
    args = ("report", "--all", "--stores", str(tmp_path), "--ledger", kept.url)
    done = run(*args, "--until", str(kept.day), env={"COLUMNS": "100"})
    assert (done.returncode, done.stderr) == (0, b"")
    head, _, _, first, *rest = done.stdout.decode().splitlines()
    assert head.startswith("3 家店铺 stores")
    assert "清风茶具" in first
    assert len(rest) == 2


def test_several_stores_are_several_objects(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(kept, "-s", "demo-jd", "--json")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["store"] for line in lines] == ["tea-shop", "demo-jd"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "-s STORE is missing (every store of a folder: --all --stores DIR)"),
        (("--all",), 2, "--all needs --stores DIR, and no -s STORE"),
        (("--stores", "x"), 2, "-s STORE is missing"),
        (("--all", "--stores", "x", "-s", "demo-jd"), 2, "--all needs --stores DIR"),
        (("--all", "--stores", "x", "--set", "a=b"), 2, "--enable and --set change the store"),
        (("--all", "--stores", "x", "--html", "p"), 2, "--html makes the page of one store"),
        (("-s", "demo-jd", "-s", "demo-pdd", "--html", "p"), 2, "--html makes the page of one"),
        (("-s", "demo-jd", "--html", "p", "--json"), 2, "not allowed with argument --html"),
        (("-s", "demo-jd", "--since", "2026-02-02", "--until", "2026-02-01"), 2, "is after"),
        (("-s", "demo-jd", "--since", "2999-01-01"), 1, "--since 2999-01-01 is after today"),
        (("-s", "demo-jd", "--since", "2020-01-01"), 1, "a report has at most 400 days"),
        (("-s", "demo-jd", "-s", "demo-jd"), 1, 'the store "demo-jd" is given twice'),
        (("-s", "demo-jd", "--ledger", "sqlite:///no/such.db"), 1, "no/such.db"),
        (("-s", "demo-jd", "--ledger", "sqlite://"), 1, "name its file: sqlite:///FILE"),
    ],
)
def test_a_wrong_command_line(
    args: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", *args]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_a_missing_library_leaves_no_file(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    importlib.import_module("matplotlib")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(asked(kept, "--html", str(tmp_path / "page.html"))) == 1
    assert "pip install 'replygate[report]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
