"""Random rulebooks and texts that are likely to meet."""

from hypothesis import strategies as st

from replygate.model import FindingAction
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
