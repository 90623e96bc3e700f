"""Do tests and sources mirror each other? Each check returns what is wrong, one line each."""

from __future__ import annotations

import ast
from pathlib import Path

from house.tree import ROOTS, Root, parsed

# Tests of the whole program, measurements and the house's own tests mirror no source file.
FREE_ROOMS = ("system", "bench", "evaluation", "simulation", "picture", "house")


def sources_without_test(repo: Path) -> list[str]:
    """Source files that hold code and have no test file at the mirrored place."""
    return [
        f"{source}: has no {test}"
        for source, tree in parsed(repo)
        if _holds_code(tree) and not (repo / (test := mirrored(source))).is_file()
    ]


def tests_without_source(repo: Path) -> list[str]:
    """Test files that mirror no source file and lie in no room of their own."""
    tests = repo / "tests"
    return [
        f"{path.relative_to(repo)}: mirrors no source file"
        for path in sorted(tests.rglob("test_*.py"))
        if len(parts := path.relative_to(tests).parts) > 1
        and parts[0] not in FREE_ROOMS
        and not _has_source(repo, path.relative_to(tests))
    ]


def foreign_packages(repo: Path) -> list[str]:
    """Roots that do not hold exactly their one package."""
    problems = []
    for root in ROOTS:
        held = sorted(
            path.name for path in (repo / root.folder).iterdir() if path.name != "__pycache__"
        )
        if held != [root.package]:
            problems.append(f"{root.folder}: holds {held}, not only {root.package}")
        if not (repo / root.folder / root.package / "__init__.py").is_file():
            problems.append(f"{root.folder}/{root.package}: has no __init__.py")
    return problems


def mirrored(source: Path) -> Path:
    """Where its tests lie: `tests/plugin/a/test_b.py` for `plugin/replygate/a/b.py`."""
    folder, _package, *rooms = source.parts
    return Path("tests", folder, *rooms[:-1], f"test_{source.stem.strip('_')}.py")


def _holds_code(tree: ast.Module) -> bool:
    """Imports, docstrings and `__all__` alone are no code."""
    return any(
        not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) and not _is_all(node)
        for node in tree.body
    )


def _is_all(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__all__"
    )


def _has_source(repo: Path, test: Path) -> bool:
    """A module may have several test files: `test_fold.py` and `test_fold_properties.py`."""
    root = next((root for root in ROOTS if root.folder == test.parts[0]), None)
    return root is not None and any(
        name == stem or name.startswith(f"{stem}_")
        for name in [test.stem.removeprefix("test_")]
        for stem in _stems(repo, root, test.parent.relative_to(root.folder))
    )


def _stems(repo: Path, root: Root, room: Path) -> set[str]:
    """Names in a room that may be tested; data files and folders are tested like modules."""
    folder = repo / root.folder / root.package / room
    if not folder.is_dir():
        return set()
    is_data = root.folder == "config"
    return {
        path.stem.strip("_")
        for path in folder.iterdir()
        if path.suffix == ".py" or (is_data and path.name != "__pycache__")
    }
