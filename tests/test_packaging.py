"""Dependencies, their lock, licences and layers; what a wheel holds; the version's story."""

from __future__ import annotations

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from house import lock, wheel
from house.tree import REPO

# Licences of what runs in other people's processes. Each name must be one that asks for no more
# than its notice (MPL: and its own files' source).
FREE_LICENCES = re.compile(r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|0BSD")
BINDING_LICENCES = re.compile(r"GPL|General Public|SSPL|Commons Clause|Proprietary|EUPL|CC-BY-NC")
LICENCE_NAME_CHARS = 200

PYPROJECT = """
[project]
name = "replygate"
dependencies = ["one>=1.2,<2", "Two_Three>=2"]
optional-dependencies = { extra = ["four>=4"], all = ["replygate[extra]"] }
[dependency-groups]
dev = [
    "hypothesis>=6", "packaging>=1", "pytest>=8", "pytest-asyncio>=1", "pytest-randomly>=3",
    "pytest-xdist>=3",
]
[[tool.importlinter.contracts]]
type = "layers"
layers = [
    "replygate.testing",
    "replygate.cli | replygate.__main__",
    "(replygate.config) : replygate.errors",
]
"""

LOCK = """\
one==1.3
    # via replygate
two-three==2.0 ; sys_platform == 'win32'
four==4.1
hypothesis==6.1
packaging==26.0
pytest==9.0
pytest-asyncio==1.1
pytest-randomly==4.0
pytest-xdist==3.8
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small repository whose pyproject.toml, lock file and rooms agree."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    (tmp_path / lock.LOCK).write_text(LOCK, "utf-8")
    for room in ("cli", "config", "testing"):
        package = tmp_path / "plugin/replygate" / room
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
    for name in ("__init__", "__main__", "errors"):
        (tmp_path / f"plugin/replygate/{name}.py").touch()
    return tmp_path


def test_the_lock_holds_every_direct_dependency() -> None:
    assert lock.lock_problems(REPO) == []
    assert len(lock.runtime_requirements(REPO)) >= 4


def test_a_lock_in_order_has_no_problem(small: Path) -> None:
    assert lock.lock_problems(small) == []


def test_a_dependency_that_is_not_locked_is_found(small: Path) -> None:
    (small / lock.LOCK).write_text(LOCK.replace("four==4.1\n", ""), "utf-8")
    assert lock.lock_problems(small) == [f"{lock.LOCK}: four is missing"]


def test_a_dependency_without_lower_bound_is_found(small: Path) -> None:
    (small / "pyproject.toml").write_text(PYPROJECT.replace("four>=4", "four<5"), "utf-8")
    assert lock.lock_problems(small) == ["pyproject.toml: four<5 has no lower bound"]


@pytest.mark.parametrize("version", ["1.1", "2.0"])
def test_a_locked_version_out_of_bounds_is_found(small: Path, version: str) -> None:
    (small / lock.LOCK).write_text(LOCK.replace("one==1.3", f"one=={version}"), "utf-8")
    assert lock.lock_problems(small) == [f"{lock.LOCK}: one {version} is not <2,>=1.2"]


@pytest.mark.parametrize(
    "line", ["one>=1.3", "one", "one @ file:one.whl", "--pre", "-e .", "--index-url x"]
)
def test_a_lock_line_that_is_no_exact_version_is_an_error(small: Path, line: str) -> None:
    (small / lock.LOCK).write_text(LOCK + line + "\n", "utf-8")
    with pytest.raises(ValueError, match=re.escape(f"no exact version: {line}")):
        lock.lock_problems(small)


def test_the_lowest_versions_come_from_the_lower_bounds(small: Path) -> None:
    assert lock.lowest(small) == [
        "one==1.2",
        "Two_Three==2",
        "four==4",
        "hypothesis==6.1",
        "packaging==26.0",
        "pytest==9.0",
        "pytest-asyncio==1.1",
        "pytest-randomly==4.0",
        "pytest-xdist==3.8",
    ]


def test_every_room_stands_in_a_layer() -> None:
    assert lock.unlayered(REPO) == []


def test_rooms_in_layers_have_no_problem(small: Path) -> None:
    assert lock.unlayered(small) == []


def test_a_room_in_no_layer_is_found(small: Path) -> None:
    (small / "plugin/replygate/stray.py").touch()
    assert lock.unlayered(small) == ["replygate.stray: stands in no layer"]


def runtime_closure() -> set[str]:
    """Every distribution that `replygate[all]` brings to this machine."""
    found: set[str] = set()
    waiting = list(lock.runtime_requirements(REPO))
    while waiting:
        wanted = waiting.pop()
        if wanted.name in found or not applies(wanted):
            continue
        found.add(wanted.name)
        waiting += map(Requirement, metadata.requires(wanted.name) or ())
    return found


def applies(wanted: Requirement) -> bool:
    return wanted.marker is None or wanted.marker.evaluate({"extra": ""})


def licence(distribution: str) -> str:
    """What the distribution says of its licence, in whichever of the usual fields."""
    about = metadata.metadata(distribution)
    stated = about.get_all("License-Expression") or about.get_all("License") or []
    classified = about.get_all("Classifier") or []
    # A whole licence text in the field begins with its name.
    lines = [line[:LICENCE_NAME_CHARS] for line in stated]
    return "; ".join(lines + [line for line in classified if line.startswith("License ::")])


def may_be_used(stated: str) -> bool:
    return bool(FREE_LICENCES.search(stated)) and not BINDING_LICENCES.search(stated)


def test_every_runtime_dependency_has_a_licence_that_we_can_take() -> None:
    names = runtime_closure()
    assert {"pydantic", "pydantic-core", "pyahocorasick"} <= names
    assert {name: licence(name) for name in names if not may_be_used(licence(name))} == {}


@pytest.mark.parametrize(
    ("stated", "usable"),
    [
        ("BSD-3-Clause", True),
        ("; License :: OSI Approved :: MIT License", True),
        ("PSF-2.0", True),
        ("GPL-3.0-only", False),
        ("LGPL-2.1-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("; License :: OSI Approved :: GNU Affero General Public License v3", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_which_licences_we_can_take(stated: str, usable: bool) -> None:
    assert may_be_used(stated) is usable


WHEEL = (
    "replygate/py.typed",
    "replygate_adapters/py.typed",
    "replygate_config/py.typed",
    "replygate_config/stores/demo.toml",
    "replygate-1.0.dist-info/licenses/LICENSE",
)


def test_a_wheel_in_order_has_no_problem() -> None:
    assert wheel.wheel_problems(WHEEL) == []


@pytest.mark.parametrize("name", ["tests/test_x.py", "plugin/x.py", "config/x.py", "README.md"])
def test_what_would_be_installed_beside_our_packages_is_found(name: str) -> None:
    (problem,) = wheel.wheel_problems([*WHEEL, name])
    assert problem.startswith(name.partition("/")[0])


@pytest.mark.parametrize("name", WHEEL)
def test_what_is_missing_in_a_wheel_is_found(name: str) -> None:
    assert len(wheel.wheel_problems(set(WHEEL) - {name})) == 1


def test_a_compiled_file_in_a_wheel_is_found() -> None:
    assert len(wheel.wheel_problems([*WHEEL, "replygate/__pycache__/x.pyc"])) == 1


def test_the_changelog_tells_of_this_version() -> None:
    version = lock.pyproject(REPO)["project"]["version"]
    headings = re.findall(
        r"^## \[?([^\]\s]+)", (REPO / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert version in headings[:2]


def test_make_help_tells_of_every_target() -> None:
    text = (REPO / "Makefile").read_text("utf-8")
    phony = set(re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE))
    shown = subprocess.run(
        ["make", "help"], cwd=REPO, check=True, capture_output=True, text=True
    ).stdout
    assert set(re.findall(r"^make (\S+)", shown, re.MULTILINE)) == phony
