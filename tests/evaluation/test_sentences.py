from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evaluation.sentences import (
    ANY,
    CATEGORIES,
    LEXICONS,
    PLATFORMS,
    Label,
    Sentence,
    load,
    near_duplicates,
)

LEAST: dict[Label, int] = {"clean": 300, "hit": 300, "evasion": 350, "look-alike": 250}
ROW = {
    "text": "您好",
    "platform": "any",
    "category": "everyday",
    "label": "clean",
    "expect": "pass",
    "why": "a greeting",
}


@pytest.fixture(scope="module")
def sentences() -> tuple[Sentence, ...]:
    return load()


def test_there_are_enough_of_each_label(sentences: tuple[Sentence, ...]) -> None:
    counts = Counter(sentence.label for sentence in sentences)
    assert {label: counts[label] for label in LEAST if counts[label] < LEAST[label]} == {}
    assert counts.total() >= 1200


def test_no_two_are_alike(sentences: tuple[Sentence, ...]) -> None:
    assert list(near_duplicates(sentences, likeness=0.8)) == []


def test_every_category_has_its_file_and_every_lexicon_hits_evasions_and_look_alikes(
    sentences: tuple[Sentence, ...],
) -> None:
    labels = {(sentence.category, sentence.label) for sentence in sentences}
    assert {category for category, _ in labels} == set(CATEGORIES)
    for lexicon in LEXICONS:
        assert {label for category, label in labels if category == lexicon} == {
            "hit",
            "evasion",
            "look-alike",
        }


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_has_sentences_of_its_own(
    platform: str, sentences: tuple[Sentence, ...]
) -> None:
    own = Counter(sentence.label for sentence in sentences if sentence.platform == platform)
    assert own["clean"] >= 5
    assert own["hit"] >= 10


def test_a_reason_is_given_and_texts_are_as_a_shop_sends_them(
    sentences: tuple[Sentence, ...],
) -> None:
    for sentence in sentences:
        assert sentence.text == sentence.text.strip()
        assert " " in sentence.why


def written(folder: Path, *rows: object, name: str = "everyday") -> Path:
    (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    return folder


def test_a_sentence_is_read(tmp_path: Path) -> None:
    (sentence,) = load(written(tmp_path, ROW))
    assert sentence.text == "您好"
    assert sentence.platforms == PLATFORMS
    assert sentence.must_pass


def test_a_sentence_of_one_platform_is_tried_there_alone(tmp_path: Path) -> None:
    (sentence,) = load(written(tmp_path, {**ROW, "platform": "jd"}))
    assert sentence.platforms == ("jd",)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({**ROW, "platform": "taobao"}, "everyday.jsonl:1: platform is 'taobao', expected one of"),
        ({**ROW, "label": "evil"}, "label is 'evil'"),
        ({**ROW, "category": "contact"}, "category is 'contact', expected one of everyday"),
        ({**ROW, "expect": "delete"}, "expect is 'delete'"),
        ({**ROW, "expect": "block"}, "`clean` can not expect `block`"),
        ({**ROW, "label": "hit"}, "`hit` can not expect `pass`"),
        ({**ROW, "why": ""}, "every value must be a text"),
        ({**ROW, "text": 1}, "every value must be a text"),
        ({"text": "您好"}, "expected an object with exactly category, expect, label"),
        ([], "expected an object"),
    ],
)
def test_a_wrong_row_is_named(row: object, error: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=error):
        load(written(tmp_path, row))


def test_what_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "everyday.jsonl").write_text("{\n", "utf-8")
    with pytest.raises(ValueError, match=r"everyday\.jsonl:1: not JSON"):
        load(tmp_path)


def test_a_folder_without_sentences_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there are no sentences"):
        load(tmp_path)


def like(text: str) -> Sentence:
    return Sentence(text, ANY, "everyday", "clean", "pass", "an example")


def test_width_marks_and_blanks_do_not_make_two_of_one() -> None:
    texts = [like("今天下单,明天发货"), like("今天 下单 明天发货!"), like("这款卖完了")]
    assert list(near_duplicates(texts, likeness=0.9)) == [
        ("今天下单,明天发货", "今天 下单 明天发货!")
    ]
