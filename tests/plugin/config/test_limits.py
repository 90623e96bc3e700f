from replygate.config import limits


def test_every_limit_is_a_positive_number() -> None:
    found = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert found
    assert all(isinstance(value, int) and value > 0 for value in found.values())


def test_a_store_may_hold_what_one_rule_may() -> None:
    assert limits.STORE_WORDS >= limits.RULE_WORDS
    assert limits.TEXT_CHARS >= limits.WORD_CHARS
