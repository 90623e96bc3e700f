"""How one speaks: each rule of the catalogue on its platform's demo store.

The other half of the catalogue, contact and payment, has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue_sentences import CHECKED, ENFORCED
from replygate.model import Cleared


@pytest.mark.parametrize(("platform", "rule", "text"), [row[1:4] for row in ENFORCED])
def test_it_does_not_go_out_as_it_is(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert cleared.action in ("block", "rewrite")
    assert rule in {finding.rule for finding in cleared.findings}


@pytest.mark.parametrize(("platform", "rule", "text"), [row[1:4] for row in CHECKED])
def test_it_is_found(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert rule in {finding.rule for finding in screen_in(platform, text).findings}


@pytest.mark.parametrize(("platform", "text"), [(row[1], row[4]) for row in (*ENFORCED, *CHECKED)])
def test_it_is_left_alone(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert {finding.rule for finding in cleared.findings} <= {"JD-F-01"}
