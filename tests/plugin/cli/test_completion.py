from __future__ import annotations

import importlib
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from replygate.cli import completion
from replygate.cli.exits import InputError
from replygate.cli.parser import parse


def script(capsys: pytest.CaptureFixture[str], shell: str) -> str:
    assert completion.run(parse(["completion", shell])) == 0
    return capsys.readouterr().out


def test_bash_completes_commands_and_flags(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "completion.bash"
    path.write_text(script(capsys, "bash"), "utf-8")
    ask = (
        f"source {path}; "
        'complete_for() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); '
        '_shtab_replygate; echo "${COMPREPLY[@]}"; }; '
        "complete_for replygate tr; complete_for replygate try --en; "
        "complete_for replygate completion z; complete_for replygate words im; "
        "complete_for replygate words diff --cor"
    )

    answer = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=False)

    assert answer.stdout.split() == ["try", "--enable", "zsh", "import", "--corpus"], answer.stderr


def test_zsh_gets_a_script_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    text = script(capsys, "zsh")
    assert text.startswith("#compdef replygate")
    assert "--column" in text


def test_without_shtab_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'replygate\[completion\]'"):
        completion.run(parse(["completion", "bash"]))
