"""What a rule's keys say against each other. Each key is fine by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from replygate.config import limits
from replygate.config.places import Place, Report
from replygate.config.schema_screening import RuleEntry, TargetFields
from replygate.screening.fold import fold

WhereKey = Callable[..., Place]
"""The place of one key of the rule, or of an entry in it."""

_TARGETS = "words, words_file, rewrites, all, patterns or detector"
_TOPIC_TARGETS = "words, words_file, all or patterns"


def check_targets(entry: TargetFields, where: WhereKey, report: Report) -> None:
    """Note a rule that looks for nothing, and keys that need another one."""
    words = _has_words(entry)
    detector, targets = None, _TOPIC_TARGETS
    if isinstance(entry, RuleEntry):
        detector, targets = entry.detector, _TARGETS
    if not (words or entry.all_ or entry.patterns or detector):
        report.error(where(), "looks for nothing", f"give {targets}")
    if len(entry.all_) == 1:
        hint = 'two at least: all = ["{a|b}", "c"]; a phrase alone belongs to words'
        report.error(where("all"), "one entry stands together with nothing", hint)
    if "within" in entry.model_fields_set and not entry.all_:
        report.error(where("within"), "only stands beside all")
    if entry.evasions and not (words and _can_be_disguised(entry)):
        what = "looks for words in disguise, and there are none"
        report.error(where("evasions"), what, "keys of rewrites and lone characters are not meant")


def _has_words(entry: TargetFields) -> bool:
    rewrites = entry.rewrites if isinstance(entry, RuleEntry) else {}
    return bool(entry.words or entry.words_file or rewrites)


def _can_be_disguised(entry: TargetFields) -> bool:
    return bool(entry.words or entry.words_file) and entry.match != "lone"


def check_outcome(entry: RuleEntry, where: WhereKey, report: Report) -> None:
    """Note keys that say what becomes of a match and do not fit the rule's action."""
    _check_rewriting(entry, where, report)
    if entry.first and entry.action == "rewrite":
        what = 'does not stand where action = "rewrite": the later ones would go out'
        report.error(where("first"), what)
    if entry.on_evasion == "rewrite" and entry.action != "rewrite":
        what = f'"rewrite" only stands where action = "rewrite", here it is "{entry.action}"'
        report.error(where("on_evasion"), what)
    if entry.on_block is not None and entry.action == "warn" and entry.on_evasion != "block":
        report.error(where("on_block"), 'the rule never blocks: action = "warn"')


def _check_rewriting(entry: RuleEntry, where: WhereKey, report: Report) -> None:
    given = {
        "replace": entry.replace is not None,
        "rewrites": bool(entry.rewrites),
        "mask": entry.mask is not None,
        "reply": entry.reply is not None,
    }
    named = [key for key, is_given in given.items() if is_given]
    if entry.action != "rewrite":
        for key in named:
            what = f'only stands where action = "rewrite", here it is "{entry.action}"'
            report.error(where(key), what)
        return
    ways = [key for key in named if key in ("mask", "reply")]
    if ways and len(named) > 1:
        other = next(key for key in named if key != ways[-1])
        what = f"does not go with {other}"
        report.error(where(ways[-1]), what, "one of replace (with rewrites), mask and reply")
    elif not ways and entry.replace is None and _needs_replace(entry):
        report.error(where("replace"), "is missing", 'replace = "" deletes')
    if entry.mask is not None and not fold(entry.mask).strip():
        report.error(where("mask"), "expected one visible character")
    check_texts(entry.replace, where, report, "replace")
    check_texts(entry.reply, where, report, "reply")
    for index, text in enumerate(entry.reply or ()):
        if not fold(text).strip():
            report.error(where("reply", index), "expected some text: it is all that goes out")
    for word, texts in entry.rewrites.items():
        check_texts(texts, where, report, "rewrites", word)


def _needs_replace(entry: RuleEntry) -> bool:
    return bool(entry.words or entry.words_file or entry.all_ or entry.patterns or entry.detector)


def check_texts(texts: Sequence[str] | None, where: WhereKey, report: Report, *keys: str) -> None:
    """Note an empty list of texts, and texts that are too long."""
    if texts is not None and not texts:
        report.error(where(*keys), "expected at least one entry")
    for index, text in enumerate(texts or ()):
        if len(text) > limits.TEXT_CHARS:
            what = f"has {len(text)} characters; at most {limits.TEXT_CHARS} are allowed"
            report.error(where(*keys, index), what)
