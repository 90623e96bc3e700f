"""Buyers, bots, people and the adapter that tells the gate of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from replygate.errors import LedgerError, ReplygateError
from replygate.events import (
    Excuse,
    Inbound,
    Marked,
    Outbound,
    Presence,
    Rating,
    Session,
    Transferred,
)
from replygate.model import Draft, Origin
from replygate.runtime import ReplyGate, Sent

from .market import Market
from .shops import FORBIDDEN, REWRITTEN, stems
from .truth import Elsewhere, Question, Request, Said, Talk, Told
from .world import World

QUESTIONS = ("多久发货", "在吗", "好的", "谢谢", "有大码吗", "什么时候到", "???", "转人工")
ANSWERS = ("亲，今天发出", "您好，在的", "已为您查询，还在路上", "有的，请直接拍")


@dataclass(frozen=True, slots=True)
class Bot:
    """How a store's bot answers. Numbers are chances."""

    answers: float = 0.7
    slow: float = 0.2
    racing: float = 0.2
    double: float = 0.2
    careless: float = 0.1
    blocking: float = 0.1


class Actors:
    """Everybody outside the gate."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.chance
        self._truth = world.truth
        self._serial = 0
        self._waiting: list[Told] = []
        self.bots: dict[str, Bot] = {}
        world.started.append(self._tell_again)

    def open_shop(self, market: Market, bot: Bot) -> None:
        """A store takes up business."""
        self._world.markets[market.store] = market
        self.bots[market.store] = bot
        market.heard = self._echoed

    # What buyers and platforms do.

    def visit(self, store: str, number: int) -> None:
        """A buyer comes and asks, once or in a burst, and perhaps again later."""
        name = f"c{number}"
        chance = self._chance
        talk = self._truth.talk(store, name)
        at_s = 0.0
        for _ in range(chance.choice((1, 1, 2, 4))):
            self._after(at_s, lambda: self._ask(talk))
            at_s += chance.choice((0.0, 0.3, 4.0, 18.0, 45.0, 120.0)) * chance.random()
        self._after(chance.random() * 60, lambda: self._something_else(talk))

    def _ask(self, talk: Talk) -> None:
        chance, market = self._chance, self._world.markets[talk.store]
        at_ms = market.stamp_ms()
        if chance.random() < 0.1:
            at_ms = at_ms // 1000 * 1000
        name = f"m{self._next()}"
        question: Question
        if chance.random() < 0.1:
            moved = Transferred(talk.store, talk.name, name, at_ms=at_ms)
            question = Question(moved, at_ms, id=name, transfer=True)
        else:
            text = chance.choice(QUESTIONS)
            asked = Inbound(talk.store, talk.name, name, text, at_ms=at_ms)
            question = Question(asked, at_ms, id=name)
        talk.questions.append(question)
        self._truth.counts["questions"] += 1
        late_s = chance.choice((0.0, 0.0, 0.05, 0.05, 2.0, 40.0)) * chance.random()
        self._tell_after(late_s, question)
        if chance.random() < 0.1:
            self._tell_after(late_s + chance.random() * 30, question)
        self._after(late_s, lambda: self._bot_thinks(talk))

    def _something_else(self, talk: Talk) -> None:
        """What is no question: notices, sessions, marks, ratings, and the platform's own texts."""
        chance, market = self._chance, self._world.markets[talk.store]
        stamp_ms, name = market.stamp_ms(), f"x{self._next()}"
        match chance.choice(("notice", "session", "mark", "rating", "duty", "greeting", "human")):
            case "notice":
                event = Inbound(
                    talk.store, talk.name, name, "从商品页进入", origin="platform", at_ms=stamp_ms
                )
                self._tell_after(chance.random(), Told(event, stamp_ms))
            case "session":
                state: Literal["open", "close"] = chance.choice(("open", "close"))
                session = Session(talk.store, talk.name, state, name, at_ms=stamp_ms)
                self._tell_after(chance.random(), Told(session, stamp_ms))
            case "mark" if talk.questions:
                self._mark(talk, chance.choice(talk.questions), stamp_ms)
            case "rating":
                rating = Rating(talk.store, talk.name, name, label="satisfied", at_ms=stamp_ms)
                self._tell_after(chance.random(), Told(rating, stamp_ms))
            case "duty":
                came = Presence(talk.store, "小王", chance.random() < 0.5, at_ms=stamp_ms)
                self._tell_after(chance.random(), Told(came, stamp_ms))
            case "greeting":
                self._sent_elsewhere(talk, "platform", "您好，欢迎光临")
            case _:
                self._sent_elsewhere(talk, "human", "稍后给您处理")

    def _mark(self, talk: Talk, question: Question, stamp_ms: int) -> None:
        if question.transfer:
            return
        excuse: Excuse = self._chance.choice(("recall", "platform_spam"))
        marked = Marked(talk.store, talk.name, question.id, excuse, at_ms=stamp_ms)
        self._tell_after(self._chance.random(), _Mark(marked, stamp_ms, question=question))

    def _sent_elsewhere(self, talk: Talk, origin: Origin, words: str) -> None:
        """Somebody types into the platform's console; the gate hears of it sooner or later."""
        chance = self._chance
        text = words + self._mark_of(talk.store)
        stamp_ms = self._world.markets[talk.store].stamp_ms()
        name = f"h{self._next()}" if chance.random() < 0.7 else None
        out = Outbound(talk.store, talk.name, text, name, origin=origin, at_ms=stamp_ms)
        told = Elsewhere(out, stamp_ms, origin=origin, text=text)
        talk.elsewhere.append(told)
        self._tell_after(chance.choice((0.0, 1.0, 30.0)) * chance.random(), told)
        if chance.random() < 0.2:
            self._tell_after(chance.random() * 40, told)

    def _echoed(self, request: Request, message_id: str | None, at_ms: int, label: Origin) -> None:
        out = Outbound(
            request.store,
            request.conversation,
            request.text,
            message_id,
            origin=label,
            at_ms=at_ms,
        )
        talk = self._truth.talk(request.store, request.conversation)
        told = Elsewhere(out, at_ms, origin=label, text=request.text, own=True)
        talk.elsewhere.append(told)
        self._tell(told)

    # The adapter.

    def _tell_after(self, seconds: float, told: Told) -> None:
        self._after(seconds, lambda: self._tell(told))

    def _tell(self, told: Told) -> None:
        # Till the gate has said that it took it, it is to be told again.
        self._waiting.append(told)
        process, gate = self._world.process, self._world.gate
        if process is not None and gate is not None:
            process.start(self._give(gate, told))

    async def _give(self, gate: ReplyGate, told: Told) -> None:
        """As an adapter does: what was not taken is told again to the next process."""
        told.told_us.append(self._world.time.now_us)
        if told.event.store not in gate.stores:
            return
        try:
            received = await gate.received(told.event)
        except ReplygateError:
            return
        if told.known_us is None:
            told.known_us = self._world.time.now_us
        told.recorded = told.recorded or received.recorded
        told.lost = not told.recorded
        if isinstance(told, _Mark) and told.question is not None:
            told.question.excused_us = self._world.time.now_us
        self._waiting = [other for other in self._waiting if other is not told]

    def _tell_again(self) -> None:
        """A new process: what the last one did not say it had taken comes again."""
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            self._tell(told)

    # Bots, and people who answer by the gate.

    def _bot_thinks(self, talk: Talk) -> None:
        chance, bot = self._chance, self.bots[talk.store]
        if chance.random() >= bot.answers:
            return
        if chance.random() < bot.racing:
            self._after(0.2, lambda: self._race(talk))
            return
        wait_s = chance.uniform(5.0, 60.0) if chance.random() < bot.slow else chance.random() * 3
        self._after(wait_s, lambda: self._answer(talk))

    def _race(self, talk: Talk) -> None:
        """Answer in the moment in which the holding reply is due."""
        gate = self._world.gate
        due_ms = gate and gate._core.wheel.due_ms((talk.store, talk.name, "hold"))
        if due_ms:
            wait_ms = due_ms - self._world.clock.wall_ms() + self._chance.uniform(-60, 100)
            self._after(wait_ms / 1000, lambda: self._answer(talk))

    def _answer(self, talk: Talk) -> None:
        chance, bot = self._chance, self.bots[talk.store]
        origin: Origin = "human" if chance.random() < 0.2 else "bot"
        for _ in range(chance.choice((1, 1, 1, 2))):
            said = self._say(talk, origin)
            if chance.random() < bot.blocking:
                said.times = 1
                self._send_now(said)
                continue
            said.send_id = f"k{self._next()}" if chance.random() < 0.6 else None
            self._send(said)
            if chance.random() < bot.double:
                said.times += said.send_id is None
                self._after(chance.choice((0.0, 0.5, 15.0)), lambda said=said: self._send(said))

    def _say(self, talk: Talk, origin: Origin) -> Said:
        chance, bot = self._chance, self.bots[talk.store]
        mark = self._mark_of(talk.store)
        text = chance.choice(ANSWERS) + mark
        careless = chance.random() < bot.careless
        if careless and chance.random() < 0.5:
            text = f"用{REWRITTEN[0]}发，" + text
            careless = False
        elif careless:
            text = f"加{FORBIDDEN}聊，" + text
        process = self._world.processes
        said = Said(talk.store, talk.name, text, origin, process, blocked=careless)
        talk.said.append(said)
        self._truth.said[mark] = said
        return said

    def _send(self, said: Said) -> None:
        process, gate = self._world.process, self._world.gate
        if process is None or gate is None or said.store not in gate.stores:
            return
        if said.outcomes == [] and not said.send_id:
            said.process = process.number
        process.start(self._sending(gate, said))

    async def _sending(self, gate: ReplyGate, said: Said) -> None:
        draft = Draft(said.conversation, said.text, store=said.store, origin=said.origin)
        if said.given_us is None:
            said.given_us = self._world.time.now_us
        try:
            sent = await gate.send(draft, send_id=said.send_id)
        except (LedgerError, ReplygateError) as error:
            self._truth.note(f"{said.text}: {error}")
            return
        self._learn(said, sent)

    def _send_now(self, said: Said) -> None:
        process, gate = self._world.process, self._world.gate
        if process is None or gate is None or said.store not in gate.stores:
            return
        process.start(self._sending_now(gate, said, process.number))

    async def _sending_now(self, gate: ReplyGate, said: Said, process: int) -> None:
        draft = Draft(said.conversation, said.text, store=said.store, origin=said.origin)
        connection = self._world.markets[said.store].connection(process)
        said.process, said.given_us = process, self._world.time.now_us
        try:
            sent = gate.send_now(draft, connection.send_now)
        except Exception as error:  # noqa: BLE001 - the platform's own come through as they are
            self._truth.note(f"{said.text}: {error!r}")
            return
        self._learn(said, sent)

    def _learn(self, said: Said, sent: Sent) -> None:
        said.outcomes.append(sent.state)
        said.recorded = said.recorded and sent.recorded
        self._truth.counts[f"outcome {sent.state}"] += 1
        self._truth.note(f"outcome {said.text} {sent.state} {sent.recorded}")

    def _mark_of(self, store: str) -> str:
        return f"【{stems(int(store[1:]))}·{stems(self._next())}】"

    def _next(self) -> int:
        self._serial += 1
        return self._serial

    def _after(self, seconds: float, call: object) -> None:
        assert callable(call)
        self._world.time.after(seconds, call)


@dataclass(slots=True)
class _Mark(Told):
    question: Question | None = None
