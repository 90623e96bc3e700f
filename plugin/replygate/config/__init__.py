"""Configuration: TOML in, frozen stores out."""

from replygate.config.check import CheckResult, check_file
from replygate.config.explain import Effective, explain
from replygate.config.load import load_store, load_stores
from replygate.config.secrets import Secret
from replygate.config.store import (
    Adapter,
    Holding,
    HttpAdapter,
    OneBotAdapter,
    Profile,
    StatusMap,
    Store,
    Webhook,
)

__all__ = [
    "Adapter",
    "CheckResult",
    "Effective",
    "Holding",
    "HttpAdapter",
    "OneBotAdapter",
    "Profile",
    "Secret",
    "StatusMap",
    "Store",
    "Webhook",
    "check_file",
    "explain",
    "load_store",
    "load_stores",
]
