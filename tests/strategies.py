"""Random rulebooks and texts that are likely to meet."""

from hypothesis import strategies as st

from replygate.model import FindingAction, Kind, Origin
from replygate.screening.fold import fold
from replygate.screening.rule import Exempt, Match, Rule, RulePart, Word

ALPHABET = "微信亲自己好aQ1，\u200b \ud800"

WORDS = st.text("微信亲自己好aq1", min_size=1, max_size=3)
TEXTS = st.text(ALPHABET, max_size=30) | st.text(st.characters(codec=None), max_size=60)
PHRASES = st.builds(
    Exempt, st.text("微信亲自己好aq", min_size=1, max_size=4), st.sampled_from(["", "己"])
)
REPLACEMENTS = st.lists(st.text("您好微信a ，", max_size=3), min_size=1, max_size=2).map(tuple)

ACTIONS: st.SearchStrategy[FindingAction] = st.sampled_from(["block", "rewrite", "warn"])
MATCHES: st.SearchStrategy[Match] = st.sampled_from(["any", "any", "word", "lone"])


@st.composite
def rules(draw: st.DrawFn, rule_id: str) -> Rule:
    """One rule over a small alphabet, of any action and way of matching."""
    match = draw(MATCHES)
    texts = draw(st.lists(WORDS, min_size=1, max_size=3, unique_by=fold))
    action = draw(ACTIONS)
    return Rule(
        id=rule_id,
        action=action,
        why="why",
        source="source",
        words=tuple(
            Word(
                text[:1] if match == "lone" else text,
                draw(REPLACEMENTS) if action == "rewrite" else (),
            )
            for text in texts
        ),
        match=match,
        exceptions=tuple(draw(st.lists(PHRASES, max_size=2))),
    )


@st.composite
def parts(draw: st.DrawFn, prefix: str = "r", max_rules: int = 4) -> RulePart:
    """A few rules with ids `prefix0`, `prefix1` … and allow phrases."""
    count = draw(st.integers(1, max_rules))
    return RulePart(
        tuple(draw(rules(f"{prefix}{number}")) for number in range(count)),
        tuple(draw(st.lists(PHRASES, max_size=2))),
    )


_TERMS = ["微信", "亲", "自己", "好评", "返现", "qq", "加微信"]
_FREE = ["您", "", "好", "ab"]
RICH_TEXTS = st.lists(
    st.sampled_from([*_TERMS, *"微信薇威加，。！\n \u200b❤ａ亲好1"]), max_size=16
).map("".join)
ORIGINS: st.SearchStrategy[Origin] = st.sampled_from(["bot", "human", "hold"])
KINDS: st.SearchStrategy[Kind] = st.sampled_from(["text", "card", "file"])


@st.composite
def rich_rules(draw: st.DrawFn, rule_id: str) -> Rule:
    """A rule with any of what the plain ones lack: groups, disguises, evidence, masks, replies."""
    action = draw(ACTIONS)
    together = draw(st.booleans())
    words = (
        ()
        if together
        else tuple(draw(st.lists(st.sampled_from(_TERMS), min_size=1, max_size=3, unique=True)))
    )
    how = draw(st.sampled_from(["replace", "mask", "reply"])) if action == "rewrite" else ""
    common = (draw(st.sampled_from(_FREE)),) if how == "replace" else ()
    origins, kinds = draw(st.frozensets(ORIGINS)), draw(st.frozensets(KINDS))
    return Rule(
        id=rule_id,
        action=action,
        why="why",
        words=tuple(Word(word, common) for word in words),
        together=(("好评", "亲"), ("返现", "微信")) if together else (),
        within=draw(st.integers(0, 8)),
        exceptions=tuple(draw(st.lists(PHRASES, max_size=1))),
        replace=common,
        evasions=not together,
        on_evasion="warn" if action == "warn" else draw(st.sampled_from(["block", action])),
        evidence=draw(st.booleans()),
        mask="＊" if how == "mask" else "",
        reply=("请看商品页",) if how == "reply" else (),
        on_block=draw(st.sampled_from([None, "ask", "silent", "stock"])),
        applies_to=origins or None,
        kinds=kinds or None,
        first=action != "rewrite" and draw(st.booleans()),
    )


@st.composite
def rich_parts(draw: st.DrawFn) -> RulePart:
    """A few rules of that kind, and allow phrases."""
    count = draw(st.integers(1, 3))
    rules_ = tuple(draw(rich_rules(f"rich{number}")) for number in range(count))
    return RulePart(rules_, tuple(draw(st.lists(PHRASES, max_size=1))))
