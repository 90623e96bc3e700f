from __future__ import annotations

import pytest

from replygate.report.later import Later


def test_it_is_made_at_the_first_look_and_once() -> None:
    made = []

    def make() -> list[int]:
        made.append(1)
        return [1, 2, 3]

    later = Later(make)
    assert made == []
    assert (len(later), later[0], later[-1], list(later[1:])) == (3, 1, 3, [2, 3])
    assert list(later) == [1, 2, 3]
    assert made == [1]


def test_it_is_equal_to_what_holds_the_same() -> None:
    assert Later(lambda: [1, 2]) == (1, 2)
    assert Later(lambda: [1, 2]) == Later(lambda: (1, 2))
    assert Later(lambda: [1]) != (1, 2)
    assert Later(lambda: [1]) != 1
    assert repr(Later(lambda: [1])) == "[1]"
    with pytest.raises(TypeError, match="unhashable"):
        hash(Later(lambda: [1]))
