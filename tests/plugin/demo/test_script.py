"""The script shows what it promises, in the time that it has."""

from __future__ import annotations

from replygate.demo.script import DEADLINE_S, LASTS_S, LEAD_S, SCENES, scene_of

ENDS_WITHIN_S = 12
"""With the start of three processes it has to fit into twenty seconds."""


def test_it_shows_a_pass_a_rewrite_blocks_a_hold_and_a_person() -> None:
    said = [str(line.message) for scene in SCENES for line in scene.lines]
    for careless in ("淘宝", "加微", "微信付款", "13812345678", "有病"):
        assert any(careless in text for text in said)
    assert any(isinstance(line.message, list) for scene in SCENES for line in scene.lines)
    assert {line.call for scene in SCENES for line in scene.lines} == {
        "send",
        "send_private_msg",
        "call_api",
    }
    assert [scene.name for scene in SCENES if scene.person] == ["小吴"]


def test_somebody_waits_for_longer_than_the_holding_reply_is_due() -> None:
    (silent,) = (scene for scene in SCENES if scene.name == "小周")
    assert silent.lines[0].after_s > DEADLINE_S - LEAD_S


def test_it_is_short() -> None:
    assert LASTS_S <= ENDS_WITHIN_S


def test_every_buyer_has_one_scene() -> None:
    assert len({scene.user_id for scene in SCENES}) == len(SCENES)
    assert all(scene_of(scene.user_id) is scene for scene in SCENES)
    assert scene_of(1) is None
