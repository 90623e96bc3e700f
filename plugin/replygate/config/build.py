"""From a store's parts to the `Store` that the rest of the product knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from replygate.config.adapter import ONEBOT, read_http_adapter
from replygate.config.duty import read_people, read_shifts, warn_of_gaps
from replygate.config.holding import read_holding
from replygate.config.judge import (
    check_claims,
    check_lead,
    check_replacements,
    check_stock,
    check_texts,
    replacements,
)
from replygate.config.merge import Merged
from replygate.config.onebot_adapter import read_onebot_adapter
from replygate.config.places import KeyPath, Report
from replygate.config.resolve import Resolved
from replygate.config.schema import GroupFile, StoreFile
from replygate.config.schema_screening import ProfileScreeningTable
from replygate.config.schema_secrets import SecretRef
from replygate.config.secrets import Secret, read_secret
from replygate.config.store import Adapter, Profile, Store
from replygate.config.switches import GENERAL
from replygate.config.webhook import read_webhooks
from replygate.config.windows import read_window
from replygate.config.workflow import answer_texts, read_workflow
from replygate.model import Kind
from replygate.screening.gate import Blocking, Check, Gate
from replygate.screening.kinds import DEFAULT_KINDS, KindAction
from replygate.screening.memory import MemoryRules
from replygate.screening.rule import Exempt, RulePart
from replygate.screening.rulebook import Rulebook
from replygate.timing.calendar import Window
from replygate.timing.duty import Shift, hours_of
from replygate.timing.legs import ALL_EXCUSES
from replygate.timing.timeline import SESSION_GAP_S


def build_store(resolved: Resolved, checks: Sequence[Check], report: Report) -> Store | None:
    """Compile the rules and judge the store by them; None when there is an error anywhere."""
    model, merged = resolved.model, resolved.merged
    rules_are_sound = not report.failed()
    shifts = read_shifts(model.duty, merged, report)
    hours = _hours(model, shifts, merged, report)
    token = _secret(model.token, ("token",), merged, report)
    webhooks = read_webhooks(model.webhook, merged, report)
    adapter = _adapter(model, merged, report)
    rules = tuple(rule for rule, _ in resolved.deadlines)
    if model.holding.lead_s is not None:
        check_lead(model.holding.lead_s, rules, merged.place(("holding", "lead_s")), report)
    check_claims(model.holding, merged, report)
    complete = rules_are_sound and isinstance(model, StoreFile)
    holding = read_holding(resolved, report, complete=complete)
    profile, edition = _profile(resolved), resolved.edition
    platform = profile.id if profile else GENERAL
    topics = resolved.topics if complete else None
    workflow = read_workflow(model.workflow, platform, topics, merged, report)
    # A secret that is missing here is no reason to hide what the rules make of the store's texts.
    if not rules_are_sound:
        return None
    rulebook = compile_rulebook(resolved)
    # A store that only observes today enforces tomorrow: it is judged as if it did.
    judge = Gate(rulebook, mode="enforce", on_fault="block", checks=checks)
    check_texts(judge, model.holding, merged, report)
    check_stock(judge, answer_texts(workflow, model.workflow, merged), report)
    blocking = _blocking(resolved, judge, report)
    _check_replacements(resolved, judge, report)
    if report.failed():
        return None
    store_id = model.id if isinstance(model, StoreFile) else "group"
    return Store(
        id=store_id,
        name=model.name or store_id,
        platform=platform,
        edition=profile.edition if profile else None,
        mode=model.mode,
        on_fault=model.on_fault,
        on_ledger_fault=model.on_ledger_fault,
        gate=Gate(
            rulebook,
            mode=model.mode,
            on_fault=model.on_fault,
            checks=checks,
            blocking=blocking,
            kinds=_kinds(resolved),
            memory=_memory(resolved),
        ),
        topics=resolved.base.compiled_topics,
        deadlines=rules,
        metrics=tuple(rule for rule, _ in resolved.metrics),
        penalties=tuple(rule for rule, _ in edition.penalties) if edition else (),
        excuses=edition.excuses if edition else ALL_EXCUSES,
        session_gap_s=edition.session_gap_s if edition else SESSION_GAP_S,
        last_word=edition.last_word if edition else False,
        holding=holding,
        hours=hours,
        workflow=workflow,
        shifts=shifts,
        people=read_people(model.people),
        adapter=adapter,
        webhooks=webhooks,
        token=token,
        log_text=model.privacy.log_text,
        keep_days=model.privacy.keep_days,
        profile=profile,
        warnings=report.warnings,
    )


def compile_rulebook(resolved: Resolved) -> Rulebook:
    """Compile a store's rules; equal shared parts are compiled once for all stores."""
    screening, profile = resolved.model.screening, resolved.profile
    own = (built.rule for built in resolved.own if built.rule.id not in resolved.disabled)
    domains = (*(profile.own_domains if profile else ()), *screening.own_domains)
    allow = (*(profile.own_names if profile else ()), *screening.allow)
    return Rulebook.compile(
        resolved.base.compiled,
        RulePart(tuple(own), tuple(map(Exempt, allow))),
        own_domains=frozenset(domains),
        disabled=resolved.disabled,
        adjusted=resolved.adjusted,
        max_chars=screening.max_chars,
    )


def _blocking(resolved: Resolved, judge: Gate, report: Report) -> Blocking:
    """What becomes of blocked texts: the store's word, then the platform's."""
    own = resolved.model.screening
    platform = resolved.profile.screening if resolved.profile else ProfileScreeningTable()
    key: KeyPath = ("screening", "stock_replies")
    place = resolved.merged.place
    written = own.stock_replies or platform.stock_replies
    # A platform's own answers are judged, too: a store's rule may catch one.
    keys: list[KeyPath] = [
        (*key, index) if own.stock_replies else ("platform",) for index in range(len(written))
    ]
    check_stock(judge, zip(written, map(place, keys), strict=True), report)
    blocking = Blocking(
        own.on_block or platform.on_block or Blocking().on_block,
        tuple(written),
    )
    wishes = {built.rule.on_block for built in resolved.active} | {blocking.on_block}
    if "stock" in wishes and not blocking.stock_replies:
        what = 'a rule or on_block says "stock", and there is no stock answer'
        report.error(place(key), what, 'write stock_replies = ["…"]')
    return blocking


def _kinds(resolved: Resolved) -> Mapping[Kind, KindAction]:
    tables = [resolved.model.screening.kinds]
    if resolved.profile:
        tables.insert(0, resolved.profile.screening.kinds)
    kinds = dict(DEFAULT_KINDS)
    for table in tables:
        kinds.update(cast("Mapping[Kind, KindAction]", table.model_dump(exclude_none=True)))
    return kinds


def _memory(resolved: Resolved) -> MemoryRules:
    """What is minded of what went out before: the store's word, key by key, then the platform's."""
    told = resolved.model.screening.memory.model_dump(exclude_none=True)
    if resolved.profile:
        told = {**resolved.profile.screening.memory.model_dump(exclude_none=True), **told}
    lists = {key: tuple(value) for key, value in told.items() if isinstance(value, list)}
    return MemoryRules(**{**told, **lists})


def _check_replacements(resolved: Resolved, judge: Gate, report: Report) -> None:
    """Judge what the rules put in place. What is shared was judged by the shared rules before."""
    active = {built.rule.id for built in resolved.active}
    own = [built for built in resolved.own if built.rule.id in active]
    if judge.checks or resolved.adjusted:
        check_replacements(judge, replacements(resolved.active), report)
        return
    doubtful, others = resolved.base.doubtful
    alone = Rulebook.compile(RulePart(), RulePart(tuple(built.rule for built in own)))
    shared = [*doubtful, *(one for one in others if alone.find(one.text))] if own else doubtful
    check_replacements(judge, (one for one in shared if one.built.rule.id in active), report)
    check_replacements(judge, replacements(own), report)


def _adapter(model: GroupFile, merged: Merged, report: Report) -> Adapter | None:
    if model.adapter is None:
        return None
    read = read_onebot_adapter if model.adapter.kind == ONEBOT else read_http_adapter
    return read(model.adapter, merged, report)


def _hours(model: GroupFile, shifts: Sequence[Shift], merged: Merged, report: Report) -> Window:
    """What buyers are told; where nothing is written, when anybody is on duty."""
    if shifts and not merged.written(("hours",)):
        return hours_of(shifts)
    hours = read_window(
        model.hours.open,
        model.hours.dates,
        path=("hours",),
        key="open",
        located=merged,
        report=report,
    )
    if not report.failed():
        warn_of_gaps(hours, shifts, merged, report)
    return hours


def _secret(ref: SecretRef | None, path: KeyPath, merged: Merged, report: Report) -> Secret | None:
    return read_secret(ref, merged.place(path), report) if ref else None


def _profile(resolved: Resolved) -> Profile | None:
    profile, edition = resolved.profile, resolved.edition
    if profile is None or edition is None:
        return None
    return Profile(
        id=profile.id,
        name=profile.name,
        edition=edition.name,
        as_of=edition.as_of,
        sources=edition.sources,
        own_names=profile.own_names,
        own_domains=profile.own_domains,
        recall_s=profile.recall_s,
    )
