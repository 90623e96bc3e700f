from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import PROGRAM, STORE, run
from replygate import __main__ as program
from replygate.cli import exits
from replygate.cli.parser import COMMANDS

C_LOCALES = [
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C"},
]


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = tmp_path / "店.toml"
    path.write_text(STORE, "utf-8")
    return str(path)


def test_version_and_help_end_with_0() -> None:
    assert run("--version").returncode == 0
    assert run("--help").stdout.startswith(b"usage: replygate")


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("try", "x", "-s", "nowhere"), 1, 'there is no file and no packaged store "nowhere"; '),
        (("try", "x", "-s", "demo-pd"), 1, "did you mean demo-pdd?"),
        (("try", "x", "-s", "none/shop.toml"), 1, "there is no file none/shop.toml"),
        (("try", "x", "-s", "."), 1, ".: expected a file, this is a folder"),
        (("try", "x", "-s", "demo-pdd", "--enable", "nothing"), 1, "--enable: there is no rule or"),
        (("try", "x", "-s", "demo-pdd", "--set", "mode=maybe"), 1, "mode: expected one of enforce"),
        (("try", "x", "-s", "demo-pdd", "--set", "nothing=1"), 1, "nothing: unknown key"),
        (("screen", "-s", "nowhere"), 1, "there is no file and no packaged store"),
        (("lint", "p.txt", "-s", "nowhere"), 1, "there is no file and no packaged store"),
        (("lint", "none.txt", "-s", "demo-pdd"), 1, "none.txt: can not be read: No such file"),
        (("lint", "p.pdf", "-s", "demo-pdd"), 1, "p.pdf: expected a .txt, .csv, .xlsx or .jsonl"),
    ],
)
def test_what_can_not_be_used_is_one_line_and_code_1(
    argv: tuple[str, ...],
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert program.main(argv) == code

    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err
    assert output.err.count("\n") == 1


def test_every_problem_of_a_store_has_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.toml"
    path.write_text('id = "s"\nplatfrm = "general"\nmode = "x"\n', "utf-8")

    assert program.main(["screen", "-s", str(path)]) == 1

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{path}:") for line in lines)


def test_our_own_fault_is_one_line_and_70(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COMMANDS, "version", "replygate.cli.nothing")
    monkeypatch.delenv("REPLYGATE_DEBUG", raising=False)

    assert program.main(["--version"]) == 70

    assert capsys.readouterr().err == (
        "replygate: internal error: ModuleNotFoundError: No module named "
        "'replygate.cli.nothing'; REPLYGATE_DEBUG=1 shows where\n"
    )


def test_debug_shows_the_traceback_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COMMANDS, "version", "replygate.cli.nothing")
    monkeypatch.setenv("REPLYGATE_DEBUG", "1")

    assert program.main(["--version"]) == 70
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):")


@pytest.mark.parametrize("env", C_LOCALES)
def test_chinese_goes_in_and_out_in_any_locale(env: dict[str, str], store: str) -> None:
    done = run("try", "加微信\udcff聊", "-s", store, env=env)

    assert done.returncode == 4
    assert done.stderr == b""
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "BLOCK 已拦截"
    assert lines[3] == "  加微信\\udcff聊"
    assert lines[4] == "    ^^^^"


@pytest.mark.parametrize("env", C_LOCALES)
def test_streams_are_utf_8_in_any_locale(env: dict[str, str], store: str) -> None:
    done = run("screen", "-s", store, env=env, stdin='小米手环\n{"text":"\\ud83d"}\n'.encode())

    assert done.returncode == 0
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["本店手环", "\ud83d"]
    unknown = run("try", "x", "-s", store, "--set", "screening.最大=1", env=env)
    assert unknown.returncode == 1
    assert "screening.最大" in unknown.stderr.decode()


def test_a_reader_that_goes_away_ends_it_quietly(store: str) -> None:
    # A run in the background hands an ignored SIGINT down, and Python leaves that alone.
    heeding = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from replygate.__main__ import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", heeding, "screen", "-s", store]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as held:
        assert held.stdin is not None
        assert held.stdout is not None
        assert held.stderr is not None
        held.stdin.write(b"one\n")
        held.stdin.flush()
        assert held.stdout.readline()
        held.stdout.close()
        held.stdin.write(b"two\n")
        held.stdin.flush()
        assert held.wait(30) == exits.CLOSED_PIPE
        assert held.stderr.read() == b""


def test_help_into_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (exits.CLOSED_PIPE, b"")


def test_ctrl_c_ends_it_quietly_with_130(store: str) -> None:
    command = [*PROGRAM, "screen", "-s", store]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as held:
        assert held.stdin is not None
        assert held.stdout is not None
        assert held.stderr is not None
        held.stdin.write(b"one\n")
        held.stdin.flush()
        # The answer shows that it is past its start and waits for the next line.
        assert held.stdout.readline()
        held.send_signal(signal.SIGINT)
        assert held.wait(30) == 130
        assert held.stderr.read() == b""
        assert held.stdout.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "--version"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.decode() == f"replygate: {os.strerror(errno.ENOSPC)}\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_do_no_harm(closed: str, store: str) -> None:
    command = f'exec "$0" -m replygate try 加微信 -s "$1" {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, store], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 4
    assert b"Traceback" not in done.stderr


def test_screen_without_stdin_says_so(store: str) -> None:
    command = 'exec "$0" -m replygate screen -s "$1" <&-'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, store], capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"stdin: is closed; pipe the texts in\n"
