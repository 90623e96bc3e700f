from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import STORE
from replygate.__main__ import main

BROKEN = 'id = "broken"\nplatfrm = "general"\nmode = "enfroce"\n'
WARNED = 'id = "warned"\nplatform = "pdd"\nedition = "sources-2023"\n'  # an old edition


def write(tmp_path: Path, **files: str) -> Path:
    for name, content in files.items():
        (tmp_path / f"{name}.toml").write_text(content, "utf-8")
    return tmp_path


def test_a_store_that_is_fine(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", store]) == 0

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "checked 1 file: fine\n"


def test_every_problem_of_every_file_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, one=BROKEN, two=BROKEN)
    one, two = str(tmp_path / "one.toml"), str(tmp_path / "two.toml")

    assert main(["check", one, two, "nowhere"]) == 1

    said = capsys.readouterr()
    lines = said.out.splitlines()
    for file in (one, two):
        assert f"{file}:2: platfrm: unknown key; did you mean platform?" in lines
        assert any(line.startswith(f"{file}:3: mode: ") for line in lines)
    assert lines[-1].startswith("nowhere: ")
    assert said.err == "checked 3 files: 5 errors\n"


def test_a_folder_is_every_toml_file_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, fine=STORE, broken=BROKEN)
    (tmp_path / "notes.txt").write_text("x", "utf-8")

    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "checked 2 files: 2 errors\n"


@pytest.mark.parametrize("name", ["", "超" * 150])
def test_a_name_that_no_file_can_have(
    name: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", name, store]) == 1

    said = capsys.readouterr()
    assert "checked 2 files: 1 error" in said.err
    assert said.out.startswith(f"{name}: ")


def test_an_empty_folder_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{tmp_path}: holds no .toml file\n"


def test_two_stores_of_one_account_in_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter = '[adapter]\nkind = "onebot"\nway = "reverse-ws"\nurl = "ws://127.0.0.1:9/x"\n'
    write(tmp_path, **{name: f'id = "{name}"\n{adapter}self_id = "10"\n' for name in "ab"})
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().out == (
        f'{tmp_path}/b.toml: adapter.self_id: the account "10" is that of another store;'
        f" see {tmp_path}/a.toml\n"
    )


def test_two_stores_of_one_id_in_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, a=STORE, b=STORE)

    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().out == (
        f'{tmp_path}/b.toml: id: the store "corner-shop" is defined twice; see {tmp_path}/a.toml\n'
    )


def test_warnings_count_only_when_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, warned=WARNED)
    file = str(tmp_path / "warned.toml")

    assert main(["check", file]) == 0
    said = capsys.readouterr()
    assert f"{file}:3: warning: " in said.out
    assert "warning" in said.err
    assert "error" not in said.err
    assert main(["check", file, "--strict"]) == 1


def test_a_problem_that_two_stores_share_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = 'platform = "general"\n[screening]\nallow = [""]\n'
    store = 'id = "{}"\nextends = "group.toml"\n'
    write(tmp_path, group=shared, a=store.format("a"), b=store.format("b"))

    assert main(["check", str(tmp_path / "a.toml"), str(tmp_path / "b.toml")]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert said.err == "checked 2 files: 1 error\n"


@pytest.mark.parametrize("name", ["demo-pdd", "demo-jd"])
def test_a_packaged_store_has_no_errors(name: str) -> None:
    assert main(["check", name]) == 0


def test_show_tells_every_value_and_where_it_came_from(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", store, "--show"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"# {store}"
    assert f'platform = "general"  # {store}:2' in lines
    assert 'mode = "enforce"  # default' in lines
    assert any(line.startswith("rule.brand = rewrite") for line in lines)


def test_show_of_a_broken_store_tells_its_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, broken=BROKEN)
    assert main(["check", str(tmp_path / "broken.toml"), "--show"]) == 1
    assert " # " not in capsys.readouterr().out


def test_json_has_one_object_per_file(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, broken=BROKEN)

    assert main(["check", store, str(tmp_path / "broken.toml"), "--json", "--show"]) == 1

    fine, broken = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (fine["file"], fine["kind"], fine["ok"], fine["problems"]) == (store, "store", True, [])
    assert {"key": "mode", "value": '"enforce"', "origin": "default"} in fine["values"]
    assert (broken["ok"], "values" in broken) == (False, False)
    assert {problem["line"] for problem in broken["problems"]} == {2, 3}
    assert all(
        list(problem) == ["file", "line", "key", "what", "hint", "level"]
        for problem in broken["problems"]
    )
