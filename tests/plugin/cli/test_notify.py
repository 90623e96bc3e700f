from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from replygate.__main__ import main


class _Robot(http.server.BaseHTTPRequestHandler):
    bodies: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        said = (
            b'{"errcode":93000,"errmsg":"no such robot"}'
            if "bad" in self.path
            else b'{"errcode":0}'
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    _Robot.bodies.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Robot) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def shop(tmp_path: Path, url: str) -> str:
    path = tmp_path / "shop.toml"
    path.write_text(
        'id = "shop"\n[[webhook]]\nkind = "wecom"\nname = "值班群"\n'
        f'url = "{url}/good?key=s3cret"\n'
        f'[[webhook]]\nkind = "wecom"\nurl = "{url}/bad?key=s3cret"\nevents = ["fault", "warn"]\n',
        "utf-8",
    )
    return str(path)


def test_whom_a_store_tells(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notify", "-s", shop]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "值班群: escalate, follow_up, breach, violated, blocked, send, task, fault",
        "wecom 127.0.0.1: warn, fault",
    ]
    assert _Robot.bodies == []


def test_a_test_message_and_what_was_answered(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["notify", "-s", shop, "--test"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        '值班群: ok: answered 200: {"errcode":0}',
        "wecom 127.0.0.1: FAILED: errcode 93000: no such robot",
    ]
    assert err == "notify: 1 of 2 took the test message\n"
    assert all("测试消息" in body.decode() for body in _Robot.bodies)
    assert len(_Robot.bodies) == 2


def test_for_programs(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notify", "-s", shop, "--test", "--json"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["webhook"], first["kind"], first["ok"]) == ("值班群", "wecom", True)
    assert (second["ok"], second["events"]) == (False, ["warn", "fault"])


def test_a_store_without_webhooks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shop.toml"
    path.write_text('id = "shop"\n', "utf-8")
    assert main(["notify", "-s", str(path), "--test"]) == 1
    assert "has no [[webhook]]" in capsys.readouterr().err
