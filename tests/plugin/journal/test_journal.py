import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog

from replygate.journal import EVENTS, Journal
from replygate.journal.events import ALARMS
from replygate.model import Finding
from replygate.testing import VirtualClock

ROOT = Path(__file__).parents[3]
MOBILE = Finding("contact.mobile", "13812345678", 1, 12, "block", None, "why", "src")


def journal(file: io.BytesIO) -> Journal:
    return Journal(file, clock=VirtualClock(), key=b"key")


def lines(file: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.getvalue().splitlines()]


def test_one_json_line_an_event_with_its_time_and_level() -> None:
    file = io.BytesIO()
    log = journal(file)
    log.emit("reply.sent", store="shop", conversation="c-1", send="s-1", origin="bot", took_ms=3)
    log.flush()
    (told,) = lines(file)
    assert list(told)[:3] == ["at", "level", "event"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", told["at"])
    assert (told["level"], told["event"], told["store"]) == ("info", "reply.sent", "shop")
    assert (told["send"], told["took_ms"]) == ("s-1", 3)
    assert told["conversation"] == log.hashed("c-1")
    assert "text" not in told


def test_each_store_has_its_own_privacy() -> None:
    file = io.BytesIO()
    log = journal(file)
    log.set_privacy({"open": "full", "shut": "none"})
    for store in ("open", "shut", "other"):
        log.emit(
            "reply.blocked",
            store=store,
            conversation="c-1",
            text="打13812345678",
            findings=(MOBILE,),
        )
    log.flush()
    opened, shut, other = lines(file)
    assert (opened["conversation"], opened["text"]) == ("c-1", "打13***")
    assert shut["conversation"] == other["conversation"] == log.hashed("c-1")
    assert "text" not in shut
    assert "text" not in other
    assert [told["findings"][0].get("matched") for told in (opened, shut, other)] == [
        "13***",
        None,
        "13***",
    ]
    assert b"13812345678" not in file.getvalue()


def test_hashes_are_by_the_key_it_was_given_else_by_the_latest() -> None:
    given, other = journal(io.BytesIO()), Journal(io.BytesIO())
    before = given.hashed("c-1")
    given.key_by(b"installation")
    other.key_by(b"installation")
    assert given.hashed("c-1") == before
    assert other.hashed("c-1") == Journal(io.BytesIO(), key=b"installation").hashed("c-1")


def test_alarms_are_written_at_once() -> None:
    file = io.BytesIO()
    log = journal(file)
    log.emit("ledger.recovered")
    assert file.getvalue() == b""
    log.emit("ledger.fault", reason="disk full")
    assert [told["level"] for told in lines(file)] == ["info", "warning"]


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_can_be_written_with_all_its_fields(event: str) -> None:
    file = io.BytesIO()
    log = journal(file)
    fields: dict[str, Any] = dict.fromkeys(EVENTS[event], "x")
    if "findings" in fields:
        fields["findings"] = (MOBILE,)
    log.set_privacy({"shop": "full"})
    log.emit(event, store="shop", **fields)
    log.flush()
    (told,) = lines(file)
    assert told.keys() == {"at", "level", "event", "store", *EVENTS[event]}
    assert told["level"] == ("warning" if event in ALARMS else "info")


def test_an_undeclared_event_or_field_is_a_programming_error() -> None:
    log = journal(io.BytesIO())
    with pytest.raises(KeyError):
        log.emit("reply.invented")
    with pytest.raises(AssertionError, match="does not declare"):
        log.emit("reply.sent", buyer_name="x")


def test_listeners_hear_what_was_written_until_they_stop_or_raise() -> None:
    file = io.BytesIO()
    log = journal(file)
    heard: list[Mapping[str, Any]] = []
    stop = log.subscribe(heard.append)

    def broken(event: Mapping[str, Any]) -> None:
        raise RuntimeError(event["event"])

    log.subscribe(broken)
    log.emit("ledger.recovered")
    log.emit("ledger.recovered")
    stop()
    stop()
    log.emit("ledger.recovered")
    log.flush()
    assert len(heard) == 2
    assert [told["event"] for told in lines(file)].count("task.failed") == 1


def test_lost_lines_are_told_when_the_disk_is_back() -> None:
    class Disk(io.BytesIO):
        full = False

        def write(self, data: object) -> int:
            if self.full:
                raise OSError(28, "No space left on device")
            return super().write(data)  # type: ignore[arg-type]  # BytesIO takes any buffer

    disk = Disk()
    log = journal(disk)
    disk.full = True
    log.emit("ledger.recovered")
    log.flush()
    disk.full = False
    log.flush()
    (told,) = lines(disk)
    assert (told["event"], told["lines"], log.dropped) == ("journal.dropped", 1, 1)


def test_a_hosts_structlog_stays_untouched_and_leaves_ours_alone() -> None:
    file = io.BytesIO()
    log = journal(file)
    before = structlog.get_config()
    structlog.configure(processors=[lambda *_: "host"])
    try:
        log.emit("ledger.recovered")
        log.flush()
    finally:
        structlog.configure(**before)
    assert lines(file)[0]["event"] == "ledger.recovered"
    assert structlog.get_config() == before


def test_a_file_is_private_and_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    for _ in range(2):
        with Journal.open(path) as log:
            log.emit("ledger.recovered")
    assert len(path.read_bytes().splitlines()) == 2
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_lone_surrogate_can_be_written() -> None:
    file = io.BytesIO()
    log = journal(file)
    log.set_privacy({"shop": "full"})
    log.emit("message.received", store="shop", text="好\ud800")
    log.flush()
    assert lines(file)[0]["text"] == "好\ud800"


def test_the_docs_name_every_event_and_field_and_no_other() -> None:
    page = (ROOT / "docs" / "journal.md").read_text("utf-8")
    told: dict[str, set[str]] = {}
    for row in re.findall(
        r"^\| `([a-z]+\.[a-z]+)`(?: \(alarm\))? \|.*\| ?([^|]*) \|$", page, re.MULTILINE
    ):
        told[row[0]] = set(re.findall(r"`([a-z_]+)`", row[1]))
    assert told == {event: set(fields) for event, fields in EVENTS.items()}
    alarms = set(re.findall(r"^\| `([a-z]+\.[a-z]+)` \(alarm\)", page, re.MULTILINE))
    assert alarms == ALARMS
