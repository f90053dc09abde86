"""Calls between services: who is let in, how much of it, and what comes of what is refused."""

import asyncio
import time
from typing import Any

import httpx
import jwt
import msgspec
import pytest

from rookery.gateway.remote import METHODS, service_urls
from rookery.gateway.wiring import Services
from rookery.kit.rpc.tokens import ALGORITHM, TYPE, ServiceTokens
from rookery.kit.sealing import derive_key
from rookery.kit.settings import Settings, SettingsError
from tests.faults.machine import Machine
from tests.people import Person

READER = "/internal/users/reader"


def address(settings: Settings, service: str = "users") -> str:
    return service_urls(settings)[service][0]


def arguments(*values: Any) -> bytes:
    return msgspec.msgpack.encode(values)


async def call(url: str, path: str, token: str | None, body: bytes = arguments(1), **headers: str) -> httpx.Response:
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    async with httpx.AsyncClient(base_url=url) as client:
        return await client.post(path, content=body, headers=headers)


async def test_a_service_token_opens(settings: Settings, ana: Person) -> None:
    token = ServiceTokens(settings.secret_key, "posts").issue("users")
    answer = await call(address(settings), READER, token, arguments(int(ana.id)), **{"x-request-id": "from-a-test"})
    assert answer.status_code == 200, answer.text
    assert METHODS["users"]["reader"].decode_result(answer.content).id == int(ana.id)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60, "iat": int(time.time()) - 120},
        {"aud": "posts"},
        {"aud": ["users", "posts"]},
        {"exp": int(time.time()) + 3600},
        {"typ": "at+jwt"},
    ],
    ids=["expired", "of another service", "of every service", "of an hour", "of another kind"],
)
async def test_other_tokens_do_not(settings: Settings, changes: dict[str, Any]) -> None:
    typ = changes.get("typ", TYPE)
    now = int(time.time())
    claims = {"iss": "posts", "aud": "users", "iat": now, "exp": now + 60} | changes
    claims.pop("typ", None)
    key = derive_key(settings.secret_key, "service tokens")
    refused(await call(address(settings), READER, jwt.encode(claims, key, algorithm=ALGORITHM, headers={"typ": typ})))


async def test_strangers_are_refused(settings: Settings, ana: Person) -> None:
    """Without a token, with a person's, with one of another installation, unsigned, and for what is not there."""
    url = address(settings)
    refused(await call(url, READER, None))
    refused(await call(url, READER, ana.token))
    refused(await call(url, READER, ServiceTokens("another installation's secret key", "posts").issue("users")))
    now = int(time.time())
    claims = {"iss": "posts", "aud": "users", "iat": now, "exp": now + 60}
    refused(await call(url, READER, jwt.encode(claims, "", algorithm="none", headers={"typ": TYPE})))
    refused(await call(url, "/internal/users/no_such_method", None))
    refused(await call(url, "/internal/", None))
    refused(await call(url, READER, "x" * 5_000))


def refused(answer: httpx.Response) -> None:
    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "rpc_token_invalid"


@pytest.mark.parametrize("service", ["users", "posts", "notifications", "timelines", "gateway"])
async def test_a_service_token_is_no_users_token(settings: Settings, machine: Machine, service: str) -> None:
    token = ServiceTokens(settings.secret_key, "posts").issue(service)
    for path in ("/v1/users/me", "/v1/timelines/home", "/v1/notifications"):
        answer = await machine.client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/internal/users/reader", "//internal/users/reader", "/%69nternal/users/reader", "/v1/../internal/users/reader",
     "/internal", "/internal/posts/items_json"],
)  # fmt: skip
async def test_the_proxy_never_goes_there(settings: Settings, machine: Machine, path: str) -> None:
    """Not even with a good token, however the path is written."""
    host, _, port = machine.url.removeprefix("http://").partition(":")
    token = ServiceTokens(settings.secret_key, "posts").issue("users")
    body = arguments(1)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n"
    status, answer = await raw(host, int(port), f"{head}Connection: close\r\n\r\n".encode() + body)
    assert status == 404 and b"application/problem+json" in answer


async def raw(host: str, port: int, request: bytes) -> tuple[int, bytes]:
    """A request as it stands: httpx would tidy its path."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        answer = await reader.read()
    finally:
        writer.close()
    return int(answer.split()[1]), answer


async def test_what_is_asked_is_bounded_and_typed(settings: Settings) -> None:
    token = ServiceTokens(settings.secret_key, "posts").issue("users")
    url = address(settings)
    large = await call(url, READER, token, b"x" * (1024 * 1024 + 1))
    assert (large.status_code, large.json()["code"]) == (413, "rpc_too_large")
    for body in (b"", b"\xc1", arguments("1"), arguments()):
        wrong = await call(url, READER, token, body)
        assert (wrong.status_code, wrong.json()["code"]) == (400, "rpc_invalid"), wrong.text
    missing = await call(url, "/internal/users/update", token)
    assert (missing.status_code, missing.json()["code"]) == (404, "rpc_not_found")
    dunder = await call(url, "/internal/users/__init__", token)
    assert dunder.status_code == 404
    async with httpx.AsyncClient(base_url=url) as client:
        got = await client.get(READER, headers={"authorization": f"Bearer {token}"})
    assert got.status_code == 405


async def test_the_request_id_travels_with_the_call(settings: Settings, machine: Machine, ana: Person) -> None:
    """What the called service refuses names the request that it was about."""
    token = ServiceTokens(settings.secret_key, "posts").issue("users")
    answer = await call(address(settings), READER, token, b"\xc1", **{"x-request-id": "the-request-of-a-test"})
    assert answer.json()["request_id"] == "the-request-of-a-test"


async def test_a_process_has_to_know_where_the_others_are(settings: Settings) -> None:
    alone = msgspec.structs.replace(settings, service_urls=[])
    with pytest.raises(SettingsError, match="ROOKERY_SERVICE_URLS: needs posts"):
        Services(alone, {"timelines"})
    with pytest.raises(SettingsError, match="ROOKERY_SERVICES: 'nobody'"):
        Services(settings, {"nobody"})
    with pytest.raises(SettingsError, match="ROOKERY_SERVICE_URLS"):
        Services(msgspec.structs.replace(settings, service_urls=["users=file:///etc/passwd"]), {"timelines"})
