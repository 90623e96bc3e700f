"""The running gate: timers, one send gate per conversation, and the facade `ReplyGate`."""

from replygate.runtime.core import Emit
from replygate.runtime.duty import Agent
from replygate.runtime.elsewhere import Observed
from replygate.runtime.fields import EventError
from replygate.runtime.handover import Unfinished
from replygate.runtime.intake import Deadline, Received
from replygate.runtime.lifetime import Ready
from replygate.runtime.outgoing import Sent, SentState
from replygate.runtime.parse import parse_event
from replygate.runtime.platform import Platform
from replygate.runtime.sends import SendIdReused
from replygate.runtime.service import ReplyGate
from replygate.runtime.todo import OUTCOMES, TaskError
from replygate.runtime.waiting import Waiting

__all__ = [
    "OUTCOMES",
    "Agent",
    "Deadline",
    "Emit",
    "EventError",
    "Observed",
    "Platform",
    "Ready",
    "Received",
    "ReplyGate",
    "SendIdReused",
    "Sent",
    "SentState",
    "TaskError",
    "Unfinished",
    "Waiting",
    "parse_event",
]
