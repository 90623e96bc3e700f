"""The conversations in memory: few of all, those that are used; the ledger has the rest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from replygate.runtime.conversation import Conversation
from replygate.runtime.core import ConversationKey, Core

CONVERSATIONS_MAX = 20_000
"""Conversations in memory; above it the longest unused go, armed timers or not."""

IDLE_S = 600.0


class Conversations:
    """Every conversation that is in memory, the longest unused first."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._known: OrderedDict[ConversationKey, Conversation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[ConversationKey]:
        return iter(list(self._known))

    @contextmanager
    def using(self, store: str, conversation: str) -> Iterator[Conversation]:
        """The conversation, kept in memory for as long as it is used."""
        key = (store, conversation)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Conversation(self._core, key)
            self._shrink()
        self._known.move_to_end(key)
        with found.in_use():
            yield found

    def knows(self, key: ConversationKey) -> bool:
        """Whether its state is in memory, and complete."""
        found = self._known.get(key)
        return found is not None and found.loaded and not found.blind

    def let_go(self, key: ConversationKey) -> None:
        """Forget one that nobody uses at present; the ledger has it."""
        found = self._known.get(key)
        if found is not None and found.users == 0:
            del self._known[key]

    def drop_idle(self) -> bool:
        """Let go of what nobody has used for a while, and of what was loaded during a fault.

        Whether there was any of the latter.
        """
        before_s = self._core.clock.monotonic_s() - IDLE_S
        any_stale = False
        for key, conversation in list(self._known.items()):
            stale = conversation.blind and not self._core.faults.down
            if conversation.users == 0 and (stale or conversation.used_s < before_s):
                del self._known[key]
                any_stale |= stale
        return any_stale

    def _shrink(self) -> None:
        """One in, at most two out: the limit holds again after a burst, and no call is long."""
        for key in list(self._oldest(2)) if len(self._known) > CONVERSATIONS_MAX else ():
            if self._known[key].users == 0:
                del self._known[key]

    def _oldest(self, count: int) -> Iterator[ConversationKey]:
        for key, _ in zip(self._known, range(count), strict=False):
            yield key
