import pytest
from pydantic import TypeAdapter, ValidationError

from replygate.config.schema_secrets import Secret, SecretRef, Url


def test_a_secret_is_told_by_where_it_is_kept() -> None:
    adapter = TypeAdapter[SecretRef](Secret)
    assert adapter.validate_python({"env": "TOKEN"}) == SecretRef(env="TOKEN")
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python("s3cret")
    assert caught.value.errors()[0]["type"] == "literal_secret"


def test_an_address_is_in_the_open_or_a_secret() -> None:
    adapter = TypeAdapter[str | SecretRef](Url)
    assert adapter.validate_python("https://a.example") == "https://a.example"
    assert adapter.validate_python({"file": "url.txt"}) == SecretRef(file="url.txt")
    with pytest.raises(ValidationError):
        adapter.validate_python("")
