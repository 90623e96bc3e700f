from __future__ import annotations

import platform
import subprocess
import sys
from argparse import Namespace

import pytest

from replygate.cli import version


def test_version_names_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert version.run(Namespace()) == 0

    lines = [line.rsplit(" ", 1) for line in capsys.readouterr().out.splitlines()]
    assert [part for part, _ in lines] == ["replygate", "Python", "pyahocorasick", "config schema"]
    assert lines[1][1] == platform.python_version()
    assert all(number[0].isdigit() for _, number in lines)


def test_version_does_not_load_the_product() -> None:
    script = (
        "import sys; from replygate.__main__ import main; main(['--version']);"
        "heavy = {'pydantic', 'ahocorasick', 'replygate.config'} & set(sys.modules);"
        "sys.exit(bool(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
