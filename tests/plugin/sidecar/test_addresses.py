from __future__ import annotations

import pytest

from replygate.sidecar.addresses import Address, is_loopback


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8787", "127.0.0.1", 8787),
        ("localhost:0", "localhost", 0),
        ("0.0.0.0:65535", "0.0.0.0", 65535),  # noqa: S104 - what people write
        ("[::1]:8787", "::1", 8787),
    ],
)
def test_an_address_is_read_and_written(text: str, host: str, port: int) -> None:
    address = Address.parse(text)
    assert address == Address(host, port)
    assert str(address) == text


@pytest.mark.parametrize(
    "text", ["", "8787", "localhost", ":8787", "::1:8787", "x:", "x:-1", "x:65536", "x:８", "x:8a"]
)
def test_a_wrong_address_says_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"HOST\]?:PORT"):
        Address.parse(text)


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),  # noqa: S104 - what people write
        ("10.0.0.1", False),
        ("localhost.evil.test", False),
        ("", False),
    ],
)
def test_what_only_this_machine_reaches(host: str, is_local: bool) -> None:
    assert is_loopback(host) == is_local
    assert Address(host, 1).is_loopback == is_local
