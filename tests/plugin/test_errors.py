import inspect

import pytest

from replygate import errors
from replygate.errors import ConfigError, PlatformBusy, Problem, ReplygateError


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("shop.toml", 3, "mode", "expected a text"), "shop.toml:3: mode: expected a text"),
        (
            Problem("shop.toml", 3, "mdoe", "is no key", 'did you mean "mode"'),
            'shop.toml:3: mdoe: is no key; did you mean "mode"',
        ),
        (Problem("gone.toml", 0, "", "there is no such file"), "gone.toml: there is no such file"),
        (
            Problem("shop.toml", 1, "platform", "is old", level="warning"),
            "shop.toml:1: warning: platform: is old",
        ),
    ],
)
def test_a_problem_is_one_line(problem: Problem, line: str) -> None:
    assert str(problem) == line


def test_a_config_error_holds_every_problem_a_line_each() -> None:
    problems = [Problem("a.toml", 1, "x", "one"), Problem("a.toml", 2, "y", "two")]
    error = ConfigError(problems)
    assert error.problems == tuple(problems)
    assert str(error).splitlines() == ["a.toml:1: x: one", "a.toml:2: y: two"]


def test_a_busy_platform_says_for_how_long() -> None:
    assert PlatformBusy(retry_after_s=2.5).retry_after_s == 2.5
    assert "2.5 s" in str(PlatformBusy(retry_after_s=2.5))


def test_everything_raised_on_purpose_has_one_base() -> None:
    raised = [e for _, e in inspect.getmembers(errors, inspect.isclass) if issubclass(e, Exception)]
    assert len(raised) > 5
    assert all(issubclass(error, ReplygateError) for error in raised)
