"""From a store's parts to the `Store` that the rest of the product knows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replygate.config.adapter import read_adapter
from replygate.config.judge import check_claims, check_lead, check_replacements, check_texts
from replygate.config.merge import Merged
from replygate.config.places import KeyPath, Report
from replygate.config.resolve import Resolved
from replygate.config.schema import GroupFile, SecretRef, StoreFile
from replygate.config.secrets import Secret, read_secret
from replygate.config.store import Holding, Profile, Store, Webhook
from replygate.config.switches import GENERAL
from replygate.config.windows import read_window
from replygate.screening.gate import Check, Gate
from replygate.screening.rule import Exempt, RulePart
from replygate.screening.rulebook import Rulebook
from replygate.timing.calendar import Window


def build_store(resolved: Resolved, checks: Sequence[Check], report: Report) -> Store | None:
    """Compile the rules and judge the store by them; None when there is an error anywhere."""
    model, merged = resolved.model, resolved.merged
    rules_are_sound = not report.failed()
    hours = _hours(model, merged, report)
    token = _secret(model.token, ("token",), merged, report)
    webhooks = _webhooks(model, merged, report)
    adapter = read_adapter(model.adapter, merged, report)
    rules = tuple(rule for rule, _ in resolved.deadlines)
    if model.holding.lead_s is not None:
        check_lead(model.holding.lead_s, rules, merged.place(("holding", "lead_s")), report)
    check_claims(model.holding, merged, report)
    # A secret that is missing here is no reason to hide what the rules make of the store's texts.
    if not rules_are_sound:
        return None
    rulebook = compile_rulebook(resolved)
    # A store that only observes today enforces tomorrow: it is judged as if it did.
    judge = Gate(rulebook, mode="enforce", on_fault="block", checks=checks)
    check_texts(judge, model.holding, merged, report)
    check_replacements(judge, resolved.active, report)
    if report.failed():
        return None
    store_id = model.id if isinstance(model, StoreFile) else "group"
    profile = _profile(resolved)
    return Store(
        id=store_id,
        name=model.name or store_id,
        platform=profile.id if profile else GENERAL,
        edition=profile.edition if profile else None,
        mode=model.mode,
        on_fault=model.on_fault,
        on_ledger_fault=model.on_ledger_fault,
        gate=Gate(rulebook, mode=model.mode, on_fault=model.on_fault, checks=checks),
        deadlines=rules,
        holding=_holding(model),
        hours=hours,
        adapter=adapter,
        webhooks=webhooks,
        token=token,
        log_text=model.privacy.log_text,
        profile=profile,
        warnings=report.warnings,
    )


def compile_rulebook(resolved: Resolved) -> Rulebook:
    """Compile a store's rules; equal shared parts are compiled once for all stores."""
    screening, profile = resolved.model.screening, resolved.profile
    names = profile.own_names if profile else ()
    own = (built.rule for built in resolved.own if built.rule.id not in resolved.disabled)
    domains = (*(profile.own_domains if profile else ()), *screening.own_domains)
    return Rulebook.compile(
        RulePart(tuple(built.rule for built in resolved.shared), tuple(map(Exempt, names))),
        RulePart(tuple(own), tuple(map(Exempt, screening.allow))),
        own_domains=frozenset(domains),
        disabled=resolved.disabled,
        max_chars=screening.max_chars,
    )


def _hours(model: GroupFile, merged: Merged, report: Report) -> Window:
    return read_window(
        model.hours.open,
        model.hours.dates,
        path=("hours",),
        key="open",
        located=merged,
        report=report,
    )


def _secret(ref: SecretRef | None, path: KeyPath, merged: Merged, report: Report) -> Secret | None:
    return read_secret(ref, merged.place(path), report) if ref else None


def _webhooks(model: GroupFile, merged: Merged, report: Report) -> tuple[Webhook, ...]:
    found = []
    for index, entry in enumerate(model.webhook):
        path: KeyPath = ("webhook", index)
        place = merged.place((*path, "url"))
        if isinstance(entry.url, SecretRef):
            url = read_secret(entry.url, place, report)
        else:
            url = Secret(entry.url, "the store's file")
        if url and not re.match(r"https?://[^/\s]+", url.reveal()):
            report.error(place, "expected an address that starts with https:// or http://")
        secret = _secret(entry.secret, (*path, "secret"), merged, report)
        if url:
            found.append(Webhook(entry.kind, url, secret))
    return tuple(found)


def _holding(model: GroupFile) -> Holding:
    holding = model.holding
    return Holding(
        texts=tuple(holding.texts),
        off_duty_texts=tuple(holding.off_duty_texts),
        max_per_turn=holding.max_per_turn,
        max_per_conversation_day=holding.max_per_conversation_day,
        min_gap_s=holding.min_gap_s,
        lead_s=holding.lead_s,
    )


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
