"""What no file may say, and where no link may lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# Each says something that is true on one machine or in one tracker only.
UNWANTED = {
    "names a path of one machine": re.compile(
        r"(?<![\w.~-])/(?:root|work|home/\w+|opt/(?:wheels|pypi)|tmp/rg)(?=[/\s\"'`:,)]|$)"
    ),
    "names a package registry": re.compile(
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org"
    ),
    "speaks of an issue by number": re.compile(
        r"\b(?:issues?|pull requests?|PR)\s+#?\d|\b(?:fix(?:es)?|close[sd]?|refs?) #\d",
        re.IGNORECASE,
    ),
}

LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#")


def unwanted_words(repo: Path, files: Iterable[Path]) -> list[str]:
    """Lines that name what does not belong into the repository."""
    return [
        f"{file}:{number}: {what}: {line.strip()[:80]}"
        for file in files
        for number, line in enumerate(_lines(repo / file), start=1)
        for what, pattern in UNWANTED.items()
        if pattern.search(line)
    ]


def dead_links(repo: Path, files: Iterable[Path]) -> list[str]:
    """Relative links of Markdown files that lead nowhere, or out of the repository."""
    return [
        f"{file}: {target} does not exist"
        for file in files
        if file.suffix == ".md"
        for target in _targets((repo / file).read_text("utf-8"))
        if not _leads_somewhere(repo, file, target)
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8", errors="replace").splitlines()


def _targets(markdown: str) -> Iterator[str]:
    for match in LINK.finditer(FENCE.sub("", markdown)):
        target = match[1] or match[2]
        if not ELSEWHERE.match(target):
            yield target.partition("#")[0]


def _leads_somewhere(repo: Path, file: Path, target: str) -> bool:
    place = (repo / file.parent / target).resolve()
    return place.exists() and place.is_relative_to(repo.resolve())
