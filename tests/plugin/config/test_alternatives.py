import pytest

from replygate.config.alternatives import EXPANSIONS_MAX, expand, fill


def words(template: str) -> list[str]:
    return [word for word, _ in expand(template)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("微信", ["微信"]),
        ("{给|帮}亲", ["给亲", "帮亲"]),
        ("加{我|}微信", ["加我微信", "加微信"]),
        ("{a|b}{c|d}", ["ac", "ad", "bc", "bd"]),
        ("a|b", ["a|b"]),
    ],
)
def test_each_alternative_makes_a_word(template: str, expected: list[str]) -> None:
    assert words(template) == expected


def test_a_replacement_names_what_a_group_stood_for() -> None:
    made = {word: fill("{1}您{2}", chosen) for word, chosen in expand("{给|帮}亲{，|}")}
    assert made == {"给亲，": "给您，", "给亲": "给您", "帮亲，": "帮您，", "帮亲": "帮您"}


@pytest.mark.parametrize("template", ["{a|b", "a}b", "{a|{b|c}}", "{a}", "{}", "}{"])
def test_braces_that_make_no_sense_are_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"braces|alternatives"):
        expand(template)


def test_too_many_words_are_refused_before_they_are_made() -> None:
    with pytest.raises(ValueError, match="10000000000 words; at most"):
        expand("{0|1|2|3|4|5|6|7|8|9}" * 10)


def test_as_many_words_as_the_limit_are_made() -> None:
    most = "{" + "|".join(map(str, range(EXPANSIONS_MAX))) + "}"
    assert len(expand(most)) == EXPANSIONS_MAX


@pytest.mark.parametrize("replacement", ["{3}", "{0}", "{x}", "{-1}", "{}"])
def test_a_group_that_is_not_there_is_refused(replacement: str) -> None:
    with pytest.raises(ValueError, match="names no group; the word has 2"):
        fill(replacement, ("a", "b"))
