"""Facts that nobody waits for: what buyers thought of the service, and who was there."""

from __future__ import annotations

from replygate.config import Store
from replygate.events import Presence, Rating
from replygate.ledger import DutyRow, RatingRow
from replygate.runtime import shifts
from replygate.runtime.core import Core
from replygate.runtime.duty import RETURN_MS
from replygate.runtime.intake import Received, Times, times
from replygate.runtime.outgoing import kept_text


async def rated(core: Core, event: Rating) -> Received:
    """A buyer rated the service: written down."""
    when = times(core, event.at_ms, event.received_ms)
    store = core.served(event.store).store
    row = RatingRow(
        store=event.store,
        conversation=event.conversation,
        id=event.id or _derived_id(core, event, when),
        at_ms=when.at_ms,
        received_ms=when.received_ms,
        agent=event.agent,
        score=event.score,
        scale_max=event.scale_max,
        label=event.label,
        reason=None if event.reason is None else _kept_reason(store, event.reason),
        source=event.source,
    )
    written = await core.faults.write(lambda: core.ledger.record_rating(row))
    return Received(new=written is not False, recorded=written is not None)


async def came_or_left(core: Core, event: Presence) -> Received:
    """An agent came online or left: written down, and told where it is news."""
    when = times(core, event.at_ms, event.received_ms)
    row = DutyRow(event.store, event.agent, when.at_ms, when.received_ms, event.online)
    written = await core.faults.write(lambda: core.ledger.record_duty(row))
    is_news = core.duty.heard(event.store, event.agent, when.at_ms, online=event.online)
    if written is not False:
        name = "agent.online" if event.online else "agent.offline"
        core.journal.emit(name, store=event.store, agent=event.agent)
    if is_news and when.received_ms - when.at_ms < RETURN_MS:
        store = core.served(event.store).store
        await shifts.came_or_left(core, store, event.agent, online=event.online)
    return Received(new=written is not False, recorded=written is not None)


def _kept_reason(store: Store, reason: str) -> str | None:
    """The reasons that a metric looks for are the platform's words; all others are the buyer's."""
    sought = (rule.rating for rule in store.metrics if rule.rating is not None)
    if any(reason in (*one.reasons, *one.excluded_reasons) for one in sought):
        return reason
    return kept_text(store, reason)


def _derived_id(core: Core, event: Rating, when: Times) -> str:
    """What has no id is known by its time and what it says."""
    said = (event.score, event.scale_max, event.label, event.reason, event.source, event.agent)
    return f"rated:{when.at_ms}:{core.ledger.text_hash(repr(said))[:12]}"
