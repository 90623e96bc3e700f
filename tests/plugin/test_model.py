from dataclasses import FrozenInstanceError

import pytest

from replygate.model import Draft, Memory
from replygate.screening.gate import Gate
from replygate.screening.rule import RulePart
from replygate.screening.rulebook import Rulebook


def test_a_draft_needs_a_conversation_and_a_text_and_names_the_rest() -> None:
    draft = Draft("c-1", "今天发", store="shop", origin="human", agent="小王")
    assert (draft.conversation, draft.text, draft.kind) == ("c-1", "今天发", "text")
    assert Draft("c-1", "今天发").origin == "bot"
    with pytest.raises(TypeError):
        Draft("c-1", "今天发", "shop")  # type: ignore[call-arg]  # the rest is by name only


def test_the_nouns_can_not_be_changed_nor_extended() -> None:
    cleared = Gate(Rulebook.compile(RulePart(), RulePart())).screen(Draft("c-1", "好"))
    for noun, name in ((cleared, "text"), (cleared.draft, "origin"), (Memory(), "sent")):
        with pytest.raises(FrozenInstanceError):
            setattr(noun, name, "x")
        assert not hasattr(noun, "__dict__")
