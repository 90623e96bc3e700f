from __future__ import annotations

from dataclasses import replace

from replygate.config import load_store
from replygate.runtime.terms import MARGIN, jitter_ms, terms_of
from replygate.timing.holding import JITTER_MAX_MS


def test_terms_say_what_the_store_says() -> None:
    store = load_store("demo-pdd")
    store = replace(store, holding=replace(store.holding, lead_s=9.5, max_per_turn=2))
    terms = terms_of(store)
    assert terms.rules == store.deadlines
    assert terms.holding.texts == store.holding.texts
    assert terms.holding.off_duty_texts == store.holding.off_duty_texts
    assert terms.holding.duty == store.hours
    assert (terms.holding.lead_s, terms.holding.max_per_turn) == (9.5, 2)
    assert terms.holding.max_per_conversation_day == store.holding.max_per_conversation_day
    assert terms.holding.min_gap_s == store.holding.min_gap_s
    assert terms.margin == MARGIN
    assert (terms.excuses, terms.session_gap_s) == (store.excuses, store.session_gap_s)


def test_closers_are_for_platforms_that_want_the_last_word() -> None:
    pdd, douyin = load_store("demo-pdd"), load_store("demo-douyin")
    assert pdd.holding.closers == douyin.holding.closers != ()
    assert terms_of(pdd).holding.closers == pdd.holding.closers
    assert terms_of(douyin).holding.closers == ()


def test_jitter_is_spread_and_the_same_again() -> None:
    drawn = [jitter_ms("shop", f"c-{number}") for number in range(1_000)]
    assert drawn == [jitter_ms("shop", f"c-{number}") for number in range(1_000)]
    assert 0 <= min(drawn) < 50
    assert JITTER_MAX_MS - 50 < max(drawn) <= JITTER_MAX_MS
    assert len(set(drawn)) > 700
    assert 0 <= jitter_ms("shop", "\ud800") <= JITTER_MAX_MS
