import tomllib
from pathlib import Path

import pytest

from replygate.config.kinds import FileKind, kind_of
from replygate.config.library import packaged
from replygate.config.read import Data


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"id": "s"}, "store"),
        ({"id": "s", "platform": "pdd", "rule": []}, "store"),
        ({"id": "s", "deadline": []}, "store"),
        ({}, "group"),
        ({"platform": "pdd"}, "group"),
        ({"deadline": []}, "group"),
        ({"id": "p", "editions": {}}, "platform"),
        ({"id": "p", "rule": [], "own_domains": []}, "platform"),
        ({"id": "l", "title": "t"}, "lexicon"),
        ({"id": "l", "rule": []}, "lexicon"),
    ],
)
def test_a_file_is_known_by_what_stands_in_it(data: Data, kind: FileKind) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize("kind", ["store", "platform", "lexicon"])
def test_packaged_files_are_what_their_folder_says(kind: str) -> None:
    files = packaged(kind)
    assert files
    for path in files.values():
        assert kind_of(tomllib.loads(Path(path).read_text("utf-8"))) == kind
