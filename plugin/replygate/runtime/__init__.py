"""The running gate: timers, one send gate per conversation, and the facade `ReplyGate`."""

from replygate.runtime.core import Emit
from replygate.runtime.elsewhere import Observed
from replygate.runtime.fields import EventError
from replygate.runtime.intake import Deadline, Received
from replygate.runtime.lifetime import Ready
from replygate.runtime.outgoing import Sent, SentState
from replygate.runtime.parse import parse_event
from replygate.runtime.platform import Platform
from replygate.runtime.sends import SendIdReused
from replygate.runtime.service import ReplyGate
from replygate.runtime.waiting import Waiting

__all__ = [
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
    "Waiting",
    "parse_event",
]
