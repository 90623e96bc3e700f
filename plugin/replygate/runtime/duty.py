"""Who is there, of every store: what was heard of people, over what is planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from replygate.config import Store
from replygate.ledger import DutyRow
from replygate.timing.duty import Seen, Spell, next_spell, on_duty, planned

RETURN_MS = 600_000
"""Who is back this soon was not away: connections break, and nobody needs a list for that."""


@dataclass(frozen=True, slots=True)
class Agent:
    """One person of a store. Times are Unix ms.

    `online` is what was last heard, None where nothing ever was. `on_duty` is whether they are
    told of things now; `until_ms` is when their planned shift ends, `next_ms` when one begins.
    """

    name: str
    on_duty: bool
    online: bool | None
    seen_ms: int | None
    until_ms: int | None
    next_ms: int | None


class Duty:
    """What was heard of people, and the shifts that go on after their end."""

    __slots__ = ("_extended", "_seen")

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, Seen]] = {}
        self._extended: dict[str, set[Spell]] = {}

    def restore(self, rows: Iterable[DutyRow]) -> None:
        """What the ledger knows from before."""
        for row in rows:
            self.heard(row.store, row.agent, row.at_ms, online=row.online)

    def heard(self, store: str, agent: str, at_ms: int, *, online: bool) -> bool:
        """An agent came or left; whether that is news: they were away before, or there.

        What comes late, after something newer, changes nothing.
        """
        seen = self._seen.setdefault(store, {})
        before = seen.get(agent)
        if before is not None and at_ms < before.at_ms:
            return False
        seen[agent] = Seen(at_ms, online)
        if before is None:
            return True
        return before.online != online and at_ms - before.at_ms > RETURN_MS

    def on_duty(self, store: Store, at_ms: int) -> tuple[str, ...]:
        """Who can be told something, by name; nobody where nobody is known."""
        seen = self._seen.get(store.id, {})
        return on_duty(store.shifts, seen, at_ms, self.extended(store.id))

    def extended(self, store: str) -> frozenset[Spell]:
        """The shifts of a store that go on, as a buyer of theirs waits."""
        return frozenset(self._extended.get(store, ()))

    def extend(self, store: str, spell: Spell) -> None:
        """Go on with a shift after its planned end."""
        self._extended.setdefault(store, set()).add(spell)

    def end(self, store: str, spell: Spell) -> None:
        """The shift is over."""
        self._extended.get(store, set()).discard(spell)

    def agents(self, store: Store, at_ms: int) -> tuple[Agent, ...]:
        """Everybody who is planned or was heard of."""
        seen = self._seen.get(store.id, {})
        names = {agent for shift in store.shifts for agent in shift.agents} | seen.keys()
        there = self.on_duty(store, at_ms)
        return tuple(
            _agent(store, name, seen.get(name), at_ms, is_there=name in there)
            for name in sorted(names)
        )


def _agent(store: Store, name: str, last: Seen | None, at_ms: int, *, is_there: bool) -> Agent:
    own = [shift for shift in store.shifts if name in shift.agents]
    coming = next_spell(own, at_ms)
    return Agent(
        name=name,
        on_duty=is_there,
        online=None if last is None else last.online,
        seen_ms=None if last is None else last.at_ms,
        until_ms=max((spell.end_ms for spell in planned(own, at_ms)), default=None),
        next_ms=None if coming is None else coming.start_ms,
    )
