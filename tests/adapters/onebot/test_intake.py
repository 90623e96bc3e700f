from __future__ import annotations

from pathlib import Path

import pytest

from adapters.onebot.ends import Proxy, proxy, question
from replygate.runtime.tasks import Tasks
from replygate_adapters.onebot.intake import Intake

WAY = 'way = "reverse-ws"\nurl = "ws://127.0.0.1:9/x"'


def intake_of(shop: Proxy, *, groups: bool = False) -> Intake:
    return Intake(shop.gate, "one", Tasks(lambda *_: None), groups=groups)


async def test_a_question_is_recorded_once(tmp_path: Path) -> None:
    async with proxy(tmp_path, WAY) as shop:
        intake = intake_of(shop)
        for number in (1, 1, 2):
            await intake.take(question(number))
        await intake.recorded("5")
        assert len(shop.events("message.received")) == 2


@pytest.mark.parametrize("groups", [False, True])
async def test_groups_count_where_the_store_says_so(tmp_path: Path, groups: bool) -> None:
    async with proxy(tmp_path, WAY) as shop:
        intake = intake_of(shop, groups=groups)
        await intake.take(question(message_type="group", group_id=9))
        await intake.recorded("group:9")
        assert len(shop.events("message.received")) == int(groups)


async def test_odd_events_do_no_harm(tmp_path: Path) -> None:
    async with proxy(tmp_path, WAY) as shop:
        intake = intake_of(shop)
        await intake.take(question(1, "\ud83d"))
        await intake.take({**question(2), "user_id": "x" * 1_000})
        await intake.take({**question(3), "user_id": "\ud83d"})
        await intake.take({"post_type": "notice"})
        await intake.recorded("5")
        assert len(shop.events("message.received")) == 1
