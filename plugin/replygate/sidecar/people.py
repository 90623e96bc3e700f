"""The calls for people: who is there, take-over and hand-back, what is left, what to decide."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web

from replygate.ledger import TakeoverRow, TaskRow
from replygate.runtime import Agent, ReplyGate, TaskError, Unfinished
from replygate.sidecar import answers
from replygate.sidecar.bodies import read_object
from replygate.sidecar.limits import ANSWER_S, NAME_CHARS
from replygate.sidecar.models import read, wrong_fields
from replygate.sidecar.people_models import DoneRequest, ReleaseRequest, TakeoverRequest
from replygate.sidecar.problems import ApiProblem, FieldError

Json = dict[str, Any]

_COME_AGAIN: Final = {"Retry-After": "1"}


def agents(gate: ReplyGate, store: str) -> Json:
    """Tell who is planned and who is there."""
    return {"agents": [_agent(one) for one in gate.agents(store)]}


async def handover(gate: ReplyGate, store: str) -> Json:
    """Tell what somebody must go on with."""
    return {"conversations": [_unfinished(one) for one in await gate.handover(store)]}


async def tasks(gate: ReplyGate, store: str) -> Json:
    """Tell what people must decide."""
    return {"tasks": [_task(one) for one in await gate.tasks(store)]}


async def takeover(gate: ReplyGate, request: web.Request, store: str) -> Json:
    """Give a conversation to a person."""
    conversation = _named(request, "conversation")
    asked = read(TakeoverRequest, await read_object(request))
    return _takeover(gate, await gate.take_over(store, conversation, asked.agent))


async def handback(gate: ReplyGate, request: web.Request, store: str) -> Json:
    """Give a conversation back to the bot."""
    conversation = _named(request, "conversation")
    taken = await gate.hand_back(store, conversation)
    return {"conversation": conversation, "agent": None if taken is None else taken.agent}


async def forget(gate: ReplyGate, request: web.Request, store: str) -> Json:
    """Remove everything about a buyer."""
    conversation = _named(request, "conversation")
    return {"conversation": conversation, "rows": await gate.forget(store, conversation)}


async def done(gate: ReplyGate, request: web.Request, store: str) -> Json:
    """Take in what a person made of a task."""
    task = _named(request, "task")
    asked = read(DoneRequest, await read_object(request))
    try:
        return _task(await gate.decide(store, task, asked.outcome, by=asked.by))
    except TaskError as error:
        raise _problem(error) from error


async def release(gate: ReplyGate, request: web.Request, store: str) -> Json:
    """Send a text that was kept back."""
    task = _named(request, "task")
    asked = read(ReleaseRequest, await read_object(request))
    try:
        async with asyncio.timeout(ANSWER_S):
            sent = await gate.release(store, task, by=asked.by, force=asked.force)
    except TaskError as error:
        raise _problem(error) from error
    except TimeoutError as error:
        detail = f"no result within {ANSWER_S:g} s; it goes on"
        raise ApiProblem("not-finished", detail, headers=_COME_AGAIN) from error
    return answers.sent(sent)


def _named(request: web.Request, part: str) -> str:
    """A name that stands in the path. Raises ApiProblem where it is none."""
    name = request.match_info[part]
    if len(name) > NAME_CHARS:
        what = f"has {len(name)} characters; at most {NAME_CHARS} are allowed"
        raise wrong_fields([FieldError(part, what)])
    if not name.isprintable():
        raise wrong_fields([FieldError(part, "holds a character that cannot be printed")])
    return name


def _problem(error: TaskError) -> ApiProblem:
    if error.code == "wrong-outcome":
        return wrong_fields([FieldError("outcome", str(error))])
    return ApiProblem(error.code, str(error))


def _agent(one: Agent) -> Json:
    return {
        "agent": one.name,
        "on_duty": one.on_duty,
        "online": one.online,
        "seen_at": _time(one.seen_ms),
        "until": _time(one.until_ms),
        "next_at": _time(one.next_ms),
    }


def _task(one: TaskRow) -> Json:
    return {
        "id": one.task_id,
        "conversation": one.conversation,
        "kind": one.kind,
        "at": _time(one.at_ms),
        "send": one.send_id,
        "origin": one.origin,
        "agent": one.agent,
        "reason": one.reason,
        "text": one.text,
        "done_at": _time(one.done_ms),
        "done_by": one.done_by,
        "outcome": one.outcome,
    }


def _unfinished(one: Unfinished) -> Json:
    return {
        "conversation": one.conversation,
        "waiting_since": _time(one.waiting_ms),
        "deadlines": [answers.deadline(each) for each in one.deadlines],
        "agent": one.agent,
        "promised_by": _time(one.promised_ms),
        "tasks": [_task(each) for each in one.tasks],
    }


def _takeover(gate: ReplyGate, taken: TakeoverRow) -> Json:
    stays_s = gate.stores[taken.store].people.takeover_s
    return {
        "conversation": taken.conversation,
        "agent": taken.agent,
        "since": answers.time(taken.since_ms),
        "until": answers.time(taken.last_ms + stays_s * 1_000),
    }


def _time(at_ms: int | None) -> str | None:
    return None if at_ms is None else answers.time(at_ms)
