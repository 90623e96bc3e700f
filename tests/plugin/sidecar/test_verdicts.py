from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import STORE
from replygate.config import load_store
from replygate.model import Draft
from replygate.sidecar.verdicts import verdict_json


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "corner-shop.toml"
    path.write_text(STORE, "utf-8")
    return path


def test_the_json_object_is_exactly_the_documented_one(store: Path) -> None:
    cleared = load_store(store).gate.screen(Draft("c", "加微信"))

    assert json.dumps(verdict_json(cleared), ensure_ascii=False) == (
        '{"action": "block", "text": null, "findings": [{"rule": "chat", "matched": "微信", '
        '"start": 1, "end": 3, "action": "block", "replacement": null, '
        '"why": "不得引导买家离开平台", "source": "平台规则三"}]}'
    )


def test_a_clean_text_has_no_findings(store: Path) -> None:
    cleared = load_store(store).gate.screen(Draft("c", "您好"))
    assert verdict_json(cleared) == {"action": "pass", "text": "您好", "findings": []}
