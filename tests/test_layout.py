"""The rooms: every source file has its tests, every root its package, the source its shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from house import code, mirror
from house.tree import REPO, ROOTS

Check = Callable[[Path], list[str]]

CHECKS: tuple[Check, ...] = (
    mirror.sources_without_test,
    mirror.tests_without_source,
    mirror.foreign_packages,
    code.cleared_built_elsewhere,
    code.loose_tasks,
    code.long_modules,
    code.long_functions,
)

GATE = "from replygate.model import Cleared\n\ndef judge():\n    return Cleared()\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small repository that every check finds in order."""
    for root in ROOTS:
        write(tmp_path, f"{root.folder}/{root.package}/__init__.py", '"""A room."""\n')
    write(tmp_path, "plugin/replygate/screening/gate.py", GATE)
    write(tmp_path, "tests/plugin/screening/test_gate.py")
    return tmp_path


def write(repo: Path, name: str, text: str = "") -> None:
    path = repo / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_repository_is_in_order(check: Check) -> None:
    assert check(REPO) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_small_repository_is_in_order(check: Check, small: Path) -> None:
    assert check(small) == []


def test_the_public_names_are_few() -> None:
    names = code.public_names(REPO)
    assert len(names) <= code.PUBLIC_NAMES_MAX
    assert names == sorted(set(names)), "each once, in order"


def test_a_missing_list_of_public_names_is_an_error(small: Path) -> None:
    with pytest.raises(ValueError, match="has no __all__"):
        code.public_names(small)


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("plugin/replygate/clock.py", "tests/plugin/test_clock.py"),
        ("plugin/replygate/screening/fold.py", "tests/plugin/screening/test_fold.py"),
        ("plugin/replygate/__main__.py", "tests/plugin/test_main.py"),
        ("plugin/replygate/cli/__init__.py", "tests/plugin/cli/test_init.py"),
        ("adapters/replygate_adapters/onebot.py", "tests/adapters/test_onebot.py"),
        ("config/replygate_config/read.py", "tests/config/test_read.py"),
    ],
)
def test_where_the_tests_of_a_source_file_lie(source: str, test: str) -> None:
    assert mirror.mirrored(Path(source)) == Path(test)


@pytest.mark.parametrize(
    "text", ["def work(): ...\n", "class Noun: ...\n", "if True:\n    x = 1\n"]
)
@pytest.mark.parametrize("name", ["plugin/replygate/new.py", "config/replygate_config/__init__.py"])
def test_code_without_tests_is_found(small: Path, name: str, text: str) -> None:
    write(small, name, text)
    (problem,) = mirror.sources_without_test(small)
    assert problem.startswith(f"{name}: has no tests/")


def test_imports_alone_need_no_tests(small: Path) -> None:
    write(small, "plugin/replygate/__init__.py", '"""Words."""\nimport os\n__all__ = ["os"]\n')
    assert mirror.sources_without_test(small) == []


@pytest.mark.parametrize(
    "name",
    [
        "tests/plugin/test_gate.py",  # the right name in the wrong room
        "tests/plugin/screening/test_gates.py",
        "tests/other/test_gate.py",
        "tests/config/test_shops.py",
    ],
)
def test_tests_of_nothing_are_found(small: Path, name: str) -> None:
    write(small, name)
    assert mirror.tests_without_source(small) == [f"{name}: mirrors no source file"]


@pytest.mark.parametrize(
    "name",
    [
        "tests/plugin/screening/test_gate_properties.py",
        "tests/system/test_anything.py",
        "tests/test_anything.py",
        "tests/config/test_stores.py",
        "tests/config/stores/test_demo.py",
    ],
)
def test_a_second_test_file_and_rooms_of_their_own_are_fine(small: Path, name: str) -> None:
    write(small, "config/replygate_config/stores/demo.toml")
    write(small, name)
    assert mirror.tests_without_source(small) == []


@pytest.mark.parametrize("name", ["plugin/second/__init__.py", "config/loose.toml"])
def test_a_second_package_in_a_root_is_found(small: Path, name: str) -> None:
    write(small, name)
    (problem,) = mirror.foreign_packages(small)
    assert "not only" in problem


def test_a_folder_that_is_no_package_is_found(small: Path) -> None:
    (small / "adapters/replygate_adapters/__init__.py").unlink()
    assert mirror.foreign_packages(small) == ["adapters/replygate_adapters: has no __init__.py"]


@pytest.mark.parametrize(
    "text",
    [
        "Cleared()\n",
        "def other():\n    return model.Cleared()\n",
        "class A:\n    def b(self):\n        return [Cleared() for _ in ()]\n",
    ],
)
def test_a_second_builder_of_cleared_is_found(small: Path, text: str) -> None:
    write(small, "adapters/replygate_adapters/sly.py", text)
    problems = code.cleared_built_elsewhere(small)
    assert any("sly.py" in problem and "builds Cleared" in problem for problem in problems)
    assert "Cleared is built in 2 functions, not in one" in problems


@pytest.mark.parametrize(
    "text", ["from replygate.model import Cleared as C\n", "C = Cleared\n", "C = model.Cleared\n"]
)
def test_a_renamed_cleared_is_found(small: Path, text: str) -> None:
    write(small, "plugin/replygate/sly.py", text)
    (problem,) = code.cleared_built_elsewhere(small)
    assert "renames Cleared" in problem


def test_two_builders_in_the_gate_are_found(small: Path) -> None:
    write(small, "plugin/replygate/screening/gate.py", GATE + GATE.replace("judge", "again"))
    assert code.cleared_built_elsewhere(small) == ["Cleared is built in 2 functions, not in one"]


def test_two_verdicts_in_one_function_are_fine(small: Path) -> None:
    both = GATE.replace("return Cleared()", "return Cleared() if x else Cleared()")
    write(small, "plugin/replygate/screening/gate.py", both)
    assert code.cleared_built_elsewhere(small) == []


def test_no_builder_of_cleared_is_found(small: Path) -> None:
    write(small, "plugin/replygate/screening/gate.py", "")
    assert code.cleared_built_elsewhere(small) == ["Cleared is built in 0 functions, not in one"]


@pytest.mark.parametrize(
    "call",
    [
        "asyncio.create_task(f())",
        "create_task(f())",
        "loop.create_task(f())",
        "self._loop.create_task(f())",
        "asyncio.get_running_loop().create_task(f())",
        "asyncio.ensure_future(f())",
    ],
)
def test_a_loose_task_is_found(small: Path, call: str) -> None:
    write(small, "plugin/replygate/new.py", f"held = {call}\n")
    assert code.loose_tasks(small) == [
        "plugin/replygate/new.py:1: starts a task that nothing holds"
    ]


def test_a_task_that_is_held_is_fine(small: Path) -> None:
    write(small, "plugin/replygate/new.py", "group.create_task(f())\n")
    write(small, str(code.TASKS), "asyncio.create_task(f())\n")
    assert code.loose_tasks(small) == []


def test_a_long_module_is_found(small: Path) -> None:
    write(small, "plugin/replygate/new.py", "x = 1\n" * code.MODULE_LINES_MAX)
    assert code.long_modules(small) == []
    write(small, "plugin/replygate/new.py", "x = 1\n" * (code.MODULE_LINES_MAX + 1))
    assert code.long_modules(small) == ["plugin/replygate/new.py: 401 lines, 400 are the limit"]


def function(lines: int) -> str:
    return "def work():\n" + "    x = 1\n" * (lines - 1)


def test_a_long_function_is_found(small: Path) -> None:
    short = function(2) * 2
    write(small, "plugin/replygate/new.py", short + function(code.FUNCTION_LINES_MAX))
    assert code.long_functions(small) == []
    write(small, "plugin/replygate/new.py", short + function(code.FUNCTION_LINES_MAX + 1))
    assert code.long_functions(small) == ["plugin/replygate/new.py:5: work has 71 lines"]


def test_a_long_usual_function_is_found(small: Path) -> None:
    write(small, "plugin/replygate/new.py", function(10) * 2)
    assert code.long_functions(small) == ["the median function has 10 lines"]
