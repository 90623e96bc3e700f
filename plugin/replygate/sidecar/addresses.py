"""Where to listen, as people write it: `HOST:PORT`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

PORT_MAX: Final = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """A host or IP address and a port; port 0 asks for any that is free."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `127.0.0.1:8787`, `localhost:8787` or `[::1]:8787`. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        if not colon or not (port.isascii() and port.isdecimal()) or int(port) > PORT_MAX:
            raise ValueError(f"expected HOST:PORT, got {text!r}")
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            raise ValueError(f"expected [HOST]:PORT around an IPv6 address, got {text!r}")
        if not host:
            raise ValueError(f"expected HOST:PORT, got {text!r}; 0.0.0.0 means every address")
        return cls(host, int(port))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can come here."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether a host names this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
