from __future__ import annotations

import re

from replygate.sidecar.api import Api
from replygate.sidecar.problems import CODES
from replygate.sidecar.routes import ROUTES


def test_the_routes_are_those_of_the_design() -> None:
    assert [f"{route.method} {route.path}" for route in ROUTES] == [
        "POST /v1/stores/{store}/screen",
        "POST /v1/stores/{store}/inbound",
        "POST /v1/stores/{store}/outbound",
        "POST /v1/stores/{store}/sent",
        "GET /v1/stores/{store}/conversations",
        "POST /v1/stores/{store}/conversations/{conversation}/takeover",
        "POST /v1/stores/{store}/conversations/{conversation}/handback",
        "POST /v1/stores/{store}/conversations/{conversation}/forget",
        "GET /v1/stores/{store}/agents",
        "GET /v1/stores/{store}/handover",
        "GET /v1/stores/{store}/tasks",
        "POST /v1/stores/{store}/tasks/{task}/done",
        "POST /v1/stores/{store}/tasks/{task}/release",
        "GET /v1/stores/{store}/metrics",
        "GET /v1/events",
        "GET /v1/openapi.json",
    ]


def test_every_route_has_its_handler_and_known_problems() -> None:
    for route in ROUTES:
        assert callable(getattr(Api, route.name))
        assert set(route.problems) <= CODES.keys()


def test_every_problem_belongs_to_a_route_or_to_none_at_all() -> None:
    of_routes = {code for route in ROUTES for code in route.problems}
    assert CODES.keys() - of_routes == {"unknown-route", "wrong-method"}


def test_what_changes_something_asks_for_the_right_to_act() -> None:
    assert {route.name for route in ROUTES if route.acts} == {
        "inbound",
        "outbound",
        "sent",
        "takeover",
        "handback",
        "forget",
        "done",
        "release",
    }
    assert all(route.method == "POST" for route in ROUTES if route.acts)


def test_no_route_takes_an_address_to_call() -> None:
    assert not any(re.search("url|addr|host|callback", str(route).lower()) for route in ROUTES)
