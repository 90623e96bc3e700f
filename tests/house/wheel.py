"""What a wheel holds: `python -m house.wheel FILE` fails where something is missing or too much."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterable

from house.tree import ROOTS

PACKAGES = {root.package for root in ROOTS}
WANTED = ("replygate/py.typed", "replygate_adapters/py.typed", "replygate_config/py.typed")


def wheel_problems(names: Iterable[str]) -> list[str]:
    """Names at the top that would be installed beside our packages, and files that are missing."""
    held = set(names)
    top = {name.partition("/")[0] for name in held}
    strays = sorted(name for name in top - PACKAGES if not name.endswith(".dist-info"))
    problems = [f"{name}: would be installed beside our packages" for name in strays]
    problems += [f"{name}: is missing" for name in WANTED if name not in held]
    if not any(name.startswith("replygate_config/") and name.endswith(".toml") for name in held):
        problems.append("replygate_config: holds no data")
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in held):
        problems.append("LICENSE: is missing")
    problems += [f"{name}: does not belong" for name in sorted(held) if "__pycache__" in name]
    return problems


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        sys.exit("\n".join(wheel_problems(wheel.namelist())) or None)
