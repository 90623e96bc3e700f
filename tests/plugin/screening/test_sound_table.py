from replygate.screening.sound_table import SOUNDS


def test_every_character_has_two_digits() -> None:
    for entry in SOUNDS.split(" "):
        sound, _, characters = entry.partition(":")
        assert sound.isascii(), entry
        assert len(characters) % 3 == 0, entry
        assert all(characters[at + 1 : at + 3].isdecimal() for at in range(0, len(characters), 3))
