from __future__ import annotations

import pytest

from replygate_adapters.onebot.frames import (
    MISSING,
    Unjudgeable,
    echo_of,
    read_action,
    read_value,
    sound_params,
)


def test_an_action_keeps_all_that_stands_in_it() -> None:
    action = read_action('{"action":"send_msg","params":{"a":1},"more":[2]}')
    assert action is not None
    assert (action.name, action.params, action.echo) == ("send_msg", {"a": 1}, MISSING)
    assert action.frame() == '{"action":"send_msg","params":{"a":1},"more":[2]}'
    changed = action.frame({"a": "微"}, echo=[1])
    assert changed == '{"action":"send_msg","params":{"a":"\\u5fae"},"more":[2],"echo":[1]}'


@pytest.mark.parametrize("frame", ["", "  \n", "17", '"send_msg"', "null", "true", "{}", '{"a":1}'])
def test_what_surely_is_no_action(frame: str) -> None:
    assert read_action(frame) is None


@pytest.mark.parametrize(
    "frame",
    ["[]", "{", "{'action':1}", '{"ACTION":1}', '{"action":1}', '{"action":"x","Echo":1}', b"\xff"],
)
def test_what_might_be_one(frame: str | bytes) -> None:
    with pytest.raises(Unjudgeable):
        read_action(frame)


def test_parameters_are_an_object_with_known_keys_in_small_letters() -> None:
    assert sound_params({"message": "a", "groupId": 1}) == {"message": "a", "groupId": 1}
    wrongs: list[object] = [[], "x", {"MESSAGE": "a"}, {"Content": "a"}]
    for wrong in wrongs:
        with pytest.raises(Unjudgeable):
            sound_params(wrong)


def test_the_echo_of_a_refused_frame_is_found_where_it_can_be_read() -> None:
    assert echo_of('{"action":1,"echo":{"a":1}}') == {"a": 1}
    assert echo_of("[1]") is MISSING
    assert echo_of("{") is MISSING
    assert read_value("[" * 100_000) is None
