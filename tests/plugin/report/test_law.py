from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from replygate.config import Store, load_store
from replygate.report import law as room
from replygate.report.law import DEADLINE, counted, deadlines_of, law_of, measurable

from .shop import shop

TELL = "from replygate.config import load_store; from replygate.report.law import law_of; \
print(law_of(load_store('demo-pdd')))"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return shop(tmp_path)


def test_every_process_finds_the_same_law() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TELL],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert told.stdout.strip() == law_of(load_store("demo-pdd"))


def test_every_rule_is_part_of_the_law(store: Store) -> None:
    changed = [
        replace(store, metrics=(replace(store.metrics[0], within_s=7), *store.metrics[1:])),
        replace(store, deadlines=store.deadlines[1:]),
        replace(store, excuses=frozenset({"recall"})),
        replace(store, session_gap_s=77),
        replace(store, log_text="none"),
    ]
    assert len({law_of(one) for one in (store, *changed)}) == len(changed) + 1


def test_what_counts_nothing_is_no_part_of_it(store: Store) -> None:
    assert law_of(replace(store, id="other", name="另一家", mode="observe")) == law_of(store)


def test_another_way_of_counting_is_another_law(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = law_of(store)
    monkeypatch.setattr(room, "VERSION", 99)
    room._law.cache_clear()
    assert law_of(store) != before
    room._law.cache_clear()


def test_a_deadline_and_a_metric_of_one_id_are_both_counted() -> None:
    store = load_store("demo-jd")
    ids = [rule.id for rule in counted(store)]
    assert {"JD-D-01", DEADLINE + "JD-D-01"} <= set(ids)
    assert len(ids) == len(set(ids)) == len(store.metrics) + len(store.deadlines)
    shown = measurable(store)
    assert "JD-D-01" in shown
    assert DEADLINE + "JD-D-01" not in shown
    assert len({rule.id for rule in shown.values()}) == len(shown)
    assert {rule.id for rule in deadlines_of(store)} == {rule.id for rule in store.deadlines}
