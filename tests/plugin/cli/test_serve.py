from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from replygate.__main__ import main
from replygate.cli import serve
from replygate.cli.exits import InputError
from replygate.cli.parser import parse
from replygate.sidecar import server
from replygate.sidecar.settings import Settings


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name == "prometheus_client" else found(name),
    )
    with pytest.raises(InputError, match=r"run pip install 'replygate\[metrics\]'"):
        serve.require_extras("serve")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(InputError, match=r"'replygate\[http,metrics\]'"):
        serve.require_extras("serve")


def test_the_flags_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Settings] = []

    async def served(settings: Settings, _say: Any) -> None:
        asked.append(settings)

    monkeypatch.setattr(server, "serve", served)
    monkeypatch.setenv("REPLYGATE_ADMIN_TOKEN", "token-of-the-admin")
    flags = ["--stores", "shops", "--listen", "[::1]:1", "--operators", "o.toml", "--no-auth"]
    assert main(["serve", *flags, "--observe", "--journal", "j", "--ledger", "sqlite://"]) == 0
    (settings,) = asked
    assert (str(settings.stores), str(settings.listen)) == ("shops", "[::1]:1")
    assert (str(settings.admin), settings.ledger) == ("127.0.0.1:9787", "sqlite://")
    assert (str(settings.operators), settings.journal) == ("o.toml", "j")
    assert settings.admin_token is not None
    assert settings.admin_token.reveal() == "token-of-the-admin"
    assert settings.observes
    assert settings.is_open


def test_the_defaults_are_safe() -> None:
    args = parse(["serve", "--stores", "x"])
    assert args.listen.is_loopback
    assert args.admin.is_loopback
    assert not args.no_auth
    assert not args.observe
