from __future__ import annotations

from typing import Any

import pytest

from replygate.config import load_store
from replygate.model import Cleared, Draft, Receipt
from replygate.runtime.platform import port_of

RECEIPT = Receipt("p-1", 1)


def cleared() -> Cleared:
    return load_store("demo-pdd").gate.screen(Draft("c-1", "今天发"))


class Plain:
    async def send(self, cleared: Cleared) -> Receipt:
        assert cleared.text == "今天发"
        return RECEIPT


class WithId:
    dedupes = True

    def __init__(self) -> None:
        self.ids: list[str | None] = []

    async def send(self, cleared: Cleared, client_id: str | None = None) -> Receipt:
        assert cleared.text == "今天发"
        self.ids.append(client_id)
        return RECEIPT


async def test_a_plain_platform_gets_the_text_only() -> None:
    port = port_of(Plain())
    assert await port.send(cleared(), "c") == RECEIPT
    assert not port.dedupes


async def test_a_platform_that_takes_our_id_gets_it() -> None:
    platform = WithId()
    port = port_of(platform)
    assert await port.send(cleared(), "c-77") == RECEIPT
    assert platform.ids == ["c-77"]
    assert port.dedupes


def test_what_can_not_send_is_no_platform() -> None:
    nothing: Any = object()
    with pytest.raises(TypeError, match="has no send"):
        port_of(nothing)


def test_who_claims_to_dedupe_must_take_our_id() -> None:
    class Liar(Plain):
        dedupes = True

    with pytest.raises(TypeError, match="takes no client_id"):
        port_of(Liar())


async def test_a_send_without_a_signature_gets_the_text_only() -> None:
    class Odd(Plain):
        pass

    odd: Any = Odd()
    odd.send = type("Call", (), {"__call__": Plain.send, "__signature__": "none"})()
    assert not port_of(odd).dedupes
