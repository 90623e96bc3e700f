"""What may stand in a file of the people: who is on duty, and what holds while they answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from replygate.config import limits
from replygate.config.schema_base import Intervals, Name, Table

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

BotDrafts = Literal["hold", "drop", "pass"]
"""What becomes of a bot's text while a person has the conversation."""


class DutyEntry(Table):
    """A shift: who is there, at which times, on which days."""

    name: Name | None = None
    agents: Annotated[list[Name], Field(min_length=1, max_length=limits.AGENTS)]
    open: Annotated[Intervals, Field(min_length=1)]
    days: Annotated[list[Weekday], Field(min_length=1)] = Field(
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    )
    dates: dict[str, Intervals] = Field({})
    extend: bool = True


class PeopleTable(Table):
    """What a person's hand in a conversation means."""

    takeover_on_reply: bool = False
    takeover_s: int = Field(1_800, ge=60, le=limits.TAKEOVER_S)
    bot_drafts: BotDrafts = "hold"
    release: bool = True
