"""What a store's configuration means to the timing room."""

from __future__ import annotations

from zlib import crc32

from replygate.config import Store
from replygate.timing.holding import JITTER_MAX_MS, HoldingPolicy
from replygate.timing.latency import Recent, margin_of
from replygate.timing.legs import Terms

MARGIN = margin_of(Recent(), Recent(), 0)
"""What a send is reckoned to take while nothing was measured: no lead is shorter."""


def terms_of(store: Store) -> Terms:
    """The store's deadlines and holding replies."""
    holding = store.holding
    return Terms(
        rules=store.deadlines,
        holding=HoldingPolicy(
            texts=holding.texts,
            off_duty_texts=holding.off_duty_texts,
            special=holding.special,
            closers=holding.closers if store.last_word else (),
            duty=store.hours,
            lead_s=holding.lead_s,
            max_per_turn=holding.max_per_turn,
            max_per_conversation_day=holding.max_per_conversation_day,
            min_gap_s=holding.min_gap_s,
            quota=holding.quota,
        ),
        margin=MARGIN,
        excuses=store.excuses,
        session_gap_s=store.session_gap_s,
    )


def jitter_ms(store: str, conversation: str) -> int:
    """How much earlier this conversation's holds go out: a store's bursts are spread.

    The same after a restart: a timer that moved would be written down again.
    """
    return crc32(f"{store}/{conversation}".encode("utf-8", "replace")) % (JITTER_MAX_MS + 1)
