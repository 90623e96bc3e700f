"""What platforms and stores change of rules that they did not write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from replygate.config.places import KeyPath, Located, Place, Report, did_you_mean
from replygate.config.rules import BuiltRule
from replygate.config.schema_screening import AdjustEntry
from replygate.screening.rule import OnEvasion, Rule, Word

_EVERY = ".*"
_STRICTNESS: Final = {"block": 0, "rewrite": 1, "warn": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One `adjust` table: which rules it means, what it says, where it stands."""

    name: str
    entry: AdjustEntry
    path: KeyPath
    located: Located

    def at(self, key: str = "") -> Place:
        """The place of one of its keys, or of the table."""
        return self.located.place((*self.path, key) if key else self.path)

    def means(self, rule_id: str) -> bool:
        """Whether it speaks of this rule."""
        if self.name.endswith(_EVERY):
            return rule_id.startswith(self.name[:-1])
        return rule_id == self.name


def changes(entries: Mapping[str, AdjustEntry], path: KeyPath, located: Located) -> list[Change]:
    """The tables below `path`; those that mean many rules first, so that a single one wins."""
    found = [Change(name, entry, (*path, name), located) for name, entry in entries.items()]
    return sorted(found, key=lambda change: not change.name.endswith(_EVERY))


def adjusted(
    rules: Sequence[BuiltRule],
    wanted: Sequence[Change],
    report: Report,
    *,
    stricter_only: bool = False,
    complete: bool = True,
) -> tuple[BuiltRule, ...]:
    """The rules as `wanted` makes them; a rule of which nothing is said is the same object.

    `stricter_only` notes a change that weakens a rule. `complete` is False where rules may be
    meant that are not at hand.
    """
    found = list(rules)
    for change in wanted:
        meant = [at for at, built in enumerate(found) if change.means(built.rule.id)]
        if not meant and complete:
            hint = did_you_mean(change.name, [built.rule.id for built in rules])
            report.error(change.at(), f'there is no rule "{change.name}" to adjust', hint)
        for at in meant:
            found[at] = _changed(found[at], change, report, stricter_only=stricter_only)
    return tuple(found)


def _changed(built: BuiltRule, change: Change, report: Report, *, stricter_only: bool) -> BuiltRule:
    entry, before = change.entry, built.rule
    given = entry.model_dump(exclude_unset=True)
    rule = _with(before, entry)
    if stricter_only:
        _check_stricter(built, rule, change, report)
    _check_sense(rule, change, report)
    enabled = built.enabled if entry.enabled is None else entry.enabled
    told = {**built.adjusted, **{key: (given[key], change.at(key)) for key in given}}
    return replace(built, rule=rule, enabled=enabled, adjusted=told)


def _with(rule: Rule, entry: AdjustEntry) -> Rule:
    action = entry.action or rule.action
    values: dict[str, Any] = {
        "action": action,
        "on_evasion": entry.on_evasion or _on_evasion(rule, action),
    }
    if entry.replace is not None:
        common = tuple(entry.replace)
        values |= {"replace": common, "words": _words(rule, common), "reply": (), "mask": ""}
    if entry.reply is not None:
        values |= {"reply": tuple(entry.reply), "mask": ""}
    if entry.applies_to is not None:
        values["applies_to"] = frozenset(entry.applies_to)
    for key in ("evidence", "on_block", "severity", "why", "source"):
        value = getattr(entry, key)
        if value is not None:
            values[key] = value
    return replace(rule, **values)


def _on_evasion(rule: Rule, action: str) -> OnEvasion:
    """What a new action makes of a disguise that nobody spoke of."""
    if action == rule.action:
        return rule.on_evasion
    if action == "warn":
        return "warn"
    if rule.action == "warn" or (rule.on_evasion == "rewrite" and action != "rewrite"):
        return "block"
    return rule.on_evasion


def _words(rule: Rule, common: tuple[str, ...]) -> tuple[Word, ...]:
    """The words with the new common replacement; a word's own one stays."""
    return tuple(
        Word(word.text, common if word.replace in ((), rule.replace) else word.replace)
        for word in rule.words
    )


def _check_stricter(built: BuiltRule, after: Rule, change: Change, report: Report) -> None:
    before, entry = built.rule, change.entry
    weakened = {
        "action": _STRICTNESS[after.action] > _STRICTNESS[before.action],
        "on_evasion": entry.on_evasion is not None
        and _STRICTNESS[after.on_evasion] > _STRICTNESS[before.on_evasion],
        "evidence": after.evidence and not before.evidence,
        "applies_to": entry.applies_to is not None
        and not (before.applies_to or frozenset(_SENDERS)) <= frozenset(entry.applies_to),
        "enabled": entry.enabled is False,
    }
    hint = f'a rule of your own may override = ["{before.id}"]'
    for key in (key for key, weaker in weakened.items() if weaker):
        what = f'makes the shared rule "{before.id}" weaker'
        off = "screening.disable switches a rule off"
        report.error(change.at(key), what, off if key == "enabled" else hint)


_SENDERS: Final = ("human", "bot", "hold", "unknown", "platform")


def _check_sense(rule: Rule, change: Change, report: Report) -> None:
    if change.entry.on_block is not None and rule.action == "warn" and rule.on_evasion != "block":
        what = f'"{rule.id}" never blocks: action = "warn"'
        report.error(change.at("on_block"), what)
    if rule.action != "rewrite":
        for key in ("replace", "reply"):
            if getattr(change.entry, key) is not None:
                what = f'only stands where action = "rewrite", "{rule.id}" has "{rule.action}"'
                report.error(change.at(key), what)
        if rule.on_evasion == "rewrite":
            report.error(change.at("on_evasion"), f'"{rule.id}" does not rewrite')
        return
    if change.entry.replace is not None and change.entry.reply is not None:
        report.error(change.at("reply"), "does not go with replace", "one of the two")
    if rule.first:
        report.error(change.at("action"), f'"{rule.id}" reports the first match alone')
    if not (rule.reply or rule.mask or rule.replace) and not _has_own(rule):
        what = f'"{rule.id}" has nothing to put in place'
        report.error(change.at("action"), what, 'give replace or reply; replace = "" deletes')


def _has_own(rule: Rule) -> bool:
    others = rule.together or rule.patterns or rule.detector
    return not others and all(word.replace for word in rule.words)
