"""`replygate check`: everything that is wrong with configuration files, at once."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from replygate.cli.columns import visible
from replygate.cli.exits import OK, WRONG
from replygate.cli.output import dump_json, say
from replygate.config import (
    CheckResult,
    Effective,
    OneBotAdapter,
    Store,
    check_file,
    explain,
)
from replygate.errors import Problem


@dataclass(frozen=True, slots=True)
class _Checked:
    """One file: what was found, and for `--show` what holds in it."""

    name: str
    result: CheckResult
    values: tuple[Effective, ...]


def run(args: Namespace) -> int:
    """Check every file; WRONG when one has an error, or a warning and `--strict`."""
    checked = [item for name in args.files for item in _check(name, show=args.show)]
    for line in _json_lines(checked) if args.json else _plain_lines(checked):
        print(line)
    problems = {problem for item in checked for problem in item.result.problems}
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    say(f"checked {_count(len(checked), 'file')}: {_tally(errors, warnings)}")
    return WRONG if errors or (warnings and args.strict) else OK


def _check(name: str, *, show: bool) -> Iterator[_Checked]:
    """Check a file, or every .toml of a folder."""
    if not _is_folder(name):
        yield _check_one(name, check_file(name), show=show)
        return
    files = [str(path) for path in sorted(Path(name).glob("*.toml"))]
    if not files:
        problem = Problem(name, 0, "", "holds no .toml file")
        yield _Checked(name, CheckResult(None, (problem,), None), ())
    seen: dict[tuple[str, str], str] = {}
    for file in files:
        result = check_file(file)
        if result.store is not None:
            found = list(_taken(file, result.store, seen))
            if found:
                result = replace(result, problems=(*result.problems, *found), store=None)
        yield _check_one(file, result, show=show)


def _taken(file: str, store: Store, seen: dict[tuple[str, str], str]) -> Iterator[Problem]:
    """What another store of the folder has already."""
    first = seen.setdefault(("id", store.id), file)
    if first != file:
        yield Problem(file, 0, "id", f'the store "{store.id}" is defined twice', f"see {first}")
    account = store.adapter.self_id if isinstance(store.adapter, OneBotAdapter) else None
    if account is None:
        return
    first = seen.setdefault(("adapter.self_id", account), file)
    if first != file:
        what = f'the account "{account}" is that of another store'
        yield Problem(file, 0, "adapter.self_id", what, f"see {first}")


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir() and name != ""
    except OSError:  # `check_file` says what is wrong with the name
        return False


def _check_one(name: str, result: CheckResult, *, show: bool) -> _Checked:
    return _Checked(name, result, explain(name) if show and result.store else ())


def _plain_lines(checked: Sequence[_Checked]) -> Iterator[str]:
    # Stores that share a broken profile all tell of it; a person wants to read it once.
    yield from dict.fromkeys(
        visible(str(problem)) for item in checked for problem in item.result.problems
    )
    for item in checked:
        if item.values:
            yield f"# {visible(item.name)}"
        for value in item.values:
            yield f"{visible(value.key)} = {visible(value.value)}  # {visible(value.origin)}"


def _json_lines(checked: Sequence[_Checked]) -> Iterator[str]:
    for item in checked:
        answer: dict[str, Any] = {
            "file": item.name,
            "kind": item.result.kind,
            "ok": item.result.ok,
            "problems": [asdict(problem) for problem in item.result.problems],
        }
        if item.values:
            answer["values"] = [asdict(value) for value in item.values]
        yield dump_json(answer)


def _tally(errors: int, warnings: int) -> str:
    parts = [_count(errors, "error")] if errors else []
    parts += [_count(warnings, "warning")] if warnings else []
    return ", ".join(parts) or "fine"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
