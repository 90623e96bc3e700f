"""How a secret stands in a file: never itself, only where it is kept."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from replygate.config import limits
from replygate.config.schema_base import Name, Table


class SecretRef(Table):
    """Where a secret is kept. Exactly one of the two is set (`secrets.py` sees to it)."""

    env: Name | None = None
    file: Name | None = None


def _secret_table(value: Any) -> Any:
    # The value itself must never reach a message.
    if not isinstance(value, dict):
        raise PydanticCustomError("literal_secret", "")
    return value


Secret = Annotated[SecretRef, BeforeValidator(_secret_table)]


def _url_kind(value: Any) -> str:
    return "secret" if isinstance(value, dict) else "plain"


_PlainUrl = Annotated[str, Field(min_length=1, max_length=limits.URL_CHARS)]
Url = Annotated[
    Annotated[_PlainUrl, Tag("plain")] | Annotated[SecretRef, Tag("secret")],
    Discriminator(_url_kind),
]
"""A web address or header in the open, or one that is kept as a secret."""
