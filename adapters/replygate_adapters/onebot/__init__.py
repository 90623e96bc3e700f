"""OneBot v11: what its messages, actions and events mean to the gate."""

from replygate_adapters.onebot.actions import Outgoing, outgoing
from replygate_adapters.onebot.events import canonical
from replygate_adapters.onebot.pieces import Unreadable, edits_of

__all__ = ["Outgoing", "Unreadable", "canonical", "edits_of", "outgoing"]
