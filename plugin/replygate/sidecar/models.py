"""Bodies of requests, and the shapes of answers that the OpenAPI document shows."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from replygate.config.places import did_you_mean, dotted
from replygate.model import Action, FindingAction, Kind, Origin
from replygate.sidecar.bodies import Body, describe
from replygate.sidecar.limits import NAME_CHARS
from replygate.sidecar.problems import ApiProblem, FieldError

B = TypeVar("B", bound="Request")

Name = Annotated[str, Field(min_length=1, max_length=NAME_CHARS)]


def _time(value: Any) -> Any:
    # Numbers could be seconds or milliseconds, so they are nothing here.
    if not isinstance(value, str):
        raise PydanticCustomError("time_with_offset", "")
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("time_with_offset", "") from None
    if at.tzinfo is None:
        raise PydanticCustomError("time_with_offset", "")
    return at


Time = Annotated[AwareDatetime, BeforeValidator(_time)]


class Request(BaseModel):
    """A body: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ScreenRequest(Request):
    """A text to judge."""

    text: str
    origin: Origin = "bot"
    conversation: Name = "screen"
    kind: Kind = "text"
    agent: Name | None = None


class OutboundRequest(Request):
    """A message to screen and send."""

    conversation: Name
    text: str = Field(min_length=1)
    origin: Literal["bot", "human"] = "bot"
    kind: Kind = "text"
    agent: Name | None = None


class SentRequest(Request):
    """A message that went out elsewhere."""

    conversation: Name
    text: str
    id: Name | None = None
    origin: Literal["human", "bot", "hold", "platform", "unknown"] = "unknown"
    kind: Kind = "text"
    agent: Name | None = None
    at: Time | None = None


def read(model: type[B], body: Body) -> B:
    """Convert a body. Raises ApiProblem that names every field that is wrong."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise wrong_fields(
            [
                FieldError(dotted(detail["loc"]), _say(detail, model))
                for detail in error.errors(include_url=False)
            ]
        ) from error


def wrong_fields(errors: list[FieldError]) -> ApiProblem:
    """The problem for fields that are wrong; the first is its detail."""
    assert errors, "something is wrong"
    first = errors[0]
    rest = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    place = f"{first.field}: " if first.field else ""
    return ApiProblem("wrong-fields", f"{place}{first.what}{rest}", errors=errors)


def _say(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            names = list(model.model_fields)
            hint = did_you_mean(str(detail["loc"][-1]), names) or f"known are {', '.join(names)}"
            return f"unknown field; {hint}"
        case "string_type":
            return f"expected a string, got {describe(value)}"
        case "string_too_short":
            return "expected some text, got an empty string"
        case "string_too_long":
            return f"has {len(value)} characters; at most {context['max_length']} are allowed"
        case "literal_error":
            names = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            hint = did_you_mean(value, names) if isinstance(value, str) else ""
            said = f"expected one of {', '.join(names)}; got {describe(value)}"
            return f"{said}; {hint}" if hint else said
        case "bool_type":
            return f"expected true or false, got {describe(value)}"
        case "time_with_offset":
            form = "2026-11-20T10:10:15+08:00"
            return f"expected a time with its offset ({form}), got {describe(value)}"
    raise AssertionError(f"a body can be {kind}, and nothing words it")


class Answer(BaseModel):
    """An answer's shape."""


class FindingAnswer(Answer):
    """One rule that matched. Offsets count code points of the original text."""

    rule: str
    matched: str
    start: int
    end: int
    action: FindingAction
    replacement: str | None
    why: str
    source: str


class VerdictAnswer(Answer):
    """The gate's verdict; the same object that `replygate screen` writes."""

    action: Action
    text: str | None
    findings: list[FindingAnswer]


class ReceiptAnswer(Answer):
    """What the platform said of a message it took."""

    platform_id: str | None
    at: str


class OutboundAnswer(VerdictAnswer):
    """The verdict, and what became of the message.

    `sent`: the platform took it. `unknown`: it may be out, and people were told. `failed`: it
    surely is not out. `skipped`: the gate blocked it. `recorded` is false while the ledger can not
    be written.
    """

    state: Literal["sent", "unknown", "failed", "skipped"]
    receipt: ReceiptAnswer | None
    error: str | None
    recorded: bool


class DeadlineAnswer(Answer):
    """One deadline."""

    rule: str
    name: str
    due_at: str
    hard: bool


class InboundAnswer(Answer):
    """What became of an event. `new` is false for a repeat, which changes nothing."""

    new: bool
    deadlines: list[DeadlineAnswer]
    recorded: bool


class SentAnswer(Answer):
    """What became of a message sent elsewhere; `own` says that it is the echo of one of ours.

    `recall_left_s` are the seconds left to recall a text that breaks a rule; null where it breaks
    none or nobody knows how long.
    """

    new: bool
    own: bool
    verdict: VerdictAnswer | None
    recall_left_s: int | None
    recorded: bool


class NextAnswer(Answer):
    """What will happen next if nobody answers."""

    what: Literal["warn", "hold", "escalate", "breach", "follow_up"]
    at: str


class ConversationAnswer(Answer):
    """A buyer who waits."""

    conversation: str
    waiting_since: str
    last_message_at: str
    deadlines: list[DeadlineAnswer]
    next: NextAnswer | None


class ConversationsAnswer(Answer):
    """Who waits, the longest first."""

    conversations: list[ConversationAnswer]


class FieldErrorAnswer(Answer):
    """One field that is wrong."""

    field: str
    what: str


class ProblemAnswer(Answer):
    """Why a request was not answered as it was meant (RFC 9457)."""

    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldErrorAnswer] = []
