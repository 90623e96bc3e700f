from pathlib import Path

import pytest

from replygate.config.places import Place, Report, Source
from replygate.config.schema_secrets import SecretRef
from replygate.config.secrets import Secret, read_secret

AT = Place(Source("s.toml", Path()), 3, "token")


def read(ref: SecretRef) -> tuple[Secret | None, list[str]]:
    report = Report()
    found = read_secret(ref, AT, report)
    return found, [str(problem) for problem in report.problems]


def test_a_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    found, lines = read(SecretRef(env="TOKEN"))
    assert found
    assert not lines
    assert found.reveal() == "s3cret"


def test_a_secret_of_a_file_loses_its_line_end() -> None:
    Path("token.txt").write_bytes(b"s3cret\r\n")
    found, lines = read(SecretRef(file="token.txt"))
    assert found
    assert not lines
    assert found.reveal() == "s3cret"


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("s3cret", "env TOKEN")
    assert "s3cret" not in f"{secret} {secret!r} {[secret]}"
    assert "env TOKEN" in str(secret)


def test_a_file_starts_from_the_file_that_names_it(shop: Path) -> None:
    (shop / "deep").mkdir()
    (shop / "deep" / "token.txt").write_text("s3cret", "utf-8")
    place = Place(Source("deep/s.toml", shop / "deep"), 1, "token")
    found = read_secret(SecretRef(file="token.txt"), place, Report())
    assert found
    assert found.reveal() == "s3cret"


@pytest.mark.parametrize(
    ("ref", "what"),
    [
        (SecretRef(), 'expected either { env = "NAME" } or { file = "path" }'),
        (SecretRef(env="A", file="b"), 'expected either { env = "NAME" } or { file = "path" }'),
        (SecretRef(env="no name"), "env is not the name of an environment variable"),
        (
            SecretRef(env="REPLYGATE_TEST_UNSET"),
            "the environment variable REPLYGATE_TEST_UNSET is not set",
        ),
        (SecretRef(env="EMPTY"), "the environment variable EMPTY is empty"),
        (SecretRef(file="none"), "the secret's file none: there is no such file"),
        (SecretRef(file="."), "the secret's file .: expected a file, this is a folder"),
        (SecretRef(file="blank"), "the secret's file blank is empty"),
        (
            SecretRef(file="binary"),
            "the secret's file binary: is not UTF-8 text (line 1); save the file as UTF-8",
        ),
        (SecretRef(file="large"), "the secret's file large: is larger than 65536 bytes"),
    ],
)
def test_a_secret_that_is_not_there(
    ref: SecretRef, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMPTY", "")
    Path("blank").write_text(" \n", "utf-8")
    Path("binary").write_bytes(b"\xff")
    Path("large").write_bytes(b"x" * 65_537)
    assert read(ref) == (None, [f"s.toml:3: token: {what}"])
