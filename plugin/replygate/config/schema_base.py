"""What every table of a file is made of: strict types, and texts of a limited length."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from replygate.config import limits

_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")

Id = Annotated[str, Field(pattern=r"^\w[\w.\-]*$", max_length=limits.NAME_CHARS)]
"""Stands in addresses and on command lines, where `..` and `-s` mean something else."""

Name = Annotated[str, Field(min_length=1, max_length=limits.NAME_CHARS)]
Text = Annotated[str, Field(min_length=1, max_length=limits.TEXT_CHARS)]
Phrase = Annotated[str, Field(max_length=limits.WORD_CHARS)]
Intervals = Annotated[list[str], Field(max_length=limits.INTERVALS)]


def _as_list(value: Any) -> Any:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise PydanticCustomError("one_or_more", "")
    return value


OneOrMore = Annotated[list[str], Field(max_length=limits.TEXTS), BeforeValidator(_as_list)]
"""A string, or a list of strings that rotates."""


def _domain(value: str) -> str:
    # A scheme or path in front or behind would make it match nothing.
    if not _DOMAIN.fullmatch(value):
        raise PydanticCustomError("domain", "")
    return value.lower()


Domain = Annotated[str, Field(max_length=limits.NAME_CHARS), AfterValidator(_domain)]


class Table(BaseModel):
    """A TOML table: strict types, no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
