import pytest

from replygate.screening.contact_forms import CONTACT_FORMS
from replygate.screening.fold import fold


@pytest.mark.parametrize("term", CONTACT_FORMS)
def test_every_entry_has_a_reason_and_spellings(term: str) -> None:
    assert fold(term) == term
    for forms in CONTACT_FORMS[term]:
        assert forms.why
        assert term not in forms.spellings.split()
        for word in forms.unless_inside.split():
            assert any(fold(s) in fold(word) for s in forms.spellings.split()), word
