import pytest
from pydantic import ValidationError

from replygate.config.schema_base import Domain, Id, OneOrMore, Table


class Some(Table):
    id: Id = "x"
    texts: OneOrMore = ["x"]  # noqa: RUF012 - pydantic copies it
    domain: Domain = "x.example"


def test_a_table_knows_its_keys_and_never_changes() -> None:
    with pytest.raises(ValidationError):
        Some.model_validate({"other": 1})
    with pytest.raises(ValidationError):
        Some().id = "y"  # type: ignore[misc]  # the very point of the test


@pytest.mark.parametrize("name", ["a", "PDD-F-09.pay", "店铺1"])
def test_an_id(name: str) -> None:
    assert Some(id=name).id == name


@pytest.mark.parametrize("name", ["", "-s", "../x", "a b", ".a"])
def test_an_id_means_nothing_to_a_shell_or_a_folder(name: str) -> None:
    with pytest.raises(ValidationError):
        Some(id=name)


def test_one_text_stands_for_a_list_of_one() -> None:
    assert Some.model_validate({"texts": "a"}).texts == ["a"]
    assert Some.model_validate({"texts": ["a", "b"]}).texts == ["a", "b"]
    for wrong in (1, {"a": 1}, None):
        with pytest.raises(ValidationError):
            Some.model_validate({"texts": wrong})


def test_a_domain_has_no_scheme_and_no_path() -> None:
    assert Some(domain="Shop.Example").domain == "shop.example"
    for wrong in ("https://a.example", "a.example/x", "localhost", "a..b"):
        with pytest.raises(ValidationError):
            Some(domain=wrong)
