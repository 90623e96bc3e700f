from __future__ import annotations

from dataclasses import replace

import pytest

from replygate.ledger import OutboxRow, SendState
from replygate.runtime.echo import (
    DOUBT_WINDOW_MS,
    ECHO_WINDOW_MS,
    SENDS_REMEMBERED,
    Echoes,
    echo_form,
)


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


def test_an_echo_without_an_id_that_comes_twice_is_still_ours() -> None:
    echoes = Echoes()
    send = echoes.begin(row())
    send.echo_id, send.echo_ms = "s-1", 500
    assert echoes.find(None, "hash", 0) is send
    assert echoes.find("e-2", "hash", 0) is None


def test_an_echo_that_comes_again_under_a_name_is_known_by_its_stamp() -> None:
    echoes = Echoes()
    first, second = echoes.begin(row("s-1")), echoes.begin(row("s-2"))
    first.echo_id, first.echo_ms = "s-1", 500
    assert echoes.find("e-1", "hash", 500) is first
    first.echo_id = "e-1"
    assert echoes.find("e-1", "hash", 500) is first
    # Whatever has another name than that is another message.
    assert echoes.find("e-2", "hash", 500) is second


def test_an_echo_is_known_by_when_it_came_where_our_clock_is_wrong() -> None:
    echoes = Echoes()
    send = echoes.begin(row())
    wrong_ms = -ECHO_WINDOW_MS - 50_000
    assert echoes.find(None, "hash", wrong_ms, 1_000) is send
    assert echoes.find(None, "hash", wrong_ms, ECHO_WINDOW_MS + 1) is None


def test_an_echo_that_comes_twice_is_not_the_receipt_of_a_second_send() -> None:
    echoes = Echoes()
    first, second = echoes.begin(row("s-1")), echoes.begin(row("s-2"))
    first.echo_id, first.echo_ms = "s-1", 500
    assert echoes.find(None, "hash", 500) is first
    assert echoes.find(None, "hash", 501) is second


def test_an_echo_without_an_id_is_ours_after_a_restart() -> None:
    found = Echoes((row(platform_id="p-1"),)).find(None, "hash", 0)
    assert found is not None
    assert found.row.send_id == "s-1"


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


@pytest.mark.parametrize(
    "changed",
    [
        "今天发",
        " 今天发 \n",
        "今天发～",
        "今天发[微笑]",
        "今天发😊",
        "今天发&nbsp;",
        "今天发/:rose",
        "今 天 发",
    ],
)
def test_a_platform_may_change_blanks_marks_and_emoji(changed: str) -> None:
    assert echo_form(changed) == echo_form("今天发😊")


def test_what_has_no_letter_keeps_what_it_has() -> None:
    assert echo_form(" 😊 ") == "😊"
    assert echo_form("😊") != echo_form("👍")
    assert echo_form("[微笑]") == "[微笑]"
    assert echo_form("今天发") != echo_form("明天发")


def test_where_ids_agree_the_same_words_under_another_id_are_somebody_elses() -> None:
    echoes = Echoes((row(platform_id="p-1"),))
    assert echoes.find("h-1", "hash", 0) is not None
    assert echoes.find("h-1", "hash", 0, ids_agree=True) is None
    assert echoes.find("p-1", "hash", 0, ids_agree=True) is not None
    assert echoes.find(None, "hash", 0, ids_agree=True) is not None


def test_an_echo_is_awaited_longer_where_nobody_knows() -> None:
    for result in (None, "not sent, says xiao-li"):
        echoes = Echoes()
        send = echoes.begin(row())
        state: SendState = "failed" if result else "unknown"
        send.row = replace(send.row, state=state, result=result)
        assert echoes.find("e-1", "hash", DOUBT_WINDOW_MS) is send
        assert echoes.find("e-1", "hash", DOUBT_WINDOW_MS + 1) is None


def test_a_send_is_found_by_our_own_name_for_it() -> None:
    echoes = Echoes()
    send = echoes.begin(row("s-1"))
    assert echoes.of("s-1") is send
    assert echoes.of("s-2") is None
