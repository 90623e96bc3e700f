"""Who may do what: a token opens one store, an operator's several; nothing tells which exist."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from replygate.config import Secret, Store
from replygate.errors import ConfigError, Problem
from replygate.sidecar.limits import TOKEN_CHARS_MIN
from replygate.sidecar.operators import Operator
from replygate.sidecar.problems import ApiProblem

REALM: Final = 'Bearer realm="replygate"'


@dataclass(frozen=True, slots=True)
class Grant:
    """What a request may see and do; `stores` None means every store."""

    stores: frozenset[str] | None
    can_act: bool

    def opens(self, store: str | None) -> bool:
        """Whether events of this store may be seen; None are those of the whole process."""
        return self.stores is None or store in self.stores


EVERYTHING: Final = Grant(None, can_act=True)


class Access:
    """The tokens of one configuration. Built once, replaced as a whole."""

    __slots__ = ("_grants", "_stores")

    def __init__(
        self, stores: Mapping[str, Store], operators: Sequence[Operator], *, is_open: bool = False
    ) -> None:
        """Take every token in; `is_open` asks for none.

        Raises ConfigError where a store has no token, or where a token is too short or given to
        two.
        """
        self._stores = frozenset(stores)
        self._grants: tuple[tuple[bytes, Grant], ...] | None = None
        if not is_open:
            self._grants = tuple(_grants(stores.values(), operators))

    def grant(self, authorization: str | None) -> Grant:
        """What this Authorization header opens. Raises ApiProblem where it opens nothing."""
        if self._grants is None:
            return EVERYTHING
        given = _digest(bearer(authorization))
        found: Grant | None = None
        # All of them, in constant time: how long it takes must not tell how near a guess was.
        for digest, grant in self._grants:
            if hmac.compare_digest(digest, given):
                found = grant
        if found is None:
            raise refused("wrong-token", "this token opens nothing")
        return found

    def require(self, grant: Grant, store: str, *, acts: bool) -> None:
        """Let a request for a store through. Raises ApiProblem.

        A store that is not there and one that the token does not open look the same.
        """
        if store not in self._stores or not grant.opens(store):
            raise ApiProblem(
                "unknown-store", "there is no such store, or the token does not open it"
            )
        if acts and not grant.can_act:
            raise ApiProblem("read-only", "this token may look at the store, not act for it")


def unknown_store() -> ApiProblem:
    """The answer for a store that is not there, or not for this token."""
    return ApiProblem("unknown-store", "there is no such store, or the token does not open it")


def refused(code: str, detail: str) -> ApiProblem:
    """A 401, with what it would take."""
    return ApiProblem(code, detail, headers={"WWW-Authenticate": REALM})


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header. Raises ApiProblem."""
    if not authorization:
        raise refused("no-token", "Authorization is missing; expected: Bearer TOKEN")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise refused("no-token", "Authorization is not of the form: Bearer TOKEN")
    return token.strip()


def is_token(secret: Secret, given: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(_digest(secret.reveal()), _digest(given))


def _digest(token: str) -> bytes:
    # Equal lengths for all: the comparison itself would tell a token's length.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _grants(
    stores: Iterable[Store], operators: Iterable[Operator]
) -> Iterable[tuple[bytes, Grant]]:
    problems: list[Problem] = []
    owners: dict[bytes, str] = {}
    found: list[tuple[bytes, Grant]] = []
    for who, token, grant in _holders(stores, operators, problems):
        digest = _digest(token.reveal())
        if len(token.reveal()) < TOKEN_CHARS_MIN:
            problems.append(_problem(who, f"has fewer than {TOKEN_CHARS_MIN} characters"))
        if digest in owners:
            problems.append(_problem(who, f"is that of {owners[digest]} too; each needs its own"))
        owners.setdefault(digest, who)
        found.append((digest, grant))
    if problems:
        raise ConfigError(problems)
    return found


def _holders(
    stores: Iterable[Store], operators: Iterable[Operator], problems: list[Problem]
) -> Iterable[tuple[str, Secret, Grant]]:
    for store in stores:
        who = f"store {store.id}"
        if store.token is None:
            hint = 'write token = { env = "NAME" } in its file, or start with --no-auth'
            problems.append(_problem(who, "is missing, so nobody could reach the store", hint))
            continue
        yield who, store.token, Grant(frozenset({store.id}), can_act=True)
    for operator in operators:
        grant = Grant(operator.stores, can_act=operator.can_act)
        yield f"operator {operator.name}", operator.token, grant


def _problem(who: str, what: str, hint: str = "") -> Problem:
    return Problem(who, 0, "token", what, hint)
