"""What every ledger must do for people: take-overs and tasks. Part of the contract."""

from __future__ import annotations

from dataclasses import replace

from replygate.ledger import Change, Decision, Ledger, Release, SendState, TaskRow

from .samples import BUYER, STORE, answer, duty, leg, message, reply, taken, task, turn

DROPPED = Decision("dropped", 9_000, "xiao-wang")


class PeopleContract:
    """Take-overs, tasks, and what is left to do."""

    async def test_a_take_over_is_kept_until_it_is_handed_back(self, ledger: Ledger) -> None:
        await ledger.take_over(taken())
        await ledger.take_over(taken(last_ms=7_000))
        await ledger.take_over(taken("xiao-li", conversation="c-2"))
        await ledger.take_over(taken(store="other"))
        found = (await ledger.restore(0)).takeovers
        expected = {
            taken(last_ms=7_000),
            taken("xiao-li", conversation="c-2"),
            taken(store="other"),
        }
        assert set(found) == expected
        assert await ledger.hand_back(STORE, BUYER, DROPPED) == ()
        assert len((await ledger.restore(0)).takeovers) == 2

    async def test_handing_back_drops_the_drafts_that_waited(self, ledger: Ledger) -> None:
        await ledger.take_over(taken())
        draft = task("t-1", kind="draft", text="今天发")
        skipped = replace(answer(), state="skipped")
        await ledger.intend(skipped, task=draft)
        await ledger.intend(replace(skipped, send_id="s-2"), task=task("t-2", send_id="s-2"))
        assert await ledger.hand_back(STORE, BUYER, DROPPED) == (draft,)
        done = await ledger.task(STORE, "t-1")
        assert done is not None
        assert (done.outcome, done.done_by, done.text) == ("dropped", "xiao-wang", None)
        assert [one.task_id for one in await ledger.tasks(STORE)] == ["t-2"]

    async def test_a_task_comes_with_what_was_kept_back(self, ledger: Ledger) -> None:
        skipped = replace(answer(), state="skipped")
        assert await ledger.intend(skipped, task=task())
        assert not await ledger.intend(skipped, task=task("t-2"))
        assert await ledger.tasks(STORE) == (task(),)
        assert await ledger.tasks("other") == ()
        assert await ledger.task("other", "t-1") is None
        assert await ledger.task(STORE, "t-9") is None

    async def test_a_text_that_is_no_text_is_not_kept(self, ledger: Ledger) -> None:
        await ledger.intend(replace(answer(), state="skipped"), task=task(text="a\ud83d"))
        assert [one.text for one in await ledger.tasks(STORE)] == [None]

    async def test_a_task_is_decided_once(self, ledger: Ledger) -> None:
        await ledger.intend(replace(answer(), state="skipped"), task=task())
        assert await ledger.close_task("t-1", DROPPED)
        assert not await ledger.close_task("t-1", replace(DROPPED, outcome="answered"))
        assert await ledger.task(STORE, "t-1") == replace(
            task(text=None), done_ms=9_000, done_by="xiao-wang", outcome="dropped"
        )
        assert await ledger.tasks(STORE) == ()

    async def test_a_release_begins_once_and_ends_its_task(self, ledger: Ledger) -> None:
        await ledger.intend(replace(answer(), state="skipped"), task=task())
        release = Release("t-1", Decision("released", 9_000, "xiao-li"))
        assert await ledger.begin(answer("r-1"), release=release)
        assert not await ledger.begin(answer("r-1"), release=release)
        assert not await ledger.begin(answer("r-2"), release=release)
        assert await ledger.send("r-2") is None
        done = await ledger.task(STORE, "t-1")
        assert done is not None
        assert (done.outcome, done.done_by, done.text) == ("released", "xiao-li", None)

    async def test_what_was_decided_is_not_released(self, ledger: Ledger) -> None:
        await ledger.intend(replace(answer(), state="skipped"), task=task())
        await ledger.close_task("t-1", DROPPED)
        release = Release("t-1", Decision("released", 9_000, "xiao-li"))
        assert not await ledger.begin(answer("r-1"), release=release)
        assert await ledger.send("r-1") is None

    async def test_a_send_that_may_be_out_is_a_task(self, ledger: Ledger) -> None:
        await ledger.begin(answer())
        await ledger.finish("s-1", "unknown", result="timeout")
        [asked] = await ledger.tasks(STORE)
        assert (asked.kind, asked.send_id, asked.reason, asked.text) == (
            "unknown",
            "s-1",
            "timeout",
            None,
        )
        assert (asked.conversation, asked.origin, asked.agent) == (BUYER, "bot", "agent-7")
        assert asked.task_id.isalnum()

    async def test_the_platforms_late_word_ends_it(self, ledger: Ledger) -> None:
        cases: tuple[tuple[str, SendState, str], ...] = (
            ("s-1", "sent", "sent"),
            ("s-2", "failed", "not_sent"),
        )
        for send_id, _, _ in cases:
            await ledger.begin(answer(send_id))
            await ledger.finish(send_id, "unknown")
        asked = {one.send_id: one.task_id for one in await ledger.tasks(STORE)}
        for send_id, state, outcome in cases:
            await ledger.finish(send_id, state)
            done = await ledger.task(STORE, asked[send_id])
            assert done is not None
            assert (done.outcome, done.done_by) == (outcome, None)
        assert await ledger.tasks(STORE) == ()

    async def test_a_person_settles_what_may_be_out(self, ledger: Ledger) -> None:
        await ledger.begin(answer())
        await ledger.finish("s-1", "unknown")
        [asked] = await ledger.tasks(STORE)
        settled = Decision("sent", 9_000, "xiao-li")
        assert await ledger.finish("s-1", "sent", message=reply("s-1"), settled=settled)
        assert not await ledger.finish(
            "s-1", "failed", settled=replace(settled, outcome="not_sent")
        )
        done = await ledger.task(STORE, asked.task_id)
        assert done is not None
        assert (done.outcome, done.done_by, done.done_ms) == ("sent", "xiao-li", 9_000)

    async def test_people_are_asked_once_over_restarts(self, ledger: Ledger) -> None:
        await ledger.begin(answer())
        assert [row.send_id for row in (await ledger.restore(0)).unknown] == ["s-1"]
        assert (await ledger.restore(0)).unknown == ()
        assert [one.send_id for one in await ledger.tasks(STORE)] == ["s-1"]

    async def test_texts_are_wiped_and_their_tasks_stay(self, ledger: Ledger) -> None:
        skipped = replace(answer(), state="skipped")
        await ledger.intend(skipped, task=task(at_ms=4_000))
        later = task("t-2", 5_000, send_id="s-2")
        await ledger.intend(replace(skipped, send_id="s-2"), task=later)
        assert await ledger.wipe_texts(5_000) == 1
        assert await ledger.wipe_texts(5_000) == 0
        assert await ledger.tasks(STORE) == (task(text=None), later)

    async def test_the_last_that_was_heard_of_each_agent_is_restored(self, ledger: Ledger) -> None:
        for row in (duty(1_000), duty(3_000, online=False), duty(2_000), duty(500, agent="old")):
            await ledger.record_duty(row)
        found = (await ledger.restore(1_000)).duty
        assert found == (duty(3_000, online=False),)

    async def test_what_is_left_to_do_is_found_and_nothing_else(self, ledger: Ledger) -> None:
        async def opened(conversation: str, change: Change) -> None:
            await ledger.record_inbound(message(conversation=conversation), change)

        waits = turn(conversation="waits", asked_ms=3_000)
        await opened("waits", Change(turns=(waits,)))
        held = turn(conversation="promised", asked_ms=2_000, closed_ms=2_500)
        promise = leg("follow_up", of=held)
        await opened("promised", Change(turns=(held,), legs=(promise,)))
        await opened("done", Change(turns=(turn(conversation="done", closed_ms=2_000),)))
        await ledger.take_over(taken(conversation="taken"))
        asked = task(at_ms=9_000, conversation="asked")
        await ledger.intend(replace(answer(conversation="asked"), state="skipped"), task=asked)
        await ledger.take_over(taken(conversation="elsewhere", store="other"))
        found = await ledger.unfinished(STORE)
        assert [one.conversation for one in found] == ["taken", "promised", "waits", "asked"]
        assert found[2].turn == waits
        assert found[1].legs == (promise,)

    async def test_they_go_with_their_buyer_and_with_time(self, ledger: Ledger) -> None:
        async def asked(number: int, at_ms: int, conversation: str) -> TaskRow:
            row = task(f"t-{number}", at_ms, send_id=f"s-{number}", conversation=conversation)
            send = replace(answer(row.send_id, conversation=conversation), intent_ms=at_ms)
            await ledger.intend(replace(send, state="skipped"), task=row)
            return row

        await asked(1, 1_000, BUYER)
        await asked(2, 1_000, "c-2")
        late = await asked(3, 5_000, "c-2")
        await ledger.take_over(taken(last_ms=9_000))
        await ledger.take_over(taken(conversation="c-2", last_ms=2_000))
        assert await ledger.forget(STORE, BUYER) == 3
        assert [one.conversation for one in (await ledger.restore(0)).takeovers] == ["c-2"]
        assert await ledger.retain(STORE, 5_000) == 3
        assert await ledger.tasks(STORE) == (late,)
        assert (await ledger.restore(0)).takeovers == ()

    async def test_a_store_with_only_them_is_a_store(self, ledger: Ledger) -> None:
        await ledger.take_over(taken(store="one"))
        assert await ledger.stores() == ("one",)
