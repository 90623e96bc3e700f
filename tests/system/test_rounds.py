"""The real process, killed and stopped under load; and that its judge sees what is wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from system.rounds.buyers import Buyer, Given
from system.rounds.command import COLUMNS, Load, rounds
from system.rounds.judge import Row, Tally, Words, judge
from system.rounds.market import Key, Seen

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
LOAD = Load(buyers=24, span_s=1.0)
KEY: Key = ("shop-1", "c-1")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("kind", ["kill", "stop"])
async def test_nothing_is_doubled_or_lost(kind: str, tmp_path: Path) -> None:
    total = Tally()
    async for each in rounds(kind, 2, tmp_path, seed=4, load=LOAD):
        total.add(each.tally)
    assert total.problems == []
    assert total.taken >= 2 * LOAD.buyers
    assert total.holds
    assert total.answered


def seen(
    text: str = "明天到", *, origin: str = "bot", name: str = "k-1", at_ms: int = 5_000
) -> Seen:
    return Seen(text, origin, name, f"p-{name}", at_ms, at_ms)


def buyer(*given: Given) -> Buyer:
    return Buyer(KEY, "bot", asked_ms=1_000, taken_ms=1_100, given=list(given))


def found(who: Buyer, *got: Seen, said: Words) -> Tally:
    return judge([who], {KEY: got}, {KEY: said})


SENT = Words((Row("s-1", "k-1", "sent"),))
TOLD = ({"event": "people.told"},)
ANSWER = {"state": "sent", "receipt": {"platform_id": "p-k-1"}}


def test_the_judge_finds_nothing_where_all_is_well() -> None:
    tally = found(buyer(Given("明天到", ANSWER, 5_100)), seen(), said=SENT)
    assert (tally.problems, tally.taken, tally.given, tally.answered) == ([], 1, 1, 1)
    assert found(buyer(), said=Words(events=TOLD)).only_told == 1


@pytest.mark.parametrize(
    "got",
    [
        (seen(), seen(name="k-2")),
        (seen("请稍候", origin="hold"), seen("已收到", origin="hold", name="k-2")),
        (seen(), seen("明天一定到")),
    ],
)
def test_the_judge_finds_a_double(got: tuple[Seen, ...]) -> None:
    said = Words((Row("s-1", "k-1", "sent"), Row("s-2", "k-2", "sent")))
    assert len(found(buyer(), *got, said=said).doubles) == 1


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (buyer(), Words()),
        (buyer(Given("明天到", ANSWER, 5_100)), Words(events=TOLD)),
        (buyer(), Words((Row("s-1", "k-1", "sent"),), TOLD)),
        (buyer(), Words((Row("s-1", "k-1", "unknown"),), TOLD)),
        (buyer(), Words((Row("s-1", "k-1", "sending"),), TOLD)),
    ],
)
def test_the_judge_finds_what_is_lost(who: Buyer, said: Words) -> None:
    assert len(found(who, said=said).lost) == 1


def test_the_judge_finds_what_is_wrong() -> None:
    failed = Words((Row("s-1", "k-1", "failed"),))
    assert len(found(buyer(), seen(), said=failed).wrong) == 1
    hold = seen("已收到", origin="hold", at_ms=5_000)
    answered = buyer(Given("明天到", ANSWER, 3_000))
    assert "held after an answer" in found(answered, hold, said=SENT).wrong[0]
    late = seen("已收到", origin="hold", at_ms=75_000)
    assert "helped nobody" in found(buyer(), late, said=SENT).wrong[0]
    mistaken = buyer()
    mistaken.mistaken.append("明天到")
    assert len(found(mistaken, seen(), said=SENT).wrong) == 1


def test_the_page_holds_the_table_that_the_command_prints() -> None:
    page = PAGE.read_text("utf-8")
    shown = r"^    python (tests/system/rounds/run\.py --rounds 20)"
    [command] = re.findall(shown, page, re.MULTILINE)
    assert (PAGE.parents[1] / command.split()[0]).is_file()
    head = f"| {' | '.join(COLUMNS)} |"
    assert page.count(head) == 2
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if len(row) == len(COLUMNS)]
    assert [row[1] for row in rows if row[0] == "all"] == ["20 rounds", "20 rounds"]
    none = [COLUMNS.index(name) for name in ("doubles", "lost in silence", "wrong")]
    counted = [row for row in rows if row[0] != COLUMNS[0]]
    assert len(counted) == 42
    assert {row[place] for row in counted for place in none} == {"0"}
    explained = page.replace(head, "")
    assert [name for name in COLUMNS[2:] if f"| {name} | " not in explained] == []
    assert re.search(r"on 2\d{3}-\d\d-\d\d", page), "figures have a date"
