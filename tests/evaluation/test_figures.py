from __future__ import annotations

from pathlib import Path

from evaluation.figures import Count, count, read, table, worse, write
from evaluation.judge import Case
from evaluation.sentences import Expect, Label, Sentence
from replygate import Finding

BLOCK = Finding("contact.wechat", "微信", 0, 2, "block", None, "contact", "test")


def sentence(label: Label) -> Sentence:
    expect: Expect = "rewrite" if label in ("hit", "evasion") else "pass"
    return Sentence("微信聊", "any", "contact", label, expect, "an example")


def test_a_sentence_counts_as_found_only_where_each_platform_finds_it() -> None:
    hit, other = sentence("hit"), sentence("hit")
    cases = [
        Case(hit, "pdd", (BLOCK,)),
        Case(hit, "jd", ()),
        Case(other, "pdd", (BLOCK,)),
        Case(other, "jd", (BLOCK,)),
    ]
    assert count(cases) == {
        "hit/all": Count(1, 2),
        "hit/contact": Count(1, 2),
        "hit@jd": Count(1, 2),
        "hit@pdd": Count(2, 2),
    }


def test_a_flagged_look_alike_is_not_right() -> None:
    figures = count([Case(sentence("look-alike"), "pdd", (BLOCK,))])
    assert figures["look-alike/all"] == Count(0, 1)
    assert figures["look-alike/all"].wrong == 1


def test_a_lower_share_is_worse_whatever_the_totals() -> None:
    accepted = {"hit/all": Count(97, 100), "clean/all": Count(10, 10)}
    assert worse({"hit/all": Count(194, 200), "clean/all": Count(20, 20)}, accepted) == []
    assert worse({"hit/all": Count(193, 200), "clean/all": Count(10, 10)}, accepted) == [
        "hit/all: was 97/100 (97.0%), is 193/200 (96.5%)"
    ]


def test_a_figure_that_is_gone_is_worse() -> None:
    assert worse({}, {"hit/all": Count(1, 1)}) == [
        "hit/all: was 1/1 (100.0%), is no longer counted"
    ]


def test_accepted_figures_are_read_back_and_written_alike(tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    write({"b": Count(1, 2), "a": Count(3, 4)}, one)
    write({"a": Count(3, 4), "b": Count(1, 2)}, two)
    assert one.read_bytes() == two.read_bytes() == b'{\n  "a": [3, 4],\n  "b": [1, 2]\n}\n'
    assert read(one) == {"a": Count(3, 4), "b": Count(1, 2)}


def test_without_a_file_nothing_is_accepted_yet(tmp_path: Path) -> None:
    assert read(tmp_path / "none.json") == {}


def test_the_table_has_a_row_for_each_category_and_platform() -> None:
    shown = table({"hit/contact": Count(1, 2), "hit@pdd": Count(1, 1), "hit/all": Count(1, 2)})
    assert [line.split()[0] for line in shown.splitlines()] == ["hit", "contact", "pdd", "all"]
    assert "1/2 (50.0%)" in shown
