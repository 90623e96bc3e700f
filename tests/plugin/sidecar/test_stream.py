from __future__ import annotations

import io
import re

import pytest

from replygate.journal import Journal
from replygate.notify import HEARD
from replygate.sidecar.problems import ApiProblem
from replygate.sidecar.stream import HEARTBEAT, TOO_SLOW, Client, Stream

EVENT = {"event": "reply.sent", "store": "one", "text": "您好"}


def everything(_store: str | None) -> bool:
    return True


async def test_an_event_is_written_as_the_journal_wrote_it() -> None:
    stream = Stream()
    client = stream.join(everything)
    stream.publish(EVENT)
    chunk = await client.read()
    assert chunk.decode() == (
        'event: reply.sent\ndata: {"event":"reply.sent","store":"one","text":"您好"}\n\n'
    )


async def test_a_text_can_not_break_out_of_its_event() -> None:
    stream = Stream()
    client = stream.join(everything)
    stream.publish({"event": "reply.sent", "text": "一\n\nevent: x\r\ndata: y"})
    assert (await client.read()).count(b"\n") == 3


async def test_events_go_to_those_who_want_them() -> None:
    stream = Stream()
    one = stream.join(lambda store: store == "one")
    all_ = stream.join(everything)
    stream.publish({"event": "ledger.fault"})
    stream.publish(EVENT)
    assert (await one.read()).count(b"event: ") == 1
    assert (await all_.read()).count(b"event: ") == 2


async def test_who_has_left_gets_nothing() -> None:
    stream = Stream()
    client = stream.join(everything)
    stream.leave(client)
    stream.publish(EVENT)
    assert len(stream) == 0
    assert await client.read(heartbeat_s=0) == HEARTBEAT


async def test_a_silent_stream_has_a_heartbeat() -> None:
    client = Client(everything)
    assert await client.read(heartbeat_s=0) == HEARTBEAT
    assert not client.is_ended


async def test_a_slow_client_is_dropped_with_a_last_comment() -> None:
    client = Client(everything, events_max=2)
    assert client.put(b"1")
    assert client.put(b"2")
    assert not client.put(b"3")
    assert client.put(b"4"), "told once"
    assert await client.read() == TOO_SLOW
    assert client.is_ended


async def test_dropped_clients_are_counted() -> None:
    stream = Stream()
    client = stream.join(everything)
    for _ in range(300):
        stream.publish(EVENT)
    assert stream.dropped == 1
    assert await client.read() == TOO_SLOW


async def test_the_end_comes_after_what_waits() -> None:
    stream = Stream()
    client = stream.join(everything)
    stream.publish(EVENT)
    stream.end("draining")
    stream.publish(EVENT)
    stream.end("again")
    chunk = await client.read()
    assert chunk.startswith(b"event: reply.sent\n")
    assert chunk.endswith(b"\n\n: draining\n\n")
    assert client.is_ended
    with pytest.raises(AssertionError, match="after the end"):
        await client.read()


async def test_clients_are_bounded() -> None:
    stream = Stream(clients_max=1)
    client = stream.join(everything)
    with pytest.raises(ApiProblem) as caught:
        stream.join(everything)
    assert caught.value.code == "busy"
    stream.leave(client)
    stream.join(everything)


async def test_all_that_people_are_told_of_reaches_the_stream() -> None:
    stream = Stream()
    client = stream.join(lambda store: store == "one")
    journal = Journal(io.BytesIO())
    stop = journal.subscribe(stream.publish)
    for event in sorted(HEARD):
        journal.emit(event, store="one")
        journal.emit(event, store="another")
    stop()
    client.end(b"")
    told = (await client.read()).decode()
    assert re.findall(r"^event: (.+)$", told, re.MULTILINE) == sorted(HEARD)
