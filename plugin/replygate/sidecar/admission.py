"""How many requests may be at work at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from replygate.sidecar.limits import REQUESTS, STORE_REQUESTS
from replygate.sidecar.problems import ApiProblem

_RETRY: Final = {"Retry-After": "1"}


class Admission:
    """Counts what is at work. Nothing queues here: who comes too much is told to come again.

    Each store has its share of each route, so that answers that wait for a platform that stalls
    keep no buyer's message out.
    """

    def __init__(self, total: int = REQUESTS, share: int = STORE_REQUESTS) -> None:
        self._total = total
        self._share = share
        self._at_work: Counter[tuple[str, str]] = Counter()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @contextmanager
    def admit(self, route: str, store: str = "") -> Iterator[None]:
        """Hold a place while a request is at work. Raises ApiProblem where there is none."""
        key = (route, store)
        if self._count >= self._total:
            raise ApiProblem("busy", f"{self._total} requests are at work", headers=_RETRY)
        if store and self._at_work[key] >= self._share:
            detail = f"{self._share} such requests of this store are at work"
            raise ApiProblem("busy-store", detail, headers=_RETRY)
        self._at_work[key] += 1
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1
            self._at_work[key] -= 1
            if not self._at_work[key]:
                del self._at_work[key]
