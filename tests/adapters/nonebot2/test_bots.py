from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from nonebot.adapters import Bot
from nonebot.adapters.onebot.v11.exception import ActionFailed, ApiNotAvailable

from adapters.onebot.ends import question
from replygate.config import load_store
from replygate.errors import PlatformRefused, ReplygateError
from replygate.model import Draft, Receipt
from replygate.runtime import ReplyGate
from replygate.runtime.tasks import Tasks
from replygate_adapters.contract import STORE, STORE_ID
from replygate_adapters.nonebot2.bots import StoreBots
from replygate_adapters.onebot.intake import Intake


class Connection:
    """A connected bot of an account, and what is sent by it."""

    def __init__(self, self_id: str) -> None:
        self.self_id = self_id
        self.sent: list[str] = []
        self.answer: object = {"message_id": 5}

    @property
    def bot(self) -> Bot:
        return cast("Bot", self)

    async def call_api(self, bot: object, action: str, **params: Any) -> object:
        assert bot is self
        if isinstance(self.answer, Exception):
            raise self.answer
        self.sent.append(f"{action} {params['user_id']}")
        return self.answer


@pytest.fixture
async def gate(tmp_path: Path) -> AsyncIterator[ReplyGate]:
    (tmp_path / "contract.toml").write_text(STORE, "utf-8")
    ledger = f"sqlite:///{tmp_path}/ledger.db"
    store = load_store(tmp_path / "contract.toml")
    async with ReplyGate.open(stores=store, ledger=ledger, journal=tmp_path / "j") as gate:
        yield gate


@pytest.fixture
def intake(gate: ReplyGate) -> Intake:
    return Intake(gate, STORE_ID, Tasks(lambda *_: None), groups=False)


@pytest.fixture
def bots(gate: ReplyGate, intake: Intake) -> StoreBots:
    return StoreBots(gate, STORE_ID, intake)


async def test_a_hold_goes_out_by_the_bot_that_heard_the_buyer(
    gate: ReplyGate, intake: Intake, bots: StoreBots
) -> None:
    one, two = Connection("1"), Connection("2")
    cleared = gate.screen(Draft("7", "在", store=STORE_ID))
    bots.came(one.bot, one.call_api)
    receipt = await bots.send(cleared)
    assert receipt == Receipt("5", receipt.at_ms)
    bots.came(two.bot, two.call_api)
    with pytest.raises(PlatformRefused, match="the bot that heard the buyer is not connected"):
        await bots.send(cleared)
    await intake.take(question(self_id=2, user_id=7))
    await intake.take({"post_type": "meta_event", "self_id": 1})
    await bots.send(cleared)
    assert (one.sent, two.sent) == (["send_private_msg 7"], ["send_private_msg 7"])
    bots.left(two.bot)
    with pytest.raises(PlatformRefused, match="not connected"):
        await bots.send(cleared)


async def test_without_a_bot_there_is_no_platform(gate: ReplyGate, bots: StoreBots) -> None:
    old, new = Connection("1"), Connection("1")
    bots.came(old.bot, old.call_api)
    bots.came(new.bot, new.call_api)
    # The old connection's end comes after the new one's begin.
    bots.left(old.bot)
    assert (await gate.send(Draft("7", "在", store=STORE_ID))).state == "sent"
    bots.left(new.bot)
    with pytest.raises(ReplygateError, match="no platform is connected"):
        await gate.send(Draft("7", "在", store=STORE_ID))


async def test_what_surely_is_not_out_is_refused(gate: ReplyGate, bots: StoreBots) -> None:
    one = Connection("1")
    bots.came(one.bot, one.call_api)
    unavailable: Any = ApiNotAvailable
    refused: Any = ActionFailed
    for error in (unavailable(), refused(retcode=1, status="failed")):
        one.answer = error
        with pytest.raises(PlatformRefused):
            await bots.send(gate.screen(Draft("7", "在", store=STORE_ID)))
