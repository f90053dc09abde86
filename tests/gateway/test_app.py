"""The whole application behind its edge: real tokens, real outages."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from rookery.gateway.app import create_litestar
from rookery.gateway.edge import Edge
from rookery.gateway.wiring import Services
from rookery.gateway.worker import CAUSES_MAX, causes
from rookery.kit.bus import Record
from rookery.kit.rpc.tokens import ServiceTokens
from rookery.kit.settings import Settings
from tests.own_servers import own_valkey
from tests.people import PASSWORD, Person, sign_up

DEADLINE_S = 30.0


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application of its own."""
    services = Services(settings)
    await services.open()
    app: Any = Edge(create_litestar(services, lifespan=False), services)
    transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://rookery.test") as client:
        yield client
    await services.close()


async def test_the_edge_knows_who_asks(ana: Person) -> None:
    assert (await ana.get("/v1/users/me"))["id"] == ana.id


async def test_a_token_holds_until_its_session_ends(client: httpx.AsyncClient, ana: Person) -> None:
    await ana.delete("/v1/sessions/current")
    refused = await ana.request("GET", f"/v1/users/{ana.id}")
    assert (refused.status_code, refused.json()["code"]) == (401, "session_revoked")
    assert (await client.get(f"/v1/users/{ana.id}")).status_code == 200


async def test_a_changed_token_is_refused(ana: Person) -> None:
    head, payload, signature = ana.token.split(".")
    forged = f"{head}.{payload}.{signature[::-1]}"
    answer = await ana.client.get("/v1/users/me", headers={"Authorization": f"Bearer {forged}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_answers_with_tokens_are_neither_kept_nor_compressed(client: httpx.AsyncClient, ana: Person) -> None:
    answer = await client.post("/v1/sessions", json={"login": ana.username, "password": PASSWORD})
    assert answer.status_code == 201
    assert "no-store" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers


async def test_pages_of_posts_are_compressed(ana: Person) -> None:
    for _ in range(5):
        await ana.post(f"the same words again and again {secrets.token_hex(4)}")
    answer = await ana.request("GET", f"/v1/users/{ana.id}/posts")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["data"]) == 5


async def test_the_api_goes_on_without_valkey(settings: Settings, client: httpx.AsyncClient) -> None:
    async with own_valkey() as valkey:
        alone = msgspec.structs.replace(settings, cache_url=valkey.url, rate_limits=True, rate_limit_writes="50/500000")
        async with running(alone) as client:
            ana = await sign_up(client, "ana")
            await ana.post("before")
            await valkey.stop()
            assert (await ana.request("GET", "/v1/users/me")).status_code == 200
            assert [item["content"] for item in await ana.home()] == ["before"]
            answer = await ana.request("POST", "/v1/posts", json={"content": "meanwhile"})
            assert answer.status_code == 201
            assert '"writes";r=' in answer.headers["ratelimit"]
            await valkey.start()
            async with asyncio.timeout(DEADLINE_S):
                while (await client.get("/readyz")).status_code != 200:
                    await asyncio.sleep(0.05)
            assert [item["content"] for item in await ana.home()] == ["meanwhile", "before"]


async def test_a_sign_up_is_limited_by_address(settings: Settings) -> None:
    limits = msgspec.structs.replace(settings, rate_limits=True, rate_limit_sign_up="1/1000000")
    async with running(limits) as client:
        transport = client._transport
        assert isinstance(transport, httpx.ASGITransport)
        transport.client = (f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1", 1)
        await sign_up(client, "ana")
        name = f"ben_{secrets.token_hex(4)}"
        body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        refused = await client.post("/v1/users", json=body)
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert int(refused.headers["retry-after"]) > 0
        assert (await client.get(f"/v1/users/by-username/{name}")).status_code == 404


def test_a_batch_goes_back_to_few_requests() -> None:
    records = [Record("t", 0, n, n, b"", {"request_id": f"r{n // 2}"}) for n in range(100)]
    assert causes(records) == ",".join(f"r{n}" for n in range(CAUSES_MAX))
    assert causes([Record("t", 0, 1, 1, b"", {})]) == ""


async def test_one_process_answers_no_other(client: httpx.AsyncClient, settings: Settings, ana: Person) -> None:
    """Where everything is in one process nobody calls it, not even with a token that would do elsewhere."""
    for headers in ({}, {"Authorization": f"Bearer {ana.token}"}):
        answer = await client.post("/internal/users/reader", headers=headers)
        assert answer.status_code == 401
    token = ServiceTokens(settings.secret_key, "posts").issue("users")
    answer = await client.post("/internal/users/reader", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404
