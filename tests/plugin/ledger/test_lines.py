from __future__ import annotations

import pytest

from replygate.ledger import FindingLine
from replygate.model import Action

from .samples import finding


@pytest.mark.parametrize(
    ("verdict", "is_message", "went_out"),
    [
        (None, 1, True),
        ("pass", 1, True),
        ("rewrite", 1, False),
        ("block", 0, False),
        ("pass", 0, False),
    ],
)
def test_what_went_out_as_it_was(
    verdict: Action | None, is_message: int, *, went_out: bool
) -> None:
    line = FindingLine(finding(), "bot", None, None, verdict, is_message)
    assert line.went_out is went_out
