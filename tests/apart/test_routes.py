"""The proxy's table of addresses agrees with the routes of the services."""

import re
from pathlib import Path

import pytest

from rookery.gateway.app import ROUTES
from rookery.gateway.health import ROUTES as HEALTH_ROUTES

TABLE = Path(__file__).parents[2] / "deploy" / "nginx" / "routes.conf"
LINE = re.compile(r"^\s+~(\S+)\s+(\w+);$", re.MULTILINE)
PARAMETER = re.compile(r"\{[^}]*\}")

ADDRESSES = [(path, name) for name, routes in ROUTES.items() for route in routes for path in sorted(route.paths)]


def service_of(path: str) -> str:
    """As nginx's `map` finds it: the first expression that matches."""
    for pattern, name in LINE.findall(TABLE.read_text("utf-8")):
        if re.search(pattern, path):
            return str(name)
    return "gateway"


@pytest.mark.parametrize(("path", "name"), ADDRESSES, ids=[path for path, _ in ADDRESSES])
def test_every_route_is_sent_to_its_service(path: str, name: str) -> None:
    assert service_of(PARAMETER.sub("117692154313639936", path)) == name
    assert service_of(PARAMETER.sub("me", path)) == name or "{" in path


@pytest.mark.parametrize("path", ["/", "/ana", "/assets/index.js", "/v1/stream", "/v1/docs", "/v1/openapi.json"])
def test_the_rest_is_the_gateways(path: str) -> None:
    assert service_of(path) == "gateway"
    assert {service_of(path) for route in HEALTH_ROUTES for path in route.paths} == {"gateway"}


def test_an_address_that_only_begins_alike_is_not_taken() -> None:
    assert service_of("/v1/usersandmore") == service_of("/v1/postscript") == "gateway"
