from __future__ import annotations

from contextlib import ExitStack

import pytest

from replygate.sidecar.admission import Admission
from replygate.sidecar.problems import ApiProblem


def test_places_are_given_back() -> None:
    admission = Admission(total=1)
    for _ in range(3):
        with admission.admit("screen", "one"):
            assert len(admission) == 1
    assert len(admission) == 0


def test_a_place_is_given_back_where_the_work_fails() -> None:
    admission = Admission(total=1)
    with pytest.raises(KeyError), admission.admit("screen", "one"):
        raise KeyError
    assert len(admission) == 0


def test_a_store_has_its_share_of_each_route() -> None:
    admission = Admission(total=10, share=2)
    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(admission.admit("outbound", "one"))
        with pytest.raises(ApiProblem) as caught, admission.admit("outbound", "one"):
            pass
        assert (caught.value.code, caught.value.headers) == ("busy-store", {"Retry-After": "1"})
        held.enter_context(admission.admit("inbound", "one"))
        held.enter_context(admission.admit("outbound", "two"))
        assert len(admission) == 4


def test_the_whole_is_bounded_too() -> None:
    admission = Admission(total=2, share=2)
    with admission.admit("screen", "one"), admission.admit("screen", "two"):
        with pytest.raises(ApiProblem) as caught, admission.admit("screen", "three"):
            pass
        assert caught.value.code == "busy"
