"""What the files of the repository say, and where their links lead."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest

from house import text
from house.tree import REPO, kept_files
from replygate import model


def test_no_file_speaks_of_one_machine_or_one_tracker() -> None:
    files = kept_files(REPO)
    assert Path("pyproject.toml") in files
    assert text.unwanted_words(REPO, files) == []


# Put together here, so that this file does not say them either.
@pytest.mark.parametrize(
    "words",
    [
        "see /" + "work/main",
        "cd '/" + "root'",
        "#!/" + "home/someone/bin/python",
        "https://" + "pypi" + ".org/simple",
        "https://files." + "pythonhosted" + ".org/x",
        "closes " + "#12",
        "as asked in Issue " + "#3",
        "see issue" + " 3",
    ],
)
def test_words_that_do_not_belong_are_found(tmp_path: Path, words: str) -> None:
    (tmp_path / "a.txt").write_text(f"fine\n{words}\n", "utf-8")
    (problem,) = text.unwanted_words(tmp_path, [Path("a.txt")])
    assert problem.startswith("a.txt:2: ")


@pytest.mark.parametrize(
    "words", ["docs/work/plan", "/workers/list", "an issue of 3 days", "#ff0000", "~/root/x"]
)
def test_words_that_only_look_alike_are_fine(tmp_path: Path, words: str) -> None:
    (tmp_path / "a.txt").write_text(words, "utf-8")
    assert text.unwanted_words(tmp_path, [Path("a.txt")]) == []


def test_every_link_leads_somewhere() -> None:
    assert text.dead_links(REPO, kept_files(REPO)) == []


@pytest.mark.parametrize(
    "link",
    ["[a](gone.md)", "![a](gone.png)", '[a](gone.md "title")', "[a](gone.md#top)", "[a]: gone.md"],
)
def test_a_dead_link_is_found(tmp_path: Path, link: str) -> None:
    (tmp_path / "a.md").write_text(f"{link}\n", "utf-8")
    (problem,) = text.dead_links(tmp_path, [Path("a.md")])
    assert "gone" in problem


def test_a_link_out_of_the_repository_is_found(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    repo.mkdir()
    (tmp_path / "outside.md").touch()
    (repo / "a.md").write_text("[a](../outside.md)\n", "utf-8")
    assert text.dead_links(repo, [Path("a.md")]) == ["a.md: ../outside.md does not exist"]


@pytest.mark.parametrize(
    "link",
    [
        "[a](docs/b.md#part)",
        "[a](https://example.com/gone)",
        "[a](#part)",
        "```\n[a](gone.md)\n```",
    ],
)
def test_a_link_that_leads_somewhere_is_fine(tmp_path: Path, link: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/b.md").touch()
    (tmp_path / "a.md").write_text(f"{link}\n", "utf-8")
    assert text.dead_links(tmp_path, [Path("a.md")]) == []


@pytest.mark.parametrize("words", [model.Origin, model.Action, model.Mode, model.FindingAction])
def test_the_word_list_holds_the_words_of_the_model(words: object) -> None:
    listed = set(re.findall(r"`([^`]+)`", (REPO / "docs/words.md").read_text("utf-8")))
    assert set(typing.get_args(words)) <= listed
