from __future__ import annotations

from replygate.cli import exits
from replygate.errors import ReplygateError


def test_every_exit_code_has_its_own_meaning() -> None:
    codes = [value for value in vars(exits).values() if isinstance(value, int)]

    assert sorted(codes) == sorted(set(codes))
    assert set(exits.MEANINGS) == set(codes)
    assert len(set(exits.MEANINGS.values())) == len(codes)


def test_the_codes_that_scripts_rely_on() -> None:
    assert (exits.OK, exits.WRONG, exits.USAGE) == (0, 1, 2)
    assert (exits.REWRITTEN, exits.BLOCKED, exits.OUR_FAULT) == (3, 4, 70)


def test_an_input_error_is_one_that_we_raise_on_purpose() -> None:
    assert issubclass(exits.InputError, ReplygateError)
