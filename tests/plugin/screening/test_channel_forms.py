import pytest

from replygate.screening.channel_forms import CHANNEL_FORMS
from replygate.screening.fold import fold


@pytest.mark.parametrize("term", CHANNEL_FORMS)
def test_every_entry_has_a_reason_and_spellings(term: str) -> None:
    assert fold(term) == term
    for forms in CHANNEL_FORMS[term]:
        assert forms.why
        assert term not in forms.spellings.split()
        for word in forms.unless_inside.split():
            assert any(fold(s) in fold(word) for s in forms.spellings.split()), word
