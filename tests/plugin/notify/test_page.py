from __future__ import annotations

from replygate.notify.page import NAMES_MAX, page_of

from .kit import NOW_MS, notice


def test_one_notice_says_in_the_title_what_it_is() -> None:
    page = page_of([notice("breach", due_ms=NOW_MS - 5_000)], 20, NOW_MS, counts=True)
    assert page.title == "replygate｜已超时｜示例小店"
    (group,) = page.groups
    assert (group.head, group.ask) == ("已超时", "请尽快回复买家")
    assert group.lines[0].startswith("已超时 5 秒｜")
    assert page.more == ()


def test_many_are_grouped_by_kind_and_the_title_counts() -> None:
    waiting = [notice(), notice("escalate", shop="另一家"), notice("breach")]
    page = page_of(waiting, 20, NOW_MS, counts=True)
    assert page.title == "replygate｜示例小店等 2 家店｜3 件事"
    assert [(group.head, len(group.lines)) for group in page.groups] == [
        ("需要马上回复", 2),
        ("已超时", 1),
    ]


def test_what_can_be_counted_is_told_by_number_and_the_rest_later() -> None:
    hard = [notice() for _ in range(5)]
    soft = [notice("warn") for _ in range(7)] + [notice("breach", hard=False)]
    page = page_of([*hard, *soft], 3, NOW_MS, counts=True, lost=4)
    assert page.listed == tuple(hard[:3])
    assert page.told == (*hard[:3], *soft)
    assert page.more == (
        "另有 8 条：等待已过半 7、已超时 1",
        "还有 2 条随后发出",
        "4 条太多或太旧，未发出，见日志",
    )
    assert page.title.endswith("11 件事")


def test_without_numbers_everything_waits_for_its_turn() -> None:
    waiting = [notice(), *(notice("warn") for _ in range(3))]
    page = page_of(waiting, 2, NOW_MS, counts=False)
    assert page.told == page.listed == tuple(waiting[:2])


def test_each_person_is_named_once() -> None:
    waiting = [notice(mention=("a", "b")), notice(mention=("b", "c"))]
    assert page_of(waiting, 20, NOW_MS, counts=True).mention == ("a", "b", "c")
    crowd = tuple(map(str, range(100)))
    page = page_of([notice(mention=crowd)], 20, NOW_MS, counts=True)
    assert len(page.mention) == NAMES_MAX


def test_who_is_there_is_said_and_not_called() -> None:
    waiting = [notice(on_duty=("wang", "<li>")), notice(on_duty=("wang",))]
    page = page_of(waiting, 20, NOW_MS, counts=True)
    assert page.more == ("当班：wang、＜li＞",)
    assert page.mention == ()


def test_a_fault_of_the_process_names_no_shop() -> None:
    fault = notice("fault", event="ledger.fault", reason="x", shop="", conversation=None)
    assert page_of([fault], 20, NOW_MS, counts=True).title == "replygate｜系统故障"
    assert page_of([fault, fault], 20, NOW_MS, counts=True).title == "replygate｜2 件事"
