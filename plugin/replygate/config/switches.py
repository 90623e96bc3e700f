"""What a store switches on and off: its platform's edition, lexicons, single rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from replygate.config.editions import Edition
from replygate.config.library import Lexicon, Library, LoadedProfile, packaged
from replygate.config.limits import PROFILE_AGE_DAYS
from replygate.config.merge import Merged
from replygate.config.places import Place, Report, Source, check_ids, did_you_mean
from replygate.config.rules import BuiltRule
from replygate.config.schema import GroupFile

GENERAL = "general"
"""The platform that demands nothing; what is measured there are soft wishes."""

_COMMAND_LINE = Place(Source("--enable", Path()), 0, "")


@dataclass(frozen=True, slots=True)
class Switches:
    """All rules of a store and what is said about them.

    `enabled` are the rule ids of the command line. `complete` is False where rules may be named
    that are not at hand.
    """

    shared: tuple[BuiltRule, ...]
    own: tuple[BuiltRule, ...]
    disable: Sequence[str]
    enabled: Sequence[str]
    complete: bool


def choose_edition(
    model: GroupFile,
    merged: Merged,
    library: Library,
    today: dt.date,
    report: Report,
    *,
    complete: bool,
) -> tuple[LoadedProfile | None, Edition | None]:
    """Find the platform's profile and the edition of it that the store follows.

    `complete` is False where the platform or edition may be chosen elsewhere.
    """
    if model.platform == GENERAL:
        if model.edition is not None and complete:
            at = merged.place(("edition",))
            report.error(at, f'the platform "{GENERAL}" has no editions', "leave edition out")
        return None, _wishes(library, merged.place(("platform",)), report)
    at = merged.place(("platform",))
    profile = library.profile(model.platform, at, report)
    if profile is None:
        return None, None
    name = model.edition
    if name is None:
        name = next(iter(profile.editions))
        if complete and len(profile.editions) > 1:
            report.error(at, "no edition was chosen", _editions_of(profile))
            return profile, profile.editions[name]
    else:
        at = merged.place(("edition",))
    edition = profile.editions.get(name)
    if edition is None:
        known = ", ".join(profile.editions)
        what = f'the platform "{profile.id}" has no edition "{name}"'
        report.error(at, what, did_you_mean(name, profile.editions) or f"there are {known}")
        return profile, None
    warn_of_age(profile.id, edition, today, at, report)
    return profile, edition


def _wishes(library: Library, at: Place, report: Report) -> Edition | None:
    """What shops hold themselves to wherever they sell. It is nobody's demand, so it has no age."""
    general = library.profile(GENERAL, at, report)
    return next(iter(general.editions.values())) if general else None


def _editions_of(profile: LoadedProfile) -> str:
    choices = [f'"{one.name}" (as of {one.as_of})' for one in profile.editions.values()]
    return f"write edition = {' or '.join(choices)}"


def warn_of_age(platform: str, edition: Edition, today: dt.date, at: Place, report: Report) -> None:
    """Platforms change their demands; note an edition that is older than twelve months."""
    if (today - edition.as_of).days > PROFILE_AGE_DAYS:
        what = f'the edition "{edition.name}" of "{platform}" is as of {edition.as_of}'
        report.warn(at, f"{what}: older than twelve months")


def choose_lexicons(
    model: GroupFile,
    merged: Merged,
    profile: LoadedProfile | None,
    library: Library,
    enable: Sequence[str],
    report: Report,
) -> tuple[tuple[Lexicon, ...], tuple[str, ...]]:
    """Find the lexicons of platform, store and command line, each once.

    What `enable` names besides lexicons are rule ids; they come back as the second value.
    """
    known = packaged("lexicon")
    wanted = [
        (name, merged.place(("screening", "lexicons", index)))
        for index, name in enumerate(model.screening.lexicons)
    ]
    lexicon_names = [name for name in enable if name in known or name.endswith(".toml")]
    wanted += [(name, _COMMAND_LINE) for name in lexicon_names]
    chosen: dict[str, Lexicon] = {}
    for lexicon in profile.lexicons if profile else ():
        chosen[lexicon.id] = lexicon
    for name, at in wanted:
        found = library.lexicon(name, at, report)
        if found is None:
            continue
        other = chosen.setdefault(found.id, found)
        if other.file != found.file:
            what = f'{found.file} has the id "{found.id}" of another lexicon'
            report.error(at, what, f"see {other.file}")
    return tuple(chosen.values()), tuple(name for name in enable if name not in lexicon_names)


def disabled_rules(switches: Switches, merged: Merged, report: Report) -> frozenset[str]:
    """Which rules do not apply: switched off, overridden, or never switched on."""
    rules = (*switches.shared, *switches.own)
    check_ids(((built.rule.id, built.place) for built in rules), "rule", report)
    known = {built.rule.id for built in rules}
    off = {built.rule.id for built in rules if not built.enabled}
    if switches.complete:
        for index, name in enumerate(switches.disable):
            _check_known(name, known, merged.place(("screening", "disable", index)), report)
    for name in switches.enabled:
        if name not in known:
            hint = did_you_mean(name, [*known, *packaged("lexicon")])
            report.error(_COMMAND_LINE, f'there is no rule or lexicon "{name}"', hint)
    off.update(switches.disable)
    off.difference_update(switches.enabled)
    return frozenset(off | _overridden(switches, known, off, merged, report))


def _overridden(
    switches: Switches, known: set[str], off: set[str], merged: Merged, report: Report
) -> set[str]:
    overridden: set[str] = set()
    for rule_index, built in enumerate(switches.own):
        for index, name in enumerate(built.override):
            place = merged.place(("screening", "rule", rule_index, "override", index))
            if name == built.rule.id:
                report.error(place, "a rule can not override itself")
            elif switches.complete:
                _check_known(name, known, place, report)
        if built.rule.id not in off:
            overridden.update(built.override)
    return overridden


def _check_known(name: str, known: set[str], place: Place, report: Report) -> None:
    if name not in known:
        report.error(place, f'there is no rule "{name}"', did_you_mean(name, sorted(known)))
