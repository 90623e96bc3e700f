from __future__ import annotations

from pathlib import Path

import pytest

from replygate.config import OneBotAdapter, check_file, explain, load_store

GOOD = '[adapter]\nkind = "onebot"\nway = "reverse-ws"\nurl = "ws://127.0.0.1:1/x"\n'


def problems_of(text: str) -> list[str]:
    Path("s.toml").write_text(f'id = "s"\n{text}', "utf-8")
    return [str(problem) for problem in check_file("s.toml").problems]


def test_what_is_taken_where_nothing_more_is_said() -> None:
    assert problems_of(GOOD) == []
    adapter = load_store("s.toml").adapter
    assert isinstance(adapter, OneBotAdapter)
    assert (adapter.kind, adapter.way, adapter.block_as) == ("onebot", "reverse-ws", "failed")
    assert (adapter.token, adapter.self_id, adapter.groups) == (None, None, False)
    assert adapter.is_open


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('method = "POST"', 'adapter.method: is a key of kind "http"; this adapter is of kind'),
        ("dedupes = true", 'adapter.dedupes: is a key of kind "http"'),
        ('self_id = "abc"', "adapter.self_id: expected the digits of an account"),
        ('event_url = "http://127.0.0.1/x"', 'adapter.event_url: is for way = "http"'),
        ('token = "open"', "adapter.token: a secret is never written in this file"),
        ('block_as = "no"', "expected one of failed, ok"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(more: str, expected: str) -> None:
    (problem,) = problems_of(GOOD + more)
    assert "s.toml:6" in problem
    assert expected in problem


def test_each_way_has_its_addresses() -> None:
    (problem,) = problems_of(GOOD.replace("ws://", "http://"))
    assert "expected an address that starts with wss:// or ws://" in problem
    (problem,) = problems_of(GOOD.replace("reverse-ws", "http").replace("ws://", "http://"))
    assert "adapter.event_url: is missing" in problem
    found = problems_of('[adapter]\nkind = "onebot"\n')
    assert [problem.split("adapter.")[1] for problem in found] == [
        "way: is missing",
        "url: is missing",
    ]


def test_keys_of_the_proxy_are_none_of_an_http_platform() -> None:
    found = problems_of('[adapter]\nkind = "http"\nurl = "http://127.0.0.1/x"\nway = "http"\n')
    assert found[0].endswith('is a key of kind "onebot"; this adapter is of kind "http"')


def test_what_holds_is_told_without_the_keys_of_other_kinds() -> None:
    problems_of(GOOD)
    keys = {one.key: one.value for one in explain("s.toml") if one.key.startswith("adapter.")}
    assert keys["adapter.url"] == "(address hidden)"
    assert "adapter.method" not in keys
    assert keys["adapter.groups"] == "false"
