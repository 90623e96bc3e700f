"""The rules that stores share: adjusted for a platform, compiled and judged once for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from replygate.config.adjust import Change, adjusted
from replygate.config.judge import Replacement, replacements, would_block
from replygate.config.places import Report
from replygate.config.rules import BuiltRule
from replygate.screening.gate import Gate
from replygate.screening.lexicon import Compiled, compile_part, compile_shared
from replygate.screening.rule import Exempt, Rule, RulePart
from replygate.screening.rulebook import Rulebook
from replygate.screening.topics import Topics


class CommonRules:
    """Rules of many platforms in one automaton, from which each platform picks its own.

    Platforms share most of their words, so this takes hardly more memory than one of them.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        # By identity: a rule may have thousands of words, and platforms share the very objects.
        self._rules = tuple({id(rule): rule for rule in rules}.values())

    @cached_property
    def _compiled(self) -> Compiled:
        return compile_part(RulePart(self._rules))

    def split(self, rules: Mapping[int, Rule]) -> tuple[Compiled | None, list[int]]:
        """What is known of `rules` here, ready to run, and the keys of the others.

        `rules` are the rules as they hold, by the `id` of the rule as it was written.
        """
        known = {id(rule) for rule in self._rules}
        others = [key for key in rules if key not in known]
        if len(others) == len(rules):
            return None, others
        picked = tuple(rules.get(id(rule)) for rule in self._rules)
        return replace(self._compiled, rules=picked), others


class SharedRules:
    """The rules of one edition and one choice of lexicons. Compiled when first asked for."""

    def __init__(
        self,
        rules: Sequence[BuiltRule],
        wanted: Sequence[Change],
        own_names: Sequence[str],
        own_domains: Sequence[str],
        topics: Sequence[BuiltRule],
        common: CommonRules,
    ) -> None:
        """`wanted` are the platform's adjustments; what is wrong with them is in `report`."""
        self.report = Report()
        self.rules = adjusted(rules, wanted, self.report)
        self.topics = tuple(topics)
        self._written = tuple(built.rule for built in rules)
        self._own_names = own_names
        self._own_domains = frozenset(own_domains)
        self._common = common

    @cached_property
    def compiled(self) -> tuple[Compiled, ...]:
        """The rules, ready to run; those that are off included."""
        pairs = zip(self._written, self.rules, strict=True)
        hold = {id(written): built.rule for written, built in pairs}
        common, others = self._common.split(hold)
        parts = [] if common is None else [common]
        if others:
            by_id = {id(written): written for written in self._written}
            own = compile_shared(RulePart(tuple(by_id[key] for key in others)))
            parts.append(replace(own, rules=tuple(hold[key] for key in others)))
        return tuple(parts)

    @cached_property
    def compiled_topics(self) -> Topics:
        """What the buyers' texts may be about, ready to run."""
        return Topics.compile(tuple(built.rule for built in self.topics))

    @cached_property
    def doubtful(self) -> tuple[tuple[Replacement, ...], tuple[Replacement, ...]]:
        """The replacements that the shared rules themselves would block, and all the others."""
        names = RulePart(allow=tuple(map(Exempt, self._own_names)))
        gate = Gate(Rulebook.compile(self.compiled, names, own_domains=self._own_domains))
        doubtful: list[Replacement] = []
        others: list[Replacement] = []
        for replacement in replacements(self.rules):
            (doubtful if would_block(gate, replacement.text) else others).append(replacement)
        return tuple(doubtful), tuple(others)
