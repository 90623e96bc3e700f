from __future__ import annotations

from pathlib import Path

import pytest

from replygate.config import load_store
from replygate.model import Draft, Finding, Receipt
from replygate.runtime import ReplyGate
from replygate.runtime.outgoing import (
    SENT_SKEW_MAX_MS,
    Outgoing,
    finding_rows,
    kept_text,
    message_of,
    outbox_row,
    screened,
)

from .kit import World
from .virtual import run


def outgoing_of(gate: ReplyGate, world: World, text: str = "今天发") -> Outgoing:
    with gate._lifetime.conversations.using("shop", "c-1") as conversation:
        draft = Draft("c-1", text, store="shop", origin="human", agent="小王")
        return screened(gate._core, conversation, draft, world.store, "s-1")


def test_what_goes_out_is_a_row_and_a_message(world: World) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            core, now_ms = gate._core, world.clock.wall_ms()
            outgoing = outgoing_of(gate, world, "已发京东快递")
            row = outbox_row(core, outgoing, "sending", turn_id="t")
            assert (row.send_id, row.origin, row.agent, row.verdict) == (
                "s-1",
                "human",
                "小王",
                "rewrite",
            )
            assert row.text_hash == core.ledger.text_hash("已发合作快递")
            message = message_of(core, outgoing, Receipt(None, now_ms + 7), 0)
            assert (message.id, message.at_ms, message.origin) == ("s-1", now_ms + 7, "human")
            assert message.text is None

    run(world.clock, main())


@pytest.mark.parametrize("off_ms", [SENT_SKEW_MAX_MS + 1, -(10**15), -SENT_SKEW_MAX_MS - 1])
def test_a_platforms_time_that_can_not_be_is_ours(world: World, off_ms: int) -> None:
    async def main() -> None:
        async with world.gate() as gate:
            now_ms = world.clock.wall_ms()
            outgoing = outgoing_of(gate, world)
            message = message_of(gate._core, outgoing, Receipt("p-1", now_ms + off_ms), 0)
            assert message.at_ms == now_ms
            asked = message_of(gate._core, outgoing, Receipt("p-1", now_ms), now_ms + 5)
            assert asked.at_ms == now_ms + 5

    run(world.clock, main())


@pytest.mark.parametrize(
    ("log_text", "text", "matched"),
    [
        ("none", None, None),
        ("hash", None, None),
        ("findings", None, "wx***"),
        ("full", "我的号wx***", "wx***"),
    ],
)
def test_the_ledger_keeps_what_the_store_allows(
    tmp_path: Path, log_text: str, text: str | None, matched: str | None
) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        f'id = "s"\n[privacy]\nlog_text = "{log_text}"\n'
        '[[screening.rule]]\nid = "w"\naction = "block"\nwords = ["wx_8866"]\n',
        "utf-8",
    )
    store = load_store(path)
    said = "我的号wx_8866"
    assert kept_text(store, said) == text
    findings = store.gate.screen(Draft("c-1", said)).findings
    [row] = finding_rows(store, "c-1", "m-1", 5, findings)
    assert (row.rule_id, row.start, row.stop, row.masked) == ("w", 3, 10, matched)


def test_a_draft_that_could_not_be_judged_is_told(world: World, tmp_path: Path) -> None:
    def stumbles(draft: Draft) -> list[Finding]:
        if "今天" in draft.text:
            raise ValueError("broken check")
        return []

    store = load_store(tmp_path / "shop.toml", checks=[stumbles])

    async def main() -> None:
        async with world.gate() as gate:
            await gate.reload(store)
            assert (await gate.send(world.says())).state == "skipped"

    run(world.clock, main())
    [fault] = world.journal.named("gate.fault")
    assert "broken check" in fault["reason"]
