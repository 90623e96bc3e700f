"""What a store's file may say of holding replies, and of what buyers' topics lead to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from replygate.config import limits
from replygate.config.schema_base import Id, Intervals, Name, OneOrMore, Table, Text

HOLDING_TEXTS = ["已收到您的消息，客服会尽快回复您～"]
OFF_DUTY_TEXTS = [
    "已收到您的消息，客服{wait}上班，上班后会回复您～",
    "已收到您的消息，客服上班后会尽快回复您～",
]
CLOSERS = ["好的，有需要随时联系我们，祝您生活愉快～", "感谢您的咨询，祝您购物愉快～"]


class HoldingTextEntry(Table):
    """Holding texts for some questions, or for a part of the day. The first that fits is taken."""

    texts: Annotated[OneOrMore, Field(min_length=1)]
    topics: list[Name] = Field([], max_length=limits.TEXTS)
    hours: Intervals = Field([])
    off_duty: bool = False


class QuotaTable(Table):
    """How many messages a platform lets a store send after the buyer's last one."""

    messages: int = Field(ge=1, le=1_000)
    hours: float = Field(48, gt=0, le=720, allow_inf_nan=False)
    keep: int = Field(2, ge=0, le=1_000)


class HoldingTable(Table):
    """The short texts sent before a deadline, and how often."""

    texts: list[Text] = Field(HOLDING_TEXTS, max_length=limits.TEXTS)
    off_duty_texts: list[Text] = Field(OFF_DUTY_TEXTS, max_length=limits.TEXTS)
    text: list[HoldingTextEntry] = Field([], max_length=limits.TEXTS)
    closers: list[Text] = Field(CLOSERS, max_length=limits.TEXTS)
    max_per_turn: int = Field(1, ge=0, le=10)
    max_per_conversation_day: int = Field(6, ge=0, le=1_000)
    min_gap_s: int = Field(60, ge=0, le=86_400)
    lead_s: float | None = Field(None, gt=0, le=3_600, allow_inf_nan=False)
    quota: QuotaTable | None = None

    @property
    def all_texts(self) -> list[str]:
        """Every text that a holding reply may be made of."""
        special = [text for entry in self.text for text in entry.texts]
        return [*self.texts, *self.off_duty_texts, *special, *self.closers]


class WorkflowAnswerEntry(Table):
    """A text that answers a topic by itself."""

    topic: Name
    text: Text


class WorkflowTable(Table):
    """What buyers' topics lead to: suggestions to people, and answers where a store wants them."""

    suggestions: bool = True
    answers: list[Name] = Field([], max_length=limits.TEXTS)
    answer: list[WorkflowAnswerEntry] = Field([], max_length=limits.TEXTS)


class PlatformWording(Table):
    """What is worded otherwise for one platform."""

    suggest: Name | None = None
    answer: Text | None = None


class TopicWording(Table):
    """What is suggested to people for a topic, and the packaged answer, where one is complete."""

    id: Id
    suggest: Name
    answer: Text | None = None
    on: dict[str, PlatformWording] = Field({})


class WordingFile(Table):
    """The packaged wording of all topics."""

    topic: list[TopicWording]
