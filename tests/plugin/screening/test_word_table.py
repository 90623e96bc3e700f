from replygate.screening.word_table import WORDS


def test_every_first_character_has_seconds() -> None:
    firsts = [entry.partition(":")[0] for entry in WORDS.split(" ")]
    assert all(len(first) == 1 for first in firsts)
    assert len(set(firsts)) == len(firsts)
    assert all(entry.partition(":")[2] for entry in WORDS.split(" "))
