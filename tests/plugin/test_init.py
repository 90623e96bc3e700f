from __future__ import annotations

import subprocess
import sys

import pytest

import replygate


@pytest.mark.parametrize("name", replygate.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(replygate, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'replygate' has no attribute 'load_shop'"):
        replygate.load_shop  # type: ignore[attr-defined]  # noqa: B018 - the point of the test


def test_importing_the_package_does_not_load_the_configuration() -> None:
    script = "import sys, replygate; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
