"""What the buyers ask, and what the bot makes of it. Plain data, for platform and bot alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Segment = dict[str, Any]
"""One segment of a OneBot v11 message."""

DEADLINE_S: Final = 12
LEAD_S: Final = 6
"""How long before the deadline the holding reply goes out; short, as nobody likes to wait."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the bot says, so many seconds after it was asked, and by which call of its framework."""

    after_s: float
    message: str | list[Segment]
    call: str = "send"


@dataclass(frozen=True, slots=True)
class Scene:
    """One buyer, who asks `at_s` after the beginning. `person` is what a person answers elsewhere.

    `label` says in a few words what is shown.
    """

    at_s: float
    user_id: int
    name: str
    asks: str
    label: str
    lines: tuple[Line, ...] = ()
    person: Line | None = None


def _text(text: str) -> Segment:
    return {"type": "text", "data": {"text": text}}


SCENES: Final = (
    Scene(
        at_s=0.0,
        user_id=10001,
        name="小明",
        asks="在吗？今天能发货吗",
        label="正常回复 a good answer",
        lines=(Line(0.1, "在的，今天下午就给您发货"),),
    ),
    Scene(
        at_s=0.4,
        user_id=10002,
        name="小红",
        asks="能便宜点吗",
        label="站外平台 another platform",
        lines=(Line(0.1, "我们淘宝店更便宜，您去那边搜同款"),),
    ),
    Scene(
        at_s=0.8,
        user_id=10003,
        name="小刚",
        asks="怎么联系你们",
        label="拆开的联系方式 a contact in pieces",
        lines=(
            Line(0.1, [_text("加微"), {"type": "face", "data": {"id": "66"}}, _text("信聊吧")]),
            Line(1.2, "在这里直接留言就可以，我们一直在的", call="call_api"),
        ),
    ),
    Scene(
        at_s=1.2,
        user_id=10004,
        name="小丽",
        asks="可以怎么付款",
        label="改写 a rewrite",
        lines=(Line(0.1, "用微信付款也行", call="send_private_msg"),),
    ),
    Scene(
        at_s=1.6,
        user_id=10005,
        name="小强",
        asks="有电话吗，打字太慢",
        label="手机号 a phone number",
        lines=(
            Line(0.1, "有的，打 13812345678"),
            Line(1.2, "您把问题发在这里，我马上帮您看"),
        ),
    ),
    Scene(
        at_s=2.0,
        user_id=10006,
        name="小芳",
        asks="质量太差了，退货",
        label="辱骂 an insult",
        lines=(
            Line(0.1, "你脑子有病吧"),
            Line(1.2, "非常抱歉，您在订单页申请退货，运费由我们承担"),
        ),
    ),
    Scene(
        at_s=2.4,
        user_id=10007,
        name="小周",
        asks="165 穿什么码",
        label="没人回复 nobody answers",
        lines=(Line(DEADLINE_S - LEAD_S + 1.2, "165 建议穿 M 码"),),
    ),
    Scene(
        at_s=2.8,
        user_id=10008,
        name="小吴",
        asks="我要找人工",
        label="人工在手机上回复 a person, on the phone",
        person=Line(1.5, "您好，我是店主，请讲"),
    ),
)

LASTS_S: Final = max(
    scene.at_s + line.after_s
    for scene in SCENES
    for line in (*scene.lines, *([scene.person] if scene.person else []))
)
"""When the last of them has spoken."""


def scene_of(user_id: int) -> Scene | None:
    """The scene of this buyer."""
    return next((scene for scene in SCENES if scene.user_id == user_id), None)
