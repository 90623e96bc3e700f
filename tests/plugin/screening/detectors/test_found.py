from replygate.screening.detectors.found import Found, in_order


def test_what_is_found_comes_in_order_of_place() -> None:
    assert [*in_order([Found(5, 7), Found(0, 2)])] == [Found(0, 2), Found(5, 7)]


def test_of_two_at_one_place_the_plain_one_stays() -> None:
    assert [*in_order([Found(0, 9, evasion=True), Found(0, 3)])] == [Found(0, 3)]


def test_what_overlaps_an_earlier_one_is_left_out() -> None:
    assert [*in_order([Found(0, 4), Found(3, 6), Found(4, 5)])] == [Found(0, 4), Found(4, 5)]
