"""From bodies to the gate's events."""

from __future__ import annotations

from replygate.events import Event, Outbound
from replygate.runtime import EventError, parse_event
from replygate.sidecar.bodies import Body
from replygate.sidecar.models import SentRequest, read, wrong_fields
from replygate.sidecar.problems import FieldError


def read_inbound(body: Body, store: str) -> Event:
    """A canonical event that came to `store`. Raises ApiProblem."""
    try:
        event = parse_event(body, store=store)
    except EventError as error:
        raise wrong_fields([FieldError(error.field, error.what)]) from error
    if isinstance(event, Outbound):
        what = 'is "out"; what went out elsewhere is told with POST …/sent'
        raise wrong_fields([FieldError("direction", what)])
    return event


def read_sent(body: Body, store: str) -> Outbound:
    """A message that went out elsewhere. Raises ApiProblem."""
    told = read(SentRequest, body)
    return Outbound(
        store,
        told.conversation,
        told.text,
        told.id,
        origin=told.origin,
        kind=told.kind,
        agent=told.agent,
        at_ms=None if told.at is None else round(told.at.timestamp() * 1000),
    )
