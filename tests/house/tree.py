"""The rooms of the repository, and the files in them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Root:
    """A source root: `folder` holds exactly the import package `package`."""

    folder: str
    package: str


ROOTS = (
    Root("plugin", "replygate"),
    Root("adapters", "replygate_adapters"),
    Root("config", "replygate_config"),
)


def sources(repo: Path) -> list[Path]:
    """Every Python file of the three roots, relative to `repo`."""
    return sorted(
        path.relative_to(repo)
        for root in ROOTS
        for path in (repo / root.folder / root.package).rglob("*.py")
    )


def parsed(repo: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file of the three roots with its syntax tree."""
    for source in sources(repo):
        yield source, ast.parse((repo / source).read_text("utf-8"))


def kept_files(repo: Path) -> list[Path]:
    """Every file that git keeps or would keep, relative to `repo`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repo,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = {name for name in listing.split("\0") if name}
    return sorted(Path(name) for name in names if (repo / name).is_file())
