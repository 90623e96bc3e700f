"""What the source must look like, beyond what the linters see."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from house.tree import parsed, sources

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
FUNCTION_LINES_MEDIAN_BELOW = 10
PUBLIC_NAMES_MAX = 20
GATE = Path("plugin/replygate/screening/gate.py")
TASKS = Path("plugin/replygate/runtime/tasks.py")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def cleared_built_elsewhere(repo: Path) -> list[str]:
    """Places that build `Cleared`, unless it is one function of the gate and nothing else.

    Renaming it on import would hide such a place, so that is a problem too.
    """
    problems = []
    builders = set()
    for source, tree in parsed(repo):
        for function, line in _builders(tree):
            builders.add((source, function))
            if source != GATE:
                problems.append(f"{source}:{line}: builds Cleared")
        problems += [f"{source}:{line}: renames Cleared" for line in _renamings(tree)]
    if len(builders) != 1:
        problems.append(f"Cleared is built in {len(builders)} functions, not in one")
    return problems


def loose_tasks(repo: Path) -> list[str]:
    """Tasks started elsewhere than where they are held: they can vanish, or fail in silence."""
    return [
        f"{source}:{node.lineno}: starts a task that nothing holds"
        for source, tree in parsed(repo)
        if source != TASKS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _starts_loose_task(node.func)
    ]


def long_modules(repo: Path) -> list[str]:
    """Modules that hold more than one idea, by their length."""
    lengths = {
        source: len((repo / source).read_text("utf-8").splitlines()) for source in sources(repo)
    }
    return [
        f"{source}: {lines} lines, {MODULE_LINES_MAX} are the limit"
        for source, lines in lengths.items()
        if lines > MODULE_LINES_MAX
    ]


def long_functions(repo: Path) -> list[str]:
    """Functions that fit no screen; and a line for all of them where the usual one is long."""
    problems = []
    lengths = []
    for source, tree in parsed(repo):
        for node in ast.walk(tree):
            if isinstance(node, Function):
                lines = _length(node)
                lengths.append(lines)
                if lines > FUNCTION_LINES_MAX:
                    problems.append(f"{source}:{node.lineno}: {node.name} has {lines} lines")
    median = statistics.median(lengths or [0])
    if median >= FUNCTION_LINES_MEDIAN_BELOW:
        problems.append(f"the median function has {median:g} lines")
    return problems


def public_names(repo: Path) -> list[str]:
    """The names in `replygate.__all__`. A ValueError where there is no such list."""
    tree = ast.parse((repo / "plugin/replygate/__init__.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    message = "plugin/replygate/__init__.py has no __all__"
    raise ValueError(message)


def _length(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def _builders(tree: ast.AST, function: str = "") -> Iterator[tuple[str, int]]:
    """The name of the enclosing function and the line of every `Cleared(...)`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) == "Cleared":
            yield function, node.lineno
        inner = f"{function}.{node.name}" if isinstance(node, Function | ast.ClassDef) else function
        yield from _builders(node, inner)


def _renamings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (
                alias.lineno
                for alias in node.names
                if alias.name == "Cleared" and alias.asname not in {None, "Cleared"}
            )
        if isinstance(node, ast.Assign) and _last_name(node.value) == "Cleared":
            yield node.lineno


def _starts_loose_task(called: ast.expr) -> bool:
    """A TaskGroup holds its tasks, so `group.create_task` is fine."""
    if _last_name(called) == "ensure_future":
        return True
    if _last_name(called) != "create_task":
        return False
    if not isinstance(called, ast.Attribute):
        return True
    owner = called.value
    owner = owner.func if isinstance(owner, ast.Call) else owner
    return (_last_name(owner) or "").endswith(("asyncio", "loop"))


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
