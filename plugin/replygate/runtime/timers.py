"""A timer ran out: people are told, or a holding reply goes out by the same door as any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from replygate.errors import LedgerError
from replygate.model import Draft
from replygate.runtime.announce import announce
from replygate.runtime.answers import BLOCKED, tell_blocked
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core, template_hash
from replygate.runtime.flight import Flight
from replygate.runtime.outgoing import finding_rows, outbox_row, screened
from replygate.runtime.transmit import transmit
from replygate.timing.commands import Command, SendHold
from replygate.timing.events import HoldDone, HoldOutcome, LegDue, LegKind

Refusal = Literal["blocked", "observe", "not connected", "ledger fault", "overtaken"]
"""Why a hold that was due did not go out."""


async def leg_due(core: Core, conversation: Conversation, kind: LegKind) -> None:
    """Let the timing room decide what a timer that ran out means now, and do it."""
    if kind != "hold":
        async with conversation.state:
            await conversation.load()
            commands = conversation.tell(LegDue(kind, core.clock.wall_ms()))
            # Told, then written: who is killed in between tells people twice, and not never.
            announce(core, conversation.key, commands)
            await conversation.write()
        return
    # The decision is made behind the door: an answer that is ahead of it takes its reason away.
    async with conversation.door:
        flight = await _decide(core, conversation)
        if flight is not None:
            await flight.fly()


class HoldFlight:
    """A holding reply on its way."""

    def __init__(self, core: Core, conversation: Conversation, hold: SendHold) -> None:
        self._core = core
        self._conversation = conversation
        self._hold = hold
        store = conversation.served.store
        self._key = conversation.record.sending()
        turn, template = core.ledger.text_hash(self._key.turn_id), hold.template
        send_id = f"hold:{turn}:{self._key.seq}:{template_hash(core.ledger, template)}"
        draft = Draft(conversation.key[1], hold.text, store=store.id, origin="hold")
        self._outgoing = screened(core, conversation, draft, store, send_id)
        self._flight = Flight(core, conversation, self._outgoing, self._key)
        self._port = core.ports.get(store.id)
        # From here on: whoever answers while the intent is committed goes first.
        self._give_way = conversation.holding()

    async def begin(self) -> Refusal | None:
        """Commit the intent; or why the hold does not go out."""
        if self._outgoing.cleared.text is None:
            await self._write_blocked()
            return "blocked"
        if self._outgoing.store.mode == "observe":
            # Who only watches sends nothing of his own.
            return "observe"
        if self._port is None:
            return "not connected"
        try:
            if not await self._flight.begin():
                return "overtaken"
        except LedgerError:
            # An unrecorded hold could go out twice.
            return "ledger fault"
        self._conversation.record.begun()
        self._flight.take_off()
        return None

    async def refuse(self, why: Refusal) -> None:
        """It does not go out: say so, and let the timing room plan again."""
        core, conversation = self._core, self._conversation
        conversation.record.give_up(why)
        quiet = why in {"overtaken", "observe"}
        commands = conversation.tell(self._done("cancelled" if quiet else "failed"))
        await conversation.write()
        core.journal.emit(
            "hold.skipped",
            store=conversation.key[0],
            conversation=conversation.key[1],
            turn=self._hold.turn,
            rule=self._hold.rule_id,
            reason=why,
        )
        announce(core, conversation.key, commands)

    async def fly(self) -> None:
        """Send it, and write what came of it. What surely did not go out is tried until due."""
        core, outgoing = self._core, self._outgoing
        assert self._port is not None, "begin() comes first"
        left_s = (self._hold.clock_due_ms - core.clock.wall_ms()) / 1000
        outcome = await transmit(
            self._port,
            outgoing.cleared,
            outgoing.client_id,
            until_s=core.clock.monotonic_s() + left_s,
            clock=core.clock,
            lane=core.lane(outgoing.store),
            give_way=self._give_way,
        )
        async with self._conversation.state:
            self._flight.settle(outcome, self._ended)
            await self._flight.record()

    def _ended(self, outcome: HoldOutcome) -> HoldDone:
        # Where it gave way there is nothing to tell people of: the buyer gets an answer.
        gave_way = outcome == "failed" and self._give_way.is_set()
        return self._done("cancelled" if gave_way else outcome)

    def _done(self, outcome: HoldOutcome) -> HoldDone:
        return HoldDone(self._hold.turn, self._hold.seq, outcome, self._core.clock.wall_ms())

    async def _write_blocked(self) -> None:
        core, outgoing = self._core, self._outgoing
        row = outbox_row(core, outgoing, "skipped", turn_id=self._key.turn_id, leg=self._key)
        row = replace(row, result=BLOCKED)
        findings = finding_rows(
            outgoing.store,
            row.conversation,
            row.send_id,
            row.intent_ms,
            outgoing.cleared.findings,
        )
        await core.faults.write(lambda: core.ledger.intend(row, findings))
        tell_blocked(core, self._conversation, outgoing, self._hold.turn)


async def _decide(core: Core, conversation: Conversation) -> HoldFlight | None:
    """The hold that is to go out now, its intent committed; None where none is."""
    async with conversation.state:
        assert not conversation.uncommitted, "a buyer's message is committed before any send"
        await conversation.load()
        now_ms, buyer = core.clock.wall_ms(), conversation.buyer
        leg = conversation.machine.legs.get("hold")
        if leg is not None:
            core.note_lateness(now_ms - leg.due_ms)
        due = LegDue("hold", now_ms, buyer=buyer.name, order=buyer.order)
        commands = conversation.tell(due)
        announce(core, conversation.key, commands)
        await conversation.write()
        hold = _to_send(commands)
        if hold is None:
            return None
        flight = HoldFlight(core, conversation, hold)
        refusal = await flight.begin()
        if refusal is not None:
            await flight.refuse(refusal)
            return None
        return flight


def _to_send(commands: Sequence[Command]) -> SendHold | None:
    return next((command for command in commands if isinstance(command, SendHold)), None)
