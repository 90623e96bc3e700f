"""What every adapter must keep, as scenarios that run against one; for the tests of adapters.

An adapter under test gets a `Harness`: how its bot speaks, what its platform saw, how a buyer
writes. Each scenario needs a fresh one, which serves the store `STORE`. It needs no test framework:
what is not kept is an AssertionError.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final, Literal, Protocol
from unittest import mock

from replygate.model import Draft, Finding
from replygate.runtime import ReplyGate

STORE_ID: Final = "contract"
DUE_S: Final = 7.0
"""Long enough that no holding reply is due at once: they leave three seconds for a send that goes
wrong, and are up to two more early, so that a store's do not all go out together."""

HOLDS_FROM_S: Final = 1.8
HOLDS_TILL_S: Final = 3.9
"""When holding replies go out, after the question."""

HOLD = "已收到，客服会尽快回复您"

STORE: Final = f"""
id = "{STORE_ID}"
[holding]
texts = ["{HOLD}"]
min_gap_s = 0
lead_s = 3
max_per_conversation_day = 50
[hours]
open = ["00:00-24:00"]
[[deadline]]
id = "soft"
name = "{DUE_S:g} 秒"
due_s = {DUE_S:g}
counts = {{ human = "yes", bot = "yes", hold = "no", platform = "no" }}
[[screening.rule]]
id = "elsewhere"
action = "block"
words = ["淘宝", "13800138000", "大傻瓜"]
[[screening.rule]]
id = "wechat"
action = "rewrite"
words = ["微信"]
replace = "本店客服"
"""

FORBIDDEN: Final = ("淘宝", "微信", "13800138000", "大傻瓜")
"""What must never reach a buyer of the store, in whatever pieces it was said."""

BLOCKED: Final = ("去淘宝买", "打13800138000", "你这个大傻瓜")
FEW: Final = 300
MANY: Final = 5_000
"""Messages of a random run: in every test, and when there is time."""

PATIENCE_S: Final = 10.0
LOOK_S: Final = 0.01

Ability = Literal["parts", "hooks", "holds", "reconnects", "faults"]
"""What an adapter has to do with: messages in parts, hooks of other plugins, buyers' messages and
holding replies, connections that break, and a gate in the test's own process."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message on the platform's side, with all its text, however it was written."""

    conversation: str
    text: str


class Harness(Protocol):
    """An adapter under test, between a bot and a platform that the test plays."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What there is to test; the scenarios that need more are left out."""

    @property
    def paths(self) -> Sequence[str]:
        """Every way in which the bot can send, by names of your own."""

    @property
    def gate(self) -> ReplyGate:
        """The gate that the adapter sends through (`faults`)."""

    async def say(self, path: str, conversation: str, /, *parts: str) -> bool:
        """Have the bot say one message this way, in these neighbouring parts.

        Whether the bot was told that it went out; comes back when that is settled.
        """

    def arrived(self) -> Sequence[Arrival]:
        """What the platform got, oldest first."""

    async def ask(self, conversation: str, text: str, /) -> None:
        """A buyer writes; comes back when the gate knows (`holds`)."""

    def rewriter(self, old: str, new: str, /) -> AbstractContextManager[None]:
        """Another plugin, which changes `old` into `new` as late as it can (`hooks`)."""

    def crash(self) -> AbstractContextManager[None]:
        """Another plugin, which raises on every send (`hooks`)."""

    async def cut(self) -> None:
        """The connection to the platform breaks (`reconnects`)."""

    async def reconnect(self) -> None:
        """It is back; comes back when the bot can send again (`reconnects`)."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One promise. `run` raises AssertionError where it is not kept."""

    name: str
    run: Callable[[Harness], Awaitable[None]]
    needs: frozenset[Ability]

    def applies(self, harness: Harness) -> bool:
        """Whether the adapter has what it is about."""
        return self.needs <= harness.abilities


async def every_path(harness: Harness) -> None:
    """What may go out goes out as it was said, by each way."""
    await _say_by_each(harness, "今天发货")


async def blocked(harness: Harness) -> None:
    """What is blocked reaches nobody, by no way."""
    for number, path in enumerate(harness.paths):
        for text in BLOCKED:
            await harness.say(path, str(number + 1), text)
            _require_nothing(harness, f"{path}: {text}")


async def rewritten(harness: Harness) -> None:
    """What is rewritten arrives rewritten, by each way."""
    for number, path in enumerate(harness.paths):
        assert await harness.say(path, str(number + 1), "加微信聊"), f"{path}: not sent"
        _require_last(harness, str(number + 1), "加本店客服聊", path)


async def split(harness: Harness) -> None:
    """A word in pieces is a word."""
    for number, path in enumerate(harness.paths):
        await harness.say(path, str(number + 1), "去淘", "宝买")
        _require_nothing(harness, path)
    for number, path in enumerate(harness.paths):
        assert await harness.say(path, str(number + 1), "加微", "信聊"), f"{path}: not sent"
        _require_last(harness, str(number + 1), "加本店客服聊", path)


async def fault(harness: Harness) -> None:
    """A fault inside the gate lets nothing out, and it works again afterwards."""
    for broken in (broken_judging, broken_sending):
        before = len(_said(harness))
        with broken(harness.gate):
            for number, path in enumerate(harness.paths):
                told = await harness.say(path, str(number + 1), "今天发货")
                assert not told, f"{path}: the bot was told that it went out"
        assert len(_said(harness)) == before, f"{_said(harness)[-1]} was not judged"
        await _say_by_each(harness, "今天发货")


async def later_rewriter(harness: Harness) -> None:
    """What is judged is what goes out, whoever changed it on the way."""
    (path, *_) = harness.paths
    with harness.rewriter("平台", "淘宝"):
        await harness.say(path, "1", "去平台买")
        _require_nothing(harness, path)
        for number, each in enumerate(harness.paths):
            before = len(_said(harness))
            await harness.say(each, str(number + 1), "去平台买")
            # What goes round the other plugin is the bot's own text, and may go out.
            unchanged = Arrival(str(number + 1), "去平台买")
            arrived = _said(harness)[before:]
            assert arrived in ([], [unchanged]), f"{each}: {arrived}"
    with harness.rewriter("客服", "微信"):
        await harness.say(path, "1", "加客服聊")
        _require_last(harness, "1", "加本店客服聊", path)
        for number, each in enumerate(harness.paths):
            before = len(_said(harness))
            assert await harness.say(each, str(number + 1), "加客服聊"), f"{each}: not sent"
            (last,) = _said(harness)[before:]
            assert last.text in {"加客服聊", "加本店客服聊"}, f"{each}: {last} arrived"


async def others_crash(harness: Harness) -> None:
    """Another plugin's crash changes nothing."""
    with harness.crash():
        for number, path in enumerate(harness.paths):
            await harness.say(path, str(number + 1), "去淘宝买")
            _require_nothing(harness, path)
            await harness.say(path, str(number + 1), "加微信聊")
    texts = {arrival.text for arrival in _said(harness)}
    assert texts <= {"加本店客服聊"}, f"not judged: {texts}"


async def held(harness: Harness) -> None:
    """A buyer whom nobody answers gets one holding reply, before the deadline."""
    began_s = time.monotonic()
    await harness.ask("1", "多久发货")
    await _until(lambda: bool(harness.arrived()), "a holding reply")
    took_s = time.monotonic() - began_s
    assert took_s < DUE_S, f"it came after {took_s:.2f} s"
    await asyncio.sleep(max(0.0, DUE_S - took_s) + 0.2)
    assert list(harness.arrived()) == [Arrival("1", HOLD)]


async def racing(harness: Harness) -> None:
    """However close an answer is to the holding reply: none comes after it."""
    conversations = [str(number + 1) for number in range(20)]

    async def one(number: int, conversation: str) -> None:
        await harness.ask(conversation, "在吗")
        share = number / len(conversations)
        await asyncio.sleep(HOLDS_FROM_S + share * (HOLDS_TILL_S - HOLDS_FROM_S))
        path = harness.paths[number % len(harness.paths)]
        assert await harness.say(path, conversation, "在的")

    await asyncio.gather(*(one(*each) for each in enumerate(conversations)))
    await asyncio.sleep(0.5)
    for conversation in conversations:
        texts = [each.text for each in harness.arrived() if each.conversation == conversation]
        assert texts in (["在的"], [HOLD, "在的"]), f"{conversation}: {texts}"


async def reconnected(harness: Harness) -> None:
    """While nobody can send nothing is claimed; afterwards answers and holds go out again."""
    (path, *_) = harness.paths
    assert await harness.say(path, "1", "今天发货")
    await harness.cut()
    assert not await harness.say(path, "1", "明天发货"), "it was claimed to be sent"
    await harness.reconnect()
    assert await harness.say(path, "2", "后天发货")
    await harness.say(path, "2", "去淘宝买")
    assert [each.text for each in harness.arrived()] == ["今天发货", "后天发货"]
    if "holds" in harness.abilities:
        await harness.ask("3", "在吗")
        await _until(lambda: Arrival("3", HOLD) in harness.arrived(), "a holding reply")


async def random_run(harness: Harness, count: int = FEW, seed: int = 20261120) -> None:
    """Whatever a careless bot says, by whatever way: nothing forbidden arrives."""
    rng = random.Random(seed)  # noqa: S311 - the same run again is the point
    sent = 0
    for _ in range(count):
        parts = tuple(_careless(rng, harness))
        text = "".join(parts)
        before = len(_said(harness))
        told = await harness.say(rng.choice(harness.paths), str(rng.randint(1, 9)), *parts)
        arrived = [each.text for each in _said(harness)[before:]]
        if any(word in text for word in FORBIDDEN if word != "微信"):
            assert not arrived, f"{parts}: {arrived} arrived"
        else:
            assert told, f"{parts} was not sent"
            assert arrived == [text.replace("微信", "本店客服")], f"{parts}: {arrived} arrived"
            sent += 1
    assert sent, "a run in which nothing may be sent shows nothing"
    _require_clean(harness)


def _careless(rng: random.Random, harness: Harness) -> Iterator[str]:
    """The parts of a message; a part may end in the middle of a word."""
    pieces = ("亲", "今天发货", "加", "a[b]&c", "您好，", "[CQ:face,id=1", *FORBIDDEN)
    text = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 5)))
    if "parts" not in harness.abilities or len(text) == 1:
        yield text
        return
    at = rng.randint(1, len(text) - 1)
    yield text[:at]
    yield text[at:]


@contextmanager
def broken_judging(gate: ReplyGate) -> Iterator[None]:
    """A check of the shop's own raises on every text."""

    def boom(draft: Draft) -> Sequence[Finding]:
        raise RuntimeError(f"no judgement of {draft.conversation}")

    gates = [store.gate for store in gate.stores.values()]
    before = [each.checks for each in gates]
    for each in gates:
        each.checks = (*each.checks, boom)
    try:
        yield
    finally:
        for each, checks in zip(gates, before, strict=True):
            each.checks = checks


@contextmanager
def broken_sending(gate: ReplyGate) -> Iterator[None]:
    """The gate itself raises what nobody expects."""
    boom = RuntimeError("the gate is broken")
    with (
        mock.patch.object(gate, "send_by", side_effect=boom),
        mock.patch.object(gate, "send_now", side_effect=boom),
    ):
        yield


async def _say_by_each(harness: Harness, text: str) -> None:
    for number, path in enumerate(harness.paths):
        assert await harness.say(path, str(number + 1), text), f"{path}: not sent"
        _require_last(harness, str(number + 1), text, path)


def _require_nothing(harness: Harness, what: str) -> None:
    _require_clean(harness)
    arrived = [each for each in _said(harness) if "买" in each.text or "打" in each.text]
    assert not arrived, f"{what}: {arrived[-1]} arrived"


def _require_last(harness: Harness, conversation: str, text: str, path: str) -> None:
    _require_clean(harness)
    last = _said(harness)[-1:]
    assert last == [Arrival(conversation, text)], f"{path}: {last} arrived"


def _said(harness: Harness) -> list[Arrival]:
    """What arrived, but for holding replies: those come when they are due."""
    return [each for each in harness.arrived() if each.text != HOLD]


def _require_clean(harness: Harness) -> None:
    dirty = [each for each in harness.arrived() if any(word in each.text for word in FORBIDDEN)]
    assert not dirty, f"forbidden, and arrived: {dirty}"


async def _until(done: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not done():  # noqa: ASYNC110 - the platform's side is the harness's own
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        raise AssertionError(f"{what} did not come within {PATIENCE_S:g} s") from None


SCENARIOS: Final = (
    Scenario("every path", every_path, frozenset()),
    Scenario("blocked", blocked, frozenset()),
    Scenario("rewritten", rewritten, frozenset()),
    Scenario("split", split, frozenset({"parts"})),
    Scenario("fault", fault, frozenset({"faults"})),
    Scenario("later rewriter", later_rewriter, frozenset({"hooks"})),
    Scenario("others crash", others_crash, frozenset({"hooks"})),
    Scenario("held", held, frozenset({"holds"})),
    Scenario("racing", racing, frozenset({"holds"})),
    Scenario("reconnected", reconnected, frozenset({"reconnects"})),
    Scenario("random run", random_run, frozenset()),
)
