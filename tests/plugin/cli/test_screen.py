from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from command_line import PROGRAM, run
from replygate.__main__ import main

# What stands on the line, and what is said of it after `stdin:1: `.
BAD_LINES = [
    (b'{"text": 1}', "text: expected a string, got the number 1"),
    (b'{"text": null}', "text: expected a string, got null"),
    (b'{"text": true}', "text: expected a string, got true"),
    (b'{"text": ["a"]}', "text: expected a string, got a list"),
    (b'{"text": {"a": 1}}', "text: expected a string, got an object"),
    (b'{"Text": "a"}', 'text: is missing; expected {"text": "..."}'),
    (b"{}", 'text: is missing; expected {"text": "..."}'),
    (b' { "origin": "bot" } ', 'text: is missing; expected {"text": "..."}'),
    (b'{"text": "a", "origin": "bott"}', "got 'bott'; did you mean bot?"),
    (b'{"text": "a", "origin": "BOT"}', "origin: expected one of buyer, human, bot, hold,"),
    (b'{"text": "a", "origin": 3}', "origin: expected a string, got the number 3"),
    (b'{"text": "a", "kind": "txt"}', "got 'txt'; did you mean text?"),
    (b'{"text": "a", "kind": []}', "kind: expected a string, got a list"),
    (b'{"text": "a", "conversation": 7}', "conversation: expected a string, got the number 7"),
    (b'{"text": "a"', "is not valid JSON at column 13: Expecting ',' delimiter"),
    (b'{"text": "a', "is not valid JSON at column 10: Unterminated string starting;"),
    (b'{"text": "a"} x', "is not valid JSON at column 15: Extra data"),
    (b"{'text': 'a'}", "is not valid JSON at column 2: Expecting property name"),
    (b'{"text": "a\tb"}', "is not valid JSON at column 12: Invalid control character"),
    (b'{"text": "\\x"}', "is not valid JSON at column 11: Invalid \\escape"),
    (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "is not usable JSON (Exceeds the limit"),
    (b'{"n":' * 100_000, "is not usable JSON (maximum recursion depth"),
    (b"ok \xb5\xd8", "is not UTF-8 (byte 0xb5 at 4); convert it"),
    (b'{"text": "\xff"}', "is not UTF-8 (byte 0xff at 11); convert it"),
    (b"\xff\xfea\0", "is not UTF-8 (byte 0xff at 1); convert it"),
    (b"a" * (16 * 1024 * 1024 + 1), "is longer than 16777216 bytes"),
]


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


def test_every_bad_line_gets_one_error_and_the_others_are_judged(store: str) -> None:
    stdin = b"".join(b"fine\n" + line + b"\n" for line, _ in BAD_LINES)

    done = run("screen", "-s", store, stdin=stdin)

    assert done.returncode == 1
    told = done.stderr.decode().splitlines()
    assert len(told) == len(BAD_LINES)
    got = answers(done)
    assert len(got) == 2 * len(BAD_LINES)
    for index, (_, what) in enumerate(BAD_LINES):
        assert got[2 * index] == {"action": "pass", "text": "fine", "findings": []}
        assert got[2 * index + 1] == {"error": told[index]}
        assert told[index].startswith(f"stdin:{2 * index + 2}: "), told[index]
        assert what in told[index]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("您好", "您好"),
        ("", ""),
        (" 您好 ", " 您好 "),
        ("您好\r", "您好"),
        ("{昵称}您好", "{昵称}您好"),
        ("{", "{"),
        ('["a"]', '["a"]'),
        ('"a"', '"a"'),
        ("12", "12"),
        ('{"text":"您好","id":7,"at":null}', "您好"),
        ('\t{ "text" : "" }', ""),
        ('{"text":"a","origin":null,"kind":null,"conversation":null}', "a"),
        ('{"text":"a","origin":"human","kind":"card","conversation":"c-9"}', "a"),
        ('{"text":"a\\nb\\u0000"}', "a\nb\0"),
        ('{"text":"\\ud800x"}', "\ud800x"),
        ("a\u2028b\x0c", "a\u2028b\x0c"),
        ("长" * 1000, "长" * 1000),
    ],
)
def test_lines_that_are_fine(
    store: str, line: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(line.encode() + b"\n")))
    monkeypatch.setattr(sys, "stdin", stdin)
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii"))

    assert main(["screen", "-s", store]) == 0
    lines = out.getvalue().decode().split("\n")
    assert len(lines) == 2
    assert json.loads(lines[0]) == {"action": "pass", "text": text, "findings": []}


def test_the_output_is_exactly_the_documented_bytes(store: str) -> None:
    stdin = '小米手环\r\n{"text":"\\ud800加微信"}\n{"text":"\\udc80小米手环"}'.encode()

    done = run("screen", "-s", store, stdin=stdin)

    brand = '{"rule":"brand","matched":"小米手环","start":%d,"end":%d,"action":"rewrite",'
    chat = '{"rule":"chat","matched":"微信","start":2,"end":4,"action":"block","replacement":null,'
    chat += '"why":"不得引导买家离开平台","source":"平台规则三"}'
    brand += '"replacement":"本店手环","why":"别家的品牌","source":"corner-shop.toml"}'
    assert done.stdout.decode().split("\n") == [
        '{"action":"rewrite","text":"本店手环","findings":[' + brand % (0, 4) + "]}",
        '{"action":"block","text":null,"findings":[' + chat + "]}",
        '{"action":"rewrite","text":"\\udc80本店手环","findings":[' + brand % (1, 5) + "]}",
        "",
    ]
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_byte_order_mark_stands_at_the_beginning_only(store: str) -> None:
    done = run("screen", "-s", store, stdin="\ufeff{}\n\ufeff您好\n".encode())

    assert answers(done) == [
        {"error": 'stdin:1: text: is missing; expected {"text": "..."}'},
        {"action": "pass", "text": "\ufeff您好", "findings": []},
    ]


def test_each_line_is_answered_while_the_program_is_held_open(store: str) -> None:
    command = [*PROGRAM, "screen", "-s", store]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        for text in ("您好", "加微信", "小米手环"):
            bot.stdin.write(f"{text}\n".encode())
            bot.stdin.flush()
            answer = json.loads(bot.stdout.readline())
            assert answer["text"] == {"您好": "您好", "小米手环": "本店手环"}.get(text)
        bot.stdin.close()
        assert bot.stdout.read() == b""
        assert bot.wait(30) == 0


def test_no_input_no_output(store: str) -> None:
    done = run("screen", "-s", store)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_many_lines_are_all_answered_in_order(store: str) -> None:
    texts = [f"第{number}条" for number in range(5000)]

    done = run("screen", "-s", store, stdin="\n".join(texts).encode())

    assert [answer["text"] for answer in answers(done)] == texts


def test_in_observe_mode_everything_passes_with_its_findings(store: str) -> None:
    done = run("screen", "-s", store, "--set", "mode=observe", stdin="加微信".encode())

    [answer] = answers(done)
    assert (answer["action"], answer["text"]) == ("pass", "加微信")
    assert isinstance(answer["findings"], list)
    assert answer["findings"][0]["rule"] == "chat"
