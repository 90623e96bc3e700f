from __future__ import annotations

from dataclasses import replace

from replygate.ledger import OutboxRow, SendState
from replygate.runtime.echo import ECHO_WINDOW_MS, SENDS_REMEMBERED, Echoes


def row(
    send_id: str = "s-1",
    *,
    state: SendState = "sent",
    platform_id: str | None = None,
) -> OutboxRow:
    return OutboxRow(
        send_id,
        "shop",
        "c-1",
        None,
        "bot",
        None,
        state,
        0,
        client_id=f"client-{send_id}",
        platform_id=platform_id,
        text_hash="hash",
    )


def test_a_send_is_found_by_the_platforms_id_and_by_ours() -> None:
    echoes = Echoes((row(platform_id="p-1"),))
    for message_id in ("p-1", "client-s-1"):
        found = echoes.find(message_id, "another text", 10**9)
        assert found is not None
        assert found.row.send_id == "s-1"
    assert echoes.find("p-2", "another text", 0) is None


def test_a_send_is_found_by_content_and_time_once() -> None:
    echoes = Echoes()
    first, second = echoes.begin(row("s-1")), echoes.begin(row("s-2"))
    assert echoes.find(None, "hash", ECHO_WINDOW_MS) is first
    first.echo_id = "e-1"
    assert echoes.find("e-1", "hash", 0) is first
    assert echoes.find("e-2", "hash", 0) is second
    assert echoes.find(None, "other", 0) is None
    assert echoes.find(None, "hash", ECHO_WINDOW_MS + 1) is None


def test_what_surely_is_not_out_has_no_echo() -> None:
    echoes = Echoes()
    send = echoes.begin(row())
    send.row = replace(send.row, state="failed")
    assert send.state == "failed"
    assert echoes.find("e-1", "hash", 0) is None


def test_only_the_latest_sends_are_remembered() -> None:
    echoes = Echoes()
    for number in range(SENDS_REMEMBERED + 1):
        echoes.begin(row(f"s-{number}", platform_id=f"p-{number}"))
    assert echoes.find("p-0", "", 0) is None
    assert echoes.find("p-1", "", 0) is not None
