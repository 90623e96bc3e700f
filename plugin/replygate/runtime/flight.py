"""From the outbox to the network and back: the part that answers and holding replies share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from replygate.errors import LedgerError
from replygate.ledger import NO_CHANGE, Change, LegKey, MessageFact, Release
from replygate.model import Receipt
from replygate.runtime.announce import announce, tell_people
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import Core
from replygate.runtime.echo import OwnSend
from replygate.runtime.outgoing import Outgoing, Sent, finding_rows, message_of, outbox_row, tell
from replygate.runtime.transmit import Outcome
from replygate.timing.commands import Command
from replygate.timing.events import HoldOutcome, Message, Signal

Done = Callable[[HoldOutcome], Signal]
"""What the timing room is told when the send is over."""


class Flight:
    """One send from its intent to its outcome.

    Made while `state` is held; `begin`, then the network, then `settle` and `record`. `begun` is
    False while the ledger has not heard of it, which only a fault allows.
    """

    def __init__(
        self, core: Core, conversation: Conversation, outgoing: Outgoing, leg: LegKey | None = None
    ) -> None:
        turn = conversation.machine.open_turn if conversation.loaded else None
        self._core = core
        self._conversation = conversation
        self._outgoing = outgoing
        self._turn = None if turn is None else turn.id
        self._asked_ms = 0 if turn is None else turn.last_asked_ms
        self._began_s = core.clock.monotonic_s()
        turn_id = None if turn is None else conversation.record.turn_id(turn.id)
        turn_id = turn_id if leg is None else leg.turn_id
        row = outbox_row(core, outgoing, "sending", turn_id=turn_id, leg=leg)
        # It was asked for after the question, however far the platform's clock is ahead of ours.
        self.row = replace(row, intent_ms=max(row.intent_ms, self._asked_ms + 1))
        self._findings = finding_rows(
            outgoing.store,
            self.row.conversation,
            self.row.send_id,
            self.row.intent_ms,
            outgoing.cleared.findings,
        )
        self._begun = False
        self._own: OwnSend | None = None
        self._outcome: Outcome | None = None
        self._message: MessageFact | None = None
        self._commands: list[Command] = []
        self._change = NO_CHANGE

    async def begin(self, release: Release | None = None) -> bool:
        """Commit the intent: True for exactly one caller. Raises LedgerError in a fault.

        With `release` only while that task of people's is open.
        """
        faults = self._core.faults
        if faults.down:
            raise LedgerError(faults.reason or "the ledger can not be written")
        try:
            began = await self._core.ledger.begin(self.row, self._findings, release=release)
        except LedgerError as error:
            faults.note(error)
            raise
        self._begun = began
        return began

    def begin_now(self) -> bool:
        """`begin` for a caller on the loop's thread that can not await."""
        faults = self._core.faults
        if faults.down:
            raise LedgerError(faults.reason or "the ledger can not be written")
        try:
            self._begun = self._core.ledger.begin_now(self.row, self._findings)
        except LedgerError as error:
            faults.note(error)
            raise
        return self._begun

    def take_off(self) -> None:
        """The last step before the network call."""
        assert self._begun or self._core.faults.down, "only a fault lets a send out unrecorded"
        self._own = self._conversation.echoes.begin(self.row)

    def settle(self, outcome: Outcome, done: Done) -> None:
        """Tell the timing room what came of it: that the store answered, only after a receipt."""
        assert self._own is not None, "take_off() comes first"
        if outcome.state != "sent" and self._own.echo_id is not None:
            # The platform's answer was lost, and its echo says that the message is out.
            receipt = Receipt(self._own.echo_id, self._own.echo_ms)
            outcome = Outcome("sent", receipt)
        self._outcome = outcome
        conversation = self._conversation
        if outcome.receipt is not None:
            self._message = message_of(
                self._core,
                self._outgoing,
                outcome.receipt,
                self._asked_ms,
                latest_ms=conversation.machine.latest_ms,
            )
            conversation.recall.said(self._outgoing.text, self._outgoing.draft.origin)
            self._commands += conversation.tell(_as_fact(self._message))
        self._commands += conversation.tell(done(outcome.state))
        platform_id = outcome.receipt.platform_id if outcome.receipt else None
        self._own.row = replace(self.row, state=outcome.state, platform_id=platform_id)
        self._change = conversation.take()

    @property
    def settled(self) -> bool:
        """Whether the timing room knows what came of it."""
        return self._outcome is not None

    def tell_early(self, receipt: Receipt) -> None:
        """Have the timing room know of the message before anything else, when it is loaded."""
        message = message_of(self._core, self._outgoing, receipt, self._asked_ms)
        self._conversation.tell_early(_as_fact(message))

    async def record(self) -> Sent:
        """Write what `settle` settled, or put it off during a fault; then tell the journal."""
        outcome = self._outcome
        assert outcome is not None, "settle() comes first"
        self._core.reckon(self._outgoing.store.id)
        written = await self._core.faults.write(self._write)
        announce(self._core, self._conversation.key, self._commands)
        self._say(outcome)
        return Sent(
            self._outgoing.cleared,
            outcome.state,
            outcome.receipt,
            outcome.error,
            recorded=written is not None,
        )

    async def _write(self) -> bool:
        ledger, outcome = self._core.ledger, self._outcome
        assert outcome is not None, "settle() comes first"
        if not self._begun:
            self._begun = await ledger.begin(self.row, self._findings)
        platform_id = outcome.receipt.platform_id if outcome.receipt else None
        moved = await ledger.finish(
            self.row.send_id,
            outcome.state,
            platform_id=platform_id,
            result=outcome.error,
            message=self._message,
            change=self._change,
        )
        if not moved and self._change != Change():
            # The janitor gave the send up before; what else changed is true all the same.
            await ledger.record_change(self._change)
        return moved

    def _say(self, outcome: Outcome) -> None:
        core, outgoing = self._core, self._outgoing
        took_ms = round((core.clock.monotonic_s() - self._began_s) * 1000)
        match outcome.state:
            case "sent":
                platform_id = outcome.receipt.platform_id if outcome.receipt else None
                tell(
                    core,
                    outgoing,
                    "reply.sent",
                    turn=self._turn,
                    text=outgoing.text,
                    platform_id=platform_id,
                    took_ms=took_ms,
                )
            case "unknown":
                tell(core, outgoing, "reply.unknown", turn=self._turn, reason=outcome.error)
                self._tell_people("send_unknown")
            case "failed":
                tell(core, outgoing, "reply.failed", turn=self._turn, reason=outcome.error)
                self._tell_people("send_failed")

    def _tell_people(self, reason: str) -> None:
        # Of a hold the timing room tells them itself.
        if self.row.leg_seq is None:
            tell_people(self._core, self._conversation.key, reason, turn=self._turn)


def _as_fact(message: MessageFact) -> Message:
    return Message(message.id, message.at_ms, message.received_ms, "out", message.origin, own=True)
