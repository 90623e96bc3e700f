from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from house.tree import REPO

from .mutants import MUTANTS, wrong
from .seed import Result, run_seed

SEEDS = 300
SEEDS_A_TEST = 10
SEEDS_FOR_A_MUTANT = 40


def told(result: Result) -> str:
    return f"seed {result.seed}: {result.problems}\nthe end of its trace:\n{result.tail}"


@pytest.mark.parametrize("first", range(1, SEEDS + 1, SEEDS_A_TEST))
def test_the_invariants_hold(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + SEEDS_A_TEST):
        result = run_seed(seed, tmp_path)
        assert not result.problems, told(result)


def test_the_invariants_hold_for_three_hundred_stores(tmp_path: Path) -> None:
    result = run_seed(1_000_000, tmp_path, stores=300, visits=400)
    assert not result.problems, told(result)
    assert result.counts["questions"] > 400


def test_a_seed_replays_exactly_in_another_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from simulation.seed import run_seed;"
        "print(*(run_seed(s, pathlib.Path(sys.argv[1])).digest for s in (3, 10, 11)))"
    )
    paths = [str(REPO / folder) for folder in ("tests", "plugin", "adapters", "config")]
    runs = []
    for hash_seed in "12":
        folder = tmp_path / hash_seed
        folder.mkdir()
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, "-c", code, str(folder)]
        runs.append(subprocess.run(command, env=env, check=True, capture_output=True).stdout)
    assert runs[0] == runs[1]
    assert len(set(runs[0].split())) == 3


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_gate_is_found_out(name: str, tmp_path: Path) -> None:
    with wrong(name):
        for seed in range(1, SEEDS_FOR_A_MUTANT + 1):
            if run_seed(seed, tmp_path).problems:
                return
    pytest.fail(f"{SEEDS_FOR_A_MUTANT} seeds did not find it")
