from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from replygate.config import Secret, Store, load_stores
from replygate.errors import ConfigError
from replygate.sidecar.access import EVERYTHING, Access, Grant, bearer, is_token
from replygate.sidecar.operators import Operator
from replygate.sidecar.problems import ApiProblem
from served import ONE_TOKEN, TWO_TOKEN, write_stores

DESK = Operator("desk", Secret("token-of-the-desk-", "test"), None, can_act=True)
VIEWER = Operator("viewer", Secret("token-of-a-viewer-", "test"), frozenset({"two"}), can_act=False)


@pytest.fixture
def stores(tmp_path: Path) -> dict[str, Store]:
    return load_stores(write_stores(tmp_path))


@pytest.fixture
def access(stores: dict[str, Store]) -> Access:
    return Access(stores, (DESK, VIEWER))


def code_of(access: Access, grant: Grant, store: str, *, acts: bool) -> str:
    try:
        access.require(grant, store, acts=acts)
    except ApiProblem as problem:
        return problem.code
    return "let through"


@pytest.mark.parametrize(
    ("token", "one", "two"),
    [
        (ONE_TOKEN, "let through", "unknown-store"),
        (TWO_TOKEN, "unknown-store", "let through"),
        ("token-of-the-desk-", "let through", "let through"),
        ("token-of-a-viewer-", "unknown-store", "read-only"),
    ],
)
def test_a_token_opens_what_it_is_for(access: Access, token: str, one: str, two: str) -> None:
    grant = access.grant(f"Bearer {token}")
    assert code_of(access, grant, "one", acts=True) == one
    assert code_of(access, grant, "two", acts=True) == two
    assert code_of(access, grant, "three", acts=False) == "unknown-store"


def test_a_viewer_may_look(access: Access) -> None:
    grant = access.grant("Bearer token-of-a-viewer-")
    assert code_of(access, grant, "two", acts=False) == "let through"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "no-token"),
        ("", "no-token"),
        ("Bearer ", "no-token"),
        (f"Basic {ONE_TOKEN}", "no-token"),
        ("Bearer wrong", "wrong-token"),
        (f"Bearer {ONE_TOKEN}x", "wrong-token"),
        (f"Bearer {ONE_TOKEN} {ONE_TOKEN}", "wrong-token"),
        ("Bearer 密码", "wrong-token"),
        ("Bearer \udcff", "wrong-token"),
    ],
)
def test_what_opens_nothing_is_a_401(access: Access, header: str | None, code: str) -> None:
    with pytest.raises(ApiProblem) as caught:
        access.grant(header)
    assert (caught.value.code, caught.value.status) == (code, 401)
    assert caught.value.headers == {"WWW-Authenticate": 'Bearer realm="replygate"'}


def test_the_scheme_is_read_in_any_case() -> None:
    assert bearer("bearer  abc ") == "abc"


def test_open_means_everything(stores: dict[str, Store]) -> None:
    bare = {name: replace(store, token=None) for name, store in stores.items()}
    access = Access(bare, (), is_open=True)
    assert access.grant(None) is EVERYTHING
    access.require(EVERYTHING, "one", acts=True)
    with pytest.raises(ApiProblem):
        access.require(EVERYTHING, "three", acts=False)


def test_events_of_the_process_are_for_who_sees_every_store() -> None:
    assert EVERYTHING.opens(None)
    assert not Grant(frozenset({"one"}), can_act=True).opens(None)


def problems_of(stores: dict[str, Store], *operators: Operator) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Access(stores, operators)
    return [str(problem) for problem in caught.value.problems]


def test_a_store_without_token_is_named(stores: dict[str, Store]) -> None:
    stores = {name: replace(store, token=None) for name, store in stores.items()}
    first, second = problems_of(stores)
    assert first.startswith("store one: token: is missing, so nobody could reach the store;")
    assert second.startswith("store two: token: is missing")


def test_tokens_that_are_short_or_given_twice_are_named(stores: dict[str, Store]) -> None:
    short = Operator("x", Secret("short", "test"), None, can_act=False)
    double = Operator("y", Secret(ONE_TOKEN, "test"), None, can_act=True)
    problems = problems_of(stores, short, double)
    assert problems == [
        "operator x: token: has fewer than 16 characters",
        "operator y: token: is that of store one too; each needs its own",
    ]
    assert ONE_TOKEN not in str(problems)


def test_comparing_one_token() -> None:
    secret = Secret("the-token", "test")
    assert is_token(secret, "the-token")
    assert not is_token(secret, "the-token ")
