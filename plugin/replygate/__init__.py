"""replygate: a gate that every reply of an online store passes, in time.

from replygate import Draft, load_store

store = load_store("demo-pdd")
cleared = store.gate.screen(Draft("c-1", "亲，加微信 wx_8866 发您优惠"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from replygate.errors import (
    ConfigError,
    PlatformBusy,
    PlatformError,
    PlatformRefused,
    Problem,
    ReplygateError,
    SendUncertain,
    UnknownStore,
)
from replygate.events import Inbound
from replygate.model import Cleared, Draft, Finding, Memory, Receipt

if TYPE_CHECKING:
    from replygate.config import Store, load_store, load_stores
    from replygate.runtime import ReplyGate
    from replygate.screening.gate import Check, Gate

__all__ = [
    "Check",
    "Cleared",
    "ConfigError",
    "Draft",
    "Finding",
    "Gate",
    "Inbound",
    "Memory",
    "PlatformBusy",
    "PlatformError",
    "PlatformRefused",
    "Problem",
    "Receipt",
    "ReplyGate",
    "ReplygateError",
    "SendUncertain",
    "Store",
    "UnknownStore",
    "load_store",
    "load_stores",
]

# Loading these takes longer than all that `replygate --help` does, and it runs through here too.
_ON_DEMAND = {
    "Check": "replygate.screening.gate",
    "Gate": "replygate.screening.gate",
    "ReplyGate": "replygate.runtime",
    "Store": "replygate.config",
    "load_store": "replygate.config",
    "load_stores": "replygate.config",
}

if not TYPE_CHECKING:  # a type checker would believe that every name exists

    def __getattr__(name: str) -> object:
        if name not in _ON_DEMAND:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(_ON_DEMAND[name]), name)
        globals()[name] = value
        return value
