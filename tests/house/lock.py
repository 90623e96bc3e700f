"""Do pyproject.toml, the lock file and the layers agree? `python -m house.lock` prints `lowest`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from house.tree import REPO

LOCK = "requirements-dev.lock"
# What the product's own tests need at run time; the rest of the group only checks.
TEST_TOOLS = (
    "hypothesis",
    "packaging",
    "pytest",
    "pytest-asyncio",
    "pytest-randomly",
    "pytest-xdist",
)


def pyproject(repo: Path) -> dict[str, Any]:
    """The parsed pyproject.toml."""
    return tomllib.loads((repo / "pyproject.toml").read_text("utf-8"))


def runtime_requirements(repo: Path) -> list[Requirement]:
    """What the product and its extras need, without the extras that name other extras."""
    project = pyproject(repo)["project"]
    texts = list(project["dependencies"])
    for extra in project.get("optional-dependencies", {}).values():
        texts += extra
    requirements = map(Requirement, texts)
    return [found for found in requirements if found.name != project["name"]]


def development_requirements(repo: Path) -> list[Requirement]:
    """What the checks need."""
    return [Requirement(text) for text in pyproject(repo)["dependency-groups"]["dev"]]


def locked_versions(repo: Path) -> dict[str, Version]:
    """Version by canonical name. A ValueError where a line is no exact version."""
    versions: dict[str, Version] = {}
    for line in (repo / LOCK).read_text("utf-8").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        exact = re.fullmatch(r"([\w.-]+)==([\w.]+)(?: ; .+)?", line)
        if exact is None:
            message = f"{LOCK}: no exact version: {line}"
            raise ValueError(message)
        versions[canonicalize_name(exact[1])] = Version(exact[2])
    return versions


def lock_problems(repo: Path) -> list[str]:
    """Direct dependencies that the lock file lacks or contradicts, or that have no lower bound."""
    locked = locked_versions(repo)
    problems = [
        f"pyproject.toml: {wanted} has no lower bound"
        for wanted in runtime_requirements(repo)
        if len(_lower_bounds(wanted)) != 1
    ]
    for wanted in runtime_requirements(repo) + development_requirements(repo):
        version = locked.get(canonicalize_name(wanted.name))
        if version is None:
            problems.append(f"{LOCK}: {wanted.name} is missing")
        elif version not in wanted.specifier:
            problems.append(f"{LOCK}: {wanted.name} {version} is not {wanted.specifier}")
    return problems


def lowest(repo: Path) -> list[str]:
    """Exact requirements: the product's at their lower bounds, the test tools' as locked."""
    locked = locked_versions(repo)
    return [
        *(
            f"{wanted.name}=={bound}"
            for wanted in runtime_requirements(repo)
            for bound in _lower_bounds(wanted)
        ),
        *(f"{name}=={locked[canonicalize_name(name)]}" for name in TEST_TOOLS),
    ]


def unlayered(repo: Path) -> list[str]:
    """Modules and packages right under replygate that no layer names."""
    contracts = pyproject(repo)["tool"]["importlinter"]["contracts"]
    layers = next(found["layers"] for found in contracts if found["type"] == "layers")
    layered = {name.strip(" ()") for layer in layers for name in re.split(r"[|:]", layer)}
    rooms = sorted(
        f"replygate.{path.stem}"
        for path in (repo / "plugin/replygate").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    )
    known = {*layered, "replygate.__init__"}
    return [f"{room}: stands in no layer" for room in rooms if room not in known]


def _lower_bounds(wanted: Requirement) -> list[str]:
    return [bound.version for bound in wanted.specifier if bound.operator == ">="]


if __name__ == "__main__":
    print("\n".join(lowest(REPO)))
